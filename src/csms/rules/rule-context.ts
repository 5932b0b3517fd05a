import type { NewId } from '../../domain/clock.js';
import type { Repositories } from '../../domain/repositories.js';

/** The station that speaks. */
export interface Speaker {
  readonly uuid: string;
  readonly id: string;
}

/**
 * What a version-neutral rule works with: one transaction of the store, the station that speaks and when the server
 * heard it. OCPP versions translate to these rules, so that each exists once.
 */
export interface RuleContext {
  readonly r: Repositories;
  readonly station: Speaker;
  /** Milliseconds since the epoch. */
  readonly receivedAt: number;
  readonly newId: NewId;
}

/** Adds to the event log what the station did, or what became of it. */
export function note(
  { r, station, receivedAt }: Pick<RuleContext, 'r' | 'station' | 'receivedAt'>,
  kind: string,
  detail: Record<string, unknown>,
  { at = receivedAt, connector = null }: { at?: number; connector?: number | null } = {},
): Promise<void> {
  return r.events.insert({
    at,
    receivedAt,
    stationUuid: station.uuid,
    stationId: station.id,
    connector,
    kind,
    detail: JSON.stringify(detail),
  });
}
