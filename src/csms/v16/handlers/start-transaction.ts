import { parseTime } from '../../../ocpp/v16/time.js';
import { beginSession } from '../../rules/begin-session.js';
import type { Handler16 } from '../handler.js';
import { toIdTagInfo } from '../id-tag-info.js';

/** OCPP 1.6 §4.8: answered with a transaction id whatever the verdict. */
export const startTransaction: Handler16<'StartTransaction'> = async (request, context) => {
  const { connectorId, idTag, meterStart, timestamp, reservationId } = request;
  const start = {
    connector: connectorId,
    idTag,
    meterStartWh: meterStart,
    reportedAt: parseTime(timestamp),
    reservationId,
  };
  const { session, authorization, repeated } = await context.transact((rules) => beginSession(rules, start));
  context.sessionChanged();
  const { transactionId, verdict, authentication } = session;
  context.log.info(`session ${transactionId} ${repeated ? 'announced again' : 'started'}: ${verdict}`, {
    station: context.station.id,
    connector: connectorId,
    tag: idTag,
    authentication,
    reason: authorization.reason,
  });
  if (session.suspicion !== null) {
    context.log.warn(`session ${transactionId}: ${session.suspicion}`, { station: context.station.id });
  }
  return { transactionId, idTagInfo: toIdTagInfo(authorization) };
};
