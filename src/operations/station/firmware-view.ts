import { type Static, Type } from '@sinclair/typebox';
import {
  type FirmwareImage,
  type FirmwareRollout,
  type FirmwareTarget,
  rolloutStates,
  targetStates,
} from '../../domain/station/firmware.js';
import { isUnderWay } from '../../domain/station/firmware-progress.js';
import type { Tally } from '../../domain/station/firmware-waves.js';
import { instant, nullable, oneOf, toIso } from '../shared.js';

/** Names and order of all three are a contract: CSV columns follow them. */
export const firmwareImageView = Type.Object({
  vendor: Type.String(),
  model: Type.String(),
  version: Type.String(),
  file: Type.String(),
  sizeBytes: Type.Integer(),
  sha256: Type.String(),
  /** Whether it has a signature and a certificate. */
  signed: Type.Boolean(),
  createdAt: instant,
  id: Type.String(),
});
export type FirmwareImageView = Static<typeof firmwareImageView>;

export function toFirmwareImageView(image: FirmwareImage): FirmwareImageView {
  const { vendor, model, version, fileName, sizeBytes, sha256, signature, createdAt, uuid } = image;
  return {
    vendor,
    model,
    version,
    file: fileName,
    sizeBytes,
    sha256,
    signed: signature !== null,
    createdAt: toIso(createdAt),
    id: uuid,
  };
}

export const firmwareRolloutView = Type.Object({
  rollout: Type.Integer(),
  version: Type.String(),
  state: oneOf(...rolloutStates),
  /** From 1. */
  wave: Type.Integer(),
  waves: Type.Integer(),
  stations: Type.Integer(),
  waiting: Type.Integer(),
  underWay: Type.Integer(),
  succeeded: Type.Integer(),
  failed: Type.Integer(),
  /** Never told: offline when their turn came, or the rollout ended before. */
  left: Type.Integer(),
  maxFailures: Type.Integer(),
  signed: Type.Boolean(),
  createdAt: instant,
  endedAt: nullable(instant),
});
export type FirmwareRolloutView = Static<typeof firmwareRolloutView>;

export function toFirmwareRolloutView(
  rollout: FirmwareRollout,
  tallies: readonly Tally[],
): FirmwareRolloutView {
  const { id, version, state, wave, waves, maxFailures, signed, createdAt, endedAt } = rollout;
  const count = (matches: (tally: Tally) => boolean) =>
    tallies.filter(matches).reduce((sum, { stations }) => sum + stations, 0);
  return {
    rollout: id,
    version,
    state,
    wave: wave + 1,
    waves,
    stations: count(() => true),
    waiting: count((tally) => tally.state === 'waiting'),
    underWay: count(isUnderWay),
    succeeded: count((tally) => tally.state === 'succeeded'),
    failed: count((tally) => tally.state === 'failed'),
    left: count((tally) => tally.state === 'skipped' || tally.state === 'cancelled'),
    maxFailures,
    signed,
    createdAt: toIso(createdAt),
    endedAt: toIso(endedAt),
  };
}

export const firmwareTargetView = Type.Object({
  rollout: Type.Integer(),
  stationId: Type.String(),
  /** From 1. */
  wave: Type.Integer(),
  state: oneOf(...targetStates),
  /** What the station reported last. */
  status: nullable(Type.String()),
  detail: nullable(Type.String()),
  fromVersion: nullable(Type.String()),
  version: Type.String(),
  sentAt: nullable(instant),
  endedAt: nullable(instant),
});
export type FirmwareTargetView = Static<typeof firmwareTargetView>;

export function toFirmwareTargetView(target: FirmwareTarget, version: string): FirmwareTargetView {
  const { rolloutId, stationId, wave, state, status, detail, fromVersion, sentAt, endedAt } = target;
  return {
    rollout: rolloutId,
    stationId,
    wave: wave + 1,
    state,
    status,
    detail,
    fromVersion,
    version,
    sentAt: toIso(sentAt),
    endedAt: toIso(endedAt),
  };
}
