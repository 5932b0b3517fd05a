import type { Handler } from './handler.js';

/** OCPP 1.6 §5.2: connector 0 means all; what charges goes on and the change waits for its end. */
export const changeAvailability: Handler<'ChangeAvailability'> = ({ connectorId, type }, station) => {
  const one = station.connector(connectorId);
  if (connectorId !== 0 && one === undefined) return { response: { status: 'Rejected' } };
  const concerned = one === undefined ? station.connectors : [one];
  const isOperative = type === 'Operative';
  if (connectorId === 0) station.isOperative = isOperative;
  for (const connector of concerned) connector.isOperative = isOperative;
  const mustWait = !isOperative && concerned.some((connector) => connector.transaction !== undefined);
  return {
    response: { status: mustWait ? 'Scheduled' : 'Accepted' },
    after: () => station.statuses.refreshAll(),
  };
};
