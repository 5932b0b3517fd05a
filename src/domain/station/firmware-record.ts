import type { Repositories } from '../repositories.js';
import type { FirmwareRollout, FirmwareTarget, TargetChange } from './firmware.js';
import { type Happening, isUnderWay, progress } from './firmware-progress.js';

/**
 * Writes down what a happening makes of a station, and adds its judgement to the event log.
 * @returns the change, undefined when there is none
 */
export async function recordHappening(
  r: Repositories,
  rollout: FirmwareRollout,
  target: FirmwareTarget,
  happening: Happening,
  now: number,
): Promise<TargetChange | undefined> {
  const change = progress(target, happening, rollout, now);
  if (!change) return undefined;
  await recordChange(r, rollout, target, change, now);
  return change;
}

const kindOf = {
  succeeded: 'firmware.updated',
  failed: 'firmware.failed',
  skipped: 'firmware.skipped',
} as const;

export async function recordChange(
  r: Repositories,
  { id, version }: Pick<FirmwareRollout, 'id' | 'version'>,
  target: FirmwareTarget,
  change: TargetChange,
  now: number,
): Promise<void> {
  await r.firmwareRollouts.updateTarget(target, change);
  const { state, detail } = change;
  const about = { version, rollout: id };
  if (state === 'offered' && target.state === 'sending') {
    await note(r, target, 'firmware.offered', { ...about, ...(detail && { reason: detail }) }, now);
  }
  if (state === 'succeeded') {
    await note(r, target, kindOf.succeeded, { ...about, from: target.fromVersion }, now);
  }
  if (state === 'failed' || state === 'skipped') {
    await note(r, target, kindOf[state], { ...about, reason: detail }, now);
  }
}

function note(
  r: Repositories,
  { stationUuid, stationId }: Pick<FirmwareTarget, 'stationUuid' | 'stationId'>,
  kind: string,
  detail: Record<string, unknown>,
  now: number,
): Promise<void> {
  return r.events.insert({
    at: now,
    receivedAt: now,
    stationUuid,
    stationId,
    connector: null,
    kind,
    detail: JSON.stringify(detail),
  });
}

/** What a station says or does may be about the update that it was given: judges it. */
export async function recordOfStation(
  r: Repositories,
  stationUuid: string,
  happening: Happening,
  now: number,
  /** Of the signed update; undefined where the station names none. */
  requestId?: number,
): Promise<void> {
  const target = await r.firmwareRollouts.findOpenTarget(stationUuid);
  if (!target) return;
  if (requestId !== undefined && requestId !== target.rolloutId) return;
  // Before it was told, only what it boots with says something.
  if (!isUnderWay(target) && happening.kind !== 'booted') return;
  const rollout = await r.firmwareRollouts.find(target.rolloutId);
  if (rollout) await recordHappening(r, rollout, target, happening, now);
}
