import type { Handler } from './handler.js';

/** OCPP 1.6 §5.4. */
export const clearCache: Handler<'ClearCache'> = (_request, station) => {
  if (!station.configuration.flag('AuthorizationCacheEnabled')) return { response: { status: 'Rejected' } };
  station.authorization.clearCache();
  return { response: { status: 'Accepted' } };
};
