import { sessionEnergyWh } from '../../../domain/charging/energy.js';
import { parseTime } from '../../../ocpp/v16/time.js';
import { authorizeTag } from '../../rules/authorize-tag.js';
import { endSession } from '../../rules/end-session.js';
import type { Handler16 } from '../handler.js';
import { toIdTagInfo } from '../id-tag-info.js';
import { toMeasurements } from '../meter-values.js';

/** OCPP 1.6 §4.10: cannot be prevented, so it is always answered; a tag, if one was shown, is judged for the cache. */
export const stopTransaction: Handler16<'StopTransaction'> = async (request, context) => {
  const { transactionId, meterStop, timestamp, reason, idTag, transactionData } = request;
  const stop = {
    transactionId,
    meterStopWh: meterStop,
    reportedAt: parseTime(timestamp),
    reason: reason ?? 'Local',
    idTag,
    measurements: toMeasurements(transactionData ?? []),
  };
  const { session, authorization } = await context.transact(async (rules) => {
    const ended = await endSession(rules, stop);
    return {
      session: ended,
      authorization:
        idTag === undefined
          ? undefined
          : await authorizeTag(rules, idTag, { purpose: 'stop', connector: ended.connector }),
    };
  });
  context.sessionChanged();
  const { state, suspicion, connector } = session;
  context.log.info(`session ${session.transactionId} ended: ${stop.reason}`, {
    station: context.station.id,
    connector,
    energyWh: sessionEnergyWh(session),
    state,
    ...(suspicion !== null && { suspicion }),
  });
  return authorization === undefined ? {} : { idTagInfo: toIdTagInfo(authorization) };
};
