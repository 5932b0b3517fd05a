import { FleetError } from '../domain/errors.js';
import type { FirmwareImage, FirmwareRollout } from '../domain/station/firmware.js';
import type { Happening } from '../domain/station/firmware-progress.js';

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

/** What came of telling a station, when it did not just answer. */
export function toHappening(error: unknown): Happening {
  const why = messageOf(error).replace(/\.$/, '');
  const code = error instanceof FleetError ? error.code : undefined;
  if (code === 'STATION_OFFLINE') return { kind: 'lost' };
  if (code === 'TIMED_OUT') return { kind: 'unanswered', why };
  return { kind: 'refused', why };
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
