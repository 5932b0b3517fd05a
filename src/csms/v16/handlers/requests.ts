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

/** Security extension: whether it is signed is told at once, the certificate comes by CertificateSigned. */
export const signCertificate: Handler16<'SignCertificate'> = async ({ csr }, context) => {
  const { station, receivedAt, certificateDesk, log } = context;
  const reason = await certificateDesk.receive(station, csr, receivedAt);
  if (reason === undefined) {
    log.info('asked for a certificate', { station: station.id });
    return { status: 'Accepted' };
  }
  await context.transact((rules) => note(rules, 'certificate.signing-refused', { reason }));
  log.warn(`asked for a certificate, which is refused: ${reason}`, { station: station.id });
  return { status: 'Rejected' };
};
