import type { FirmwareImage, FirmwareRollout } from '../domain/firmware.js';

export interface UpdateCall {
  readonly action: 'UpdateFirmware' | 'SignedUpdateFirmware';
  readonly payload: Record<string, unknown>;
}

/** What a station is told (OCPP 1.6 §5.19; SignedUpdateFirmware of the security extension). */
export function updateCall(
  { id, signed, retrieveAt, retries, retryIntervalS }: FirmwareRollout,
  { signature, certificate }: FirmwareImage,
  { location, now }: { readonly location: string; readonly now: number },
): UpdateCall {
  const at = new Date(Math.max(now, retrieveAt ?? now)).toISOString();
  const patience = {
    ...(retries !== null && { retries }),
    ...(retryIntervalS !== null && { retryInterval: retryIntervalS }),
  };
  if (!signed) {
    return { action: 'UpdateFirmware', payload: { location, retrieveDate: at, ...patience } };
  }
  const firmware = { location, retrieveDateTime: at, signingCertificate: certificate, signature };
  return { action: 'SignedUpdateFirmware', payload: { requestId: id, firmware, ...patience } };
}
