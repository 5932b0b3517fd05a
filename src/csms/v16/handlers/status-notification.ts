import { parseTime } from '../../../ocpp/v16/time.js';
import { reportStatus } from '../../rules/report-status.js';
import type { Handler16 } from '../handler.js';

/** OCPP 1.6 §4.9 */
export const statusNotification: Handler16<'StatusNotification'> = async (request, context) => {
  const { connectorId, status, errorCode, info, vendorErrorCode, vendorId, timestamp } = request;
  const report = {
    connector: connectorId,
    status,
    errorCode,
    info: info ?? null,
    vendorErrorCode: vendorErrorCode ?? null,
    vendorId: vendorId ?? null,
    // Optional in this message, so that leaving it out is no reason for doubt.
    reportedAt: timestamp === undefined ? context.receivedAt : parseTime(timestamp),
  };
  await context.transact((rules) => reportStatus(rules, report));
  const fields = { station: context.station.id, connector: connectorId, vendorErrorCode, info };
  if (errorCode !== 'NoError') context.log.warn(`${status}: ${errorCode}`, fields);
  return {};
};
