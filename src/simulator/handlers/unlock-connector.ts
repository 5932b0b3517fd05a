import type { Handler } from './handler.js';

/** OCPP 1.6 §5.18: a running transaction ends first; a connector that is not there cannot be unlocked (errata 3.85). */
export const unlockConnector: Handler<'UnlockConnector'> = ({ connectorId }, station) => {
  const connector = station.connector(connectorId);
  if (connector === undefined) return { response: { status: 'NotSupported' } };
  if (connector.errorCode === 'ConnectorLockFailure') return { response: { status: 'UnlockFailed' } };
  return {
    response: { status: 'Unlocked' },
    after: () => station.transactions.end(connector, 'UnlockCommand'),
  };
};
