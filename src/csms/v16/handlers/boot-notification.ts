import { RpcError } from '../../../ocpp/rpc-error.js';
import { formatTime } from '../../../ocpp/v16/time.js';
import { judgeFirmware } from '../../rules/firmware-progress.js';
import { registerBoot } from '../../rules/register-boot.js';
import type { Handler16 } from '../handler.js';

const statusOf = { accepted: 'Accepted', pending: 'Pending', rejected: 'Rejected' } as const;

/** Seconds after which a station that is not accepted asks again. */
const retryIntervalS = 60;

/** OCPP 1.6 §4.2 */
export const bootNotification: Handler16<'BootNotification'> = async (request, context) => {
  const { log, station, receivedAt } = context;
  const boot = {
    vendor: request.chargePointVendor,
    model: request.chargePointModel,
    serialNumber: request.chargePointSerialNumber ?? request.chargeBoxSerialNumber ?? null,
    firmwareVersion: request.firmwareVersion ?? null,
  };
  const current = await context.transact(async (rules) => {
    const registered = await registerBoot(rules, boot);
    if (registered) await judgeFirmware(rules, boot);
    return registered;
  });
  if (!current) throw new RpcError('SecurityError', 'The station has been deleted');
  context.setRegistration(current.registration);
  const { vendor, model, firmwareVersion } = boot;
  log.info(`booted: ${vendor} ${model}`, {
    station: station.id,
    firmware: firmwareVersion,
    registration: current.registration,
  });
  const isAccepted = current.registration === 'accepted';
  return {
    status: statusOf[current.registration],
    currentTime: formatTime(receivedAt),
    interval: isAccepted ? (current.heartbeatIntervalS ?? context.heartbeatIntervalS) : retryIntervalS,
  };
};
