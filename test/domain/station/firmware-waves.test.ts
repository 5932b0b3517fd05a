import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { FirmwareRollout, FirmwareTarget, TargetState } from '../../../src/domain/station/firmware.js';
import {
  type Happening,
  isEnded,
  isUnderWay,
  offerEndsAt,
  phaseLimitsMs,
  progress,
  toAnswered,
} from '../../../src/domain/station/firmware-progress.js';
import { nextStep, type Tally, waveOf, waveSizes } from '../../../src/domain/station/firmware-waves.js';
import { newRollout, newTarget } from '../../store/support/fixtures.js';

it.each([
  [10, { canary: 2, wave: 4 }, [2, 4, 4]],
  [11, { canary: 2, wave: 4 }, [2, 4, 4, 1]],
  [10, { canary: 0, wave: 4 }, [4, 4, 2]],
  [10, { canary: 3, wave: 0 }, [3, 7]],
  [10, { canary: 0, wave: 0 }, [10]],
  [2, { canary: 5, wave: 50 }, [2]],
  [0, { canary: 5, wave: 50 }, []],
])('%i stations go in the waves that were asked for', (stations, plan, sizes) => {
  expect(waveSizes(stations, plan)).toEqual(sizes);
  const waves = Array.from({ length: stations }, (_, position) => waveOf(position, sizes));
  expect(sizes.map((_, wave) => waves.filter((one) => one === wave).length)).toEqual(sizes);
});

const statuses = ['Downloading', 'Downloaded', 'Installing', 'Installed', 'DownloadFailed', 'Idle', 'What?'];

/** What stations and time do to a rollout, in any order. */
const happenings: fc.Arbitrary<Happening> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.constantFrom(...statuses).map((status) => ({ kind: 'reported' as const, status })),
  },
  { weight: 3, arbitrary: fc.constant({ kind: 'booted' as const, version: '2.0' }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'booted' as const, version: '1.0' }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'time' as const }) },
);

const answers: fc.Arbitrary<Happening> = fc.constantFrom<Happening>(
  { kind: 'accepted' },
  { kind: 'accepted' },
  { kind: 'refused', why: 'no' },
  { kind: 'unanswered', why: 'silence' },
  { kind: 'lost' },
);

function tally(targets: readonly FirmwareTarget[]): Tally[] {
  return targets.map(({ wave, state }) => ({ wave, state, stations: 1 }));
}

it('never tells more than a wave at once, nor goes on beyond the failures that are allowed', () => {
  const plan = fc.record({
    stations: fc.integer({ min: 1, max: 30 }),
    canary: fc.integer({ min: 0, max: 6 }),
    wave: fc.integer({ min: 0, max: 8 }),
    maxFailures: fc.integer({ min: 0, max: 4 }),
  });
  const course = fc.array(fc.tuple(fc.nat(), happenings, answers), { minLength: 50, maxLength: 400 });
  fc.assert(
    fc.property(plan, course, ({ stations, canary, wave, maxFailures }, happened) => {
      const sizes = waveSizes(stations, { canary, wave });
      const largest = Math.max(...sizes);
      let rollout: FirmwareRollout = newRollout(1, { maxFailures, waves: sizes.length, retries: 1 });
      let targets = Array.from({ length: stations }, (_, position) =>
        newTarget(1, `S${position}`, { wave: waveOf(position, sizes) }),
      );
      const judgements = new Map<string, TargetState>();
      let now = 0;
      const change = (position: number, happening: Happening): void => {
        const target = targets[position % stations];
        if (!target) return;
        const changed = progress(target, happening, rollout, now);
        if (!changed) return;
        // Judged once, and for good.
        expect(isEnded(target)).toBe(false);
        const next = { ...target, ...changed };
        targets = targets.map((one) => (one === target ? next : one));
        if (isEnded(next)) {
          expect(judgements.has(next.stationId)).toBe(false);
          judgements.set(next.stationId, next.state);
        }
      };
      for (const [position, happening, answer] of happened) {
        now += phaseLimitsMs.installed / 2;
        const step = nextStep(rollout, tally(targets));
        if (step.kind === 'advance') {
          expect(targets.filter((one) => one.wave < step.wave).every(isEnded)).toBe(true);
          rollout = { ...rollout, wave: step.wave };
        }
        if (step.kind === 'stop') {
          rollout = { ...rollout, state: 'stopped' };
          targets = targets.map((one) => (one.state === 'waiting' ? { ...one, state: 'cancelled' } : one));
        }
        if (step.kind === 'send') {
          const at = targets.findIndex((one) => one.wave === rollout.wave && one.state === 'waiting');
          targets = targets.map((one, place) => (place === at ? { ...one, state: 'sending' } : one));
          change(at, answer);
        }
        if (step.kind === 'finish') expect(targets.every(isEnded)).toBe(true);
        // Those that were never told are judged by the boot alone.
        change(position, happening);
        expect(targets.filter(isUnderWay).length).toBeLessThanOrEqual(largest);
        const failed = targets.filter((one) => one.state === 'failed').length;
        expect(failed).toBeLessThanOrEqual(maxFailures + largest);
        if (failed > maxFailures) {
          const later = targets.filter((one) => one.wave > rollout.wave);
          expect(later.every((one) => !isUnderWay(one))).toBe(true);
        }
      }
    }),
    { numRuns: 150 },
  );
});

