import { formatTime } from '../../../ocpp/v16/time.js';
import { note } from '../../rules/rule-context.js';
import type { Handler16 } from '../handler.js';

/** OCPP 1.6 §4.6 */
export const heartbeat: Handler16<'Heartbeat'> = async (_request, { receivedAt }) => ({
  currentTime: formatTime(receivedAt),
});

/** OCPP 1.6 §4.3: no vendor extension is known here; what was asked for is kept, so that somebody can add it. */
export const dataTransfer: Handler16<'DataTransfer'> = async ({ vendorId, messageId }, context) => {
  await context.transact((rules) => note(rules, 'data-transfer.refused', { vendorId, messageId }));
  return { status: 'UnknownVendorId' };
};

/** Security extension: there is no certificate authority to hand the request to. */
export const signCertificate: Handler16<'SignCertificate'> = async (_request, context) => {
  await context.transact((rules) => note(rules, 'certificate.signing-refused', {}));
  context.log.warn('asked for a certificate, but no certificate authority is set up', {
    station: context.station.id,
  });
  return { status: 'Rejected' };
};
