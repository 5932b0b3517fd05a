import type { Handler } from './handler.js';

/** OCPP 1.6 §5.12. */
export const remoteStop: Handler<'RemoteStopTransaction'> = ({ transactionId }, station) => {
  const connector = station.transactions.running.find(
    (one) => one.transaction?.transactionId === transactionId,
  );
  if (connector === undefined) return { response: { status: 'Rejected' } };
  const { transaction } = connector;
  return {
    response: { status: 'Accepted' },
    after: () => {
      if (connector.transaction === transaction) station.transactions.end(connector, 'Remote');
    },
  };
};