it('ends, however stations behave, when time goes by', () => {
  const course = fc.array(fc.tuple(fc.nat(), happenings), { maxLength: 60 });
  fc.assert(
    fc.property(course, (happened) => {
      let target = newTarget(1, 'S', { state: 'offered', dueAt: 0 });
      let now = 0;
      const rollout = newRollout(1, { retries: 2, retryIntervalS: 60 });
      for (const [, happening] of happened) {
        target = { ...target, ...progress(target, happening, rollout, now) };
        if (!isEnded(target)) expect(target.dueAt).not.toBeNull();
      }
      now += 25 * 3600_000;
      target = { ...target, ...progress(target, { kind: 'time' }, rollout, now) };
      expect(isEnded(target)).toBe(true);
      expect(target).toMatchObject({ dueAt: null, offerUser: null, offerPassword: null });
    }),
    { numRuns: 200 },
  );
});

it('a failed download counts only once the retries that were asked for are over', () => {
  const rollout = newRollout(1, { retries: 1, retryIntervalS: 600 });
  const told = newTarget(1, 'S', { state: 'downloading', dueAt: 1 });
  const retrying = { ...told, ...progress(told, { kind: 'reported', status: 'DownloadFailed' }, rollout, 0) };
  expect(retrying).toMatchObject({ state: 'retrying', failures: 1, dueAt: 600_000 + phaseLimitsMs.retrying });
  expect(progress(retrying, { kind: 'reported', status: 'Downloading' }, rollout, 1)).toMatchObject({
    state: 'downloading',
  });
  expect(progress(retrying, { kind: 'reported', status: 'DownloadFailed' }, rollout, 1)).toMatchObject({
    state: 'failed',
    failures: 2,
  });
  expect(progress(retrying, { kind: 'time' }, rollout, retrying.dueAt ?? 0)).toMatchObject({
    state: 'failed',
    detail: 'it could not download the image',
  });
});

it('the time of a station begins when it may fetch the image', () => {
  const rollout = newRollout(1, { retrieveAt: 10_000_000, retries: 2, retryIntervalS: 60 });
  const target = newTarget(1, 'S', { state: 'sending' });
  expect(progress(target, { kind: 'accepted' }, rollout, 5)).toMatchObject({
    state: 'offered',
    dueAt: 10_000_000 + phaseLimitsMs.offered,
  });
  expect(offerEndsAt(rollout, 5)).toBe(
    10_000_000 + phaseLimitsMs.offered + phaseLimitsMs.downloading + 2 * (60_000 + phaseLimitsMs.retrying),
  );
});

it('the same report again gives a station no more time', () => {
  const rollout = newRollout(1);
  const target = newTarget(1, 'S', { state: 'downloading', status: 'Downloading', dueAt: 7 });
  expect(progress(target, { kind: 'reported', status: 'Downloading' }, rollout, 5)).toBeUndefined();
  expect(progress(target, { kind: 'reported', status: 'DownloadPaused' }, rollout, 5)).toEqual({
    status: 'DownloadPaused',
  });
});

it.each([
  ['Accepted', { kind: 'accepted' }],
  [undefined, { kind: 'accepted' }],
  ['AcceptedCanceled', { kind: 'accepted', note: 'it gave up another update for this one' }],
  [
    'InvalidCertificate',
    { kind: 'refused', why: 'it does not take the signing certificate: InvalidCertificate' },
  ],
  ['RevokedCertificate', { kind: 'refused', why: 'the signing certificate is revoked: RevokedCertificate' }],
  ['Rejected', { kind: 'refused', why: 'it answered Rejected' }],
])('the answer %s is understood', (status, happening) => {
  expect(toAnswered(status)).toEqual(happening);
});
