import type { Handler } from './handler.js';

/** OCPP 1.6 §5.10. */
export const getLocalListVersion: Handler<'GetLocalListVersion'> = (_request, station) => ({
  response: { listVersion: station.authorization.localList.version },
});

/** OCPP 1.6 §5.15. */
export const sendLocalList: Handler<'SendLocalList'> = (request, station) => {
  const { configuration, authorization } = station;
  if (!configuration.flag('LocalAuthListEnabled')) return { response: { status: 'NotSupported' } };
  const status = authorization.localList.update(request, {
    maxPerMessage: configuration.integer('SendLocalListMaxLength'),
    maxEntries: configuration.integer('LocalAuthListMaxLength'),
  });
  return { response: { status } };
};
