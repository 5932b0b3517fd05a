import { recordOfStation } from '../../domain/station/firmware-record.js';
import type { RuleContext } from './rule-context.js';

type Context = Pick<RuleContext, 'r' | 'station' | 'receivedAt'>;

/** A station tells how far its update is (OCPP 1.6 §4.5); `requestId` with signed updates only. */
export function noteFirmwareStatus(
  { r, station, receivedAt }: Context,
  { status, requestId }: { readonly status: string; readonly requestId?: number | undefined },
): Promise<void> {
  return recordOfStation(r, station.uuid, { kind: 'reported', status }, receivedAt, requestId);
}

/** What a station boots with judges its update, whatever it reported before. */
export function judgeFirmware(
  { r, station, receivedAt }: Context,
  { firmwareVersion }: { readonly firmwareVersion: string | null },
): Promise<void> {
  return recordOfStation(r, station.uuid, { kind: 'booted', version: firmwareVersion }, receivedAt);
}
