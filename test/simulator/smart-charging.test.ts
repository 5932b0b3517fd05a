import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ChargingProfile } from '../../src/simulator/charging/charging-schedule.js';
import { CAR, Stage } from './stage.js';

let stage: Stage;
beforeEach(async () => {
  stage = await Stage.open();
});
afterEach(() => stage.close());

type Change = Partial<ChargingProfile> & {
  readonly limits?: readonly [number, number][];
  readonly unit?: 'A' | 'W';
};

let nextId = 0;

function profile(change: Change = {}): ChargingProfile {
  const { limits = [[0, 10]], unit = 'A', chargingSchedule, ...rest } = change;
  nextId += 1;
  return {
    chargingProfileId: nextId,
    stackLevel: 0,
    chargingProfilePurpose: 'TxDefaultProfile',
    chargingProfileKind: 'Relative',
    ...rest,
    chargingSchedule: {
      chargingRateUnit: unit,
      chargingSchedulePeriod: limits.map(([startPeriod, limit]) => ({ startPeriod, limit })),
      ...chargingSchedule,
    },
  };
}

const set = (connectorId: number, change: Change = {}) =>
  stage.status('SetChargingProfile', { connectorId, csChargingProfiles: profile(change) });

const schedule = async (connectorId: number, duration: number, chargingRateUnit?: 'A' | 'W') => {
  const request = { connectorId, duration, ...(chargingRateUnit === undefined ? {} : { chargingRateUnit }) };
  const { payload } = await stage.call('GetCompositeSchedule', request);
  const { chargingSchedulePeriod } = (payload?.chargingSchedule ?? {}) as ChargingProfile['chargingSchedule'];
  return chargingSchedulePeriod?.map(({ startPeriod, limit }) => [startPeriod, limit]);
};

describe('charging profiles', () => {
  it('follows a relative profile as the session goes on', async () => {
    const station = await stage.charging();
    expect(
      await set(1, {
        chargingProfilePurpose: 'TxProfile',
        limits: [
          [0, 16],
          [60, 8],
          [120, 0],
        ],
      }),
    ).toBe('Accepted');
    await stage.pass(station, 50_000);
    expect(station.connector(1).reading.currentsA[0]).toBeCloseTo(16);
    await stage.pass(station, 30_000);
    expect(station.connector(1).reading.currentsA[0]).toBeCloseTo(8);
    await stage.pass(station, 60_000);
    expect(station.connector(1)).toMatchObject({ status: 'SuspendedEVSE' });
    expect(stage.statuses(1).at(-1)).toBe('SuspendedEVSE');
    expect(await stage.status('ClearChargingProfile', {})).toBe('Accepted');
    await station.untilFlushed();
    expect(stage.statuses(1).at(-1)).toBe('Charging');
    await stage.pass(station, 20_000);
    expect(station.connector(1).reading.currentsA[0]).toBeCloseTo(16);
  });

  it('limits at once when the profile comes in the middle of a session', async () => {
    const station = await stage.charging();
    await stage.pass(station, 30_000);
    await set(1, { limits: [[0, 0]] });
    await station.untilFlushed();
    expect(stage.statuses(1).at(-1)).toBe('SuspendedEVSE');
  });

  it('prefers TxProfile, the higher level and the connector itself, and caps by the maximum', async () => {
    const station = await stage.charging();
    const current = async () => {
      await stage.pass(station, 10_000);
      return Math.round(station.connector(1).reading.currentsA[0] ?? 0);
    };
    await set(0, { limits: [[0, 15]] });
    expect(await current()).toBe(15);
    await set(0, { limits: [[0, 14]], stackLevel: 3 });
    expect(await current()).toBe(14);
    await set(1, { limits: [[0, 13]] });
    expect(await current()).toBe(13);
    await set(1, { limits: [[0, 12]], chargingProfilePurpose: 'TxProfile' });
    expect(await current()).toBe(12);
    await set(0, {
      limits: [[0, 6_900]],
      unit: 'W',
      chargingProfilePurpose: 'ChargePointMaxProfile',
      chargingProfileKind: 'Absolute',
    });
    expect(await current()).toBe(10);
    station.unplug(1);
    station.plugIn(1, CAR);
    await station.presentTag(1, 'TAG-1');
    await station.untilTransaction(1);
    await stage.status('ClearChargingProfile', { chargingProfilePurpose: 'ChargePointMaxProfile' });
    expect(await current()).toBe(13);
  });

  it('shares the maximum among the connectors that charge', async () => {
    const station = await stage.charging({ connectors: 2 });
    station.plugIn(2, CAR);
    await station.presentTag(2, 'TAG-2');
    await station.untilTransaction(2);
    await set(0, {
      limits: [[0, 20]],
      chargingProfilePurpose: 'ChargePointMaxProfile',
      chargingProfileKind: 'Absolute',
    });
    await stage.pass(station, 10_000);
    expect(station.connector(1).reading.currentsA[0]).toBeCloseTo(10);
    expect(station.connector(2).reading.currentsA[0]).toBeCloseTo(10);
  });

  it('uses a profile that came with a remote start, for that session only', async () => {
    const station = await stage.accepted();
    station.plugIn(1, CAR);
    const chargingProfile = profile({ chargingProfilePurpose: 'TxProfile', limits: [[0, 7]] });
    await stage.status('RemoteStartTransaction', { idTag: 'APP', connectorId: 1, chargingProfile });
    await station.untilTransaction(1);
    await stage.pass(station, 10_000);
    expect(station.connector(1).reading.currentsA[0]).toBeCloseTo(7);
    await station.presentTag(1, 'APP');
    await station.untilFlushed();
    expect(await stage.status('ClearChargingProfile', { chargingProfilePurpose: 'TxProfile' })).toBe(
      'Unknown',
    );
  });

  it('refuses what it cannot follow', async () => {
    const station = await stage.accepted();
    const tx = { chargingProfilePurpose: 'TxProfile' } as const;
    expect(await set(5)).toBe('Rejected');
    expect(await set(1, tx)).toBe('Rejected');
    expect(await set(0, tx)).toBe('Rejected');
    expect(await set(1, { limits: [[10, 6]] })).toBe('Rejected');
    expect(
      await set(1, {
        limits: [
          [0, 6],
          [0, 7],
        ],
      }),
    ).toBe('Rejected');
    expect(await set(1, { limits: [] })).toBe('Rejected');
    expect(await set(1, { stackLevel: 8 })).toBe('Accepted');
    expect(await set(1, { stackLevel: 9 })).toBe('Rejected');
    expect(await set(1, { chargingProfileKind: 'Recurring' })).toBe('Rejected');
    const maximum = { chargingProfilePurpose: 'ChargePointMaxProfile' } as const;
    expect(await set(1, { ...maximum, chargingProfileKind: 'Absolute' })).toBe('Rejected');
    expect(await set(0, maximum)).toBe('Rejected');
    const periods = Array.from({ length: 25 }, (_none, index): [number, number] => [index * 60, 6 + index]);
    expect(await set(1, { limits: periods })).toBe('Rejected');
    expect(await set(1, { limits: periods.slice(0, 24) })).toBe('Accepted');
    station.plugIn(1, CAR);
    await station.presentTag(1, 'TAG-1');
    const transactionId = await station.untilTransaction(1);
    expect(await set(1, { ...tx, transactionId: transactionId + 1 })).toBe('Rejected');
    expect(await set(1, { ...tx, transactionId })).toBe('Accepted');
    expect(await stage.status('ClearChargingProfile', { id: 123_456 })).toBe('Unknown');
    await station.untilFlushed();
  });

  it('holds no more profiles than it says', async () => {
    await stage.accepted({ connectors: 4 });
    const answers: unknown[] = [];
    for (let index = 0; index < 33; index += 1) {
      answers.push(await set(1 + Math.floor(index / 9), { stackLevel: index % 9 }));
    }
    expect(answers.filter((one) => one === 'Accepted')).toHaveLength(32);
    expect(answers.at(-1)).toBe('Rejected');
    // Replacing needs no room.
    expect(await set(1, { stackLevel: 0 })).toBe('Accepted');
  });
});

describe('GetCompositeSchedule', () => {
  it('says what the connector can give without profiles', async () => {
    await stage.accepted({ connectors: 2 });
    expect(await schedule(1, 600)).toEqual([[0, 32]]);
    expect(await schedule(1, 600, 'W')).toEqual([[0, 22_080]]);
    expect(await schedule(0, 600, 'W')).toEqual([[0, 44_160]]);
    expect(await stage.status('GetCompositeSchedule', { connectorId: 4, duration: 60 })).toBe('Rejected');
  });

  it('merges absolute, recurring and maximum profiles at their own times', async () => {
    await stage.accepted();
    await set(1, {
      chargingProfileKind: 'Absolute',
      limits: [
        [0, 20],
        [600, 10],
      ],
      chargingSchedule: {
        startSchedule: '2026-03-01T12:10:00Z',
        duration: 1_200,
        chargingRateUnit: 'A',
        chargingSchedulePeriod: [
          { startPeriod: 0, limit: 20 },
          { startPeriod: 600, limit: 10 },
        ],
      },
      stackLevel: 2,
    });
    await set(0, {
      chargingProfileKind: 'Recurring',
      recurrencyKind: 'Daily',
      chargingSchedule: {
        startSchedule: '2026-02-01T11:00:00Z',
        chargingRateUnit: 'A',
        chargingSchedulePeriod: [
          { startPeriod: 0, limit: 16.1 },
          { startPeriod: 2 * 3_600, limit: 32 },
        ],
      },
    });
    await set(0, {
      chargingProfilePurpose: 'ChargePointMaxProfile',
      chargingProfileKind: 'Absolute',
      limits: [[0, 18]],
    });
    expect(await schedule(1, 7_200)).toEqual([
      [0, 16.1],
      [600, 18],
      [1_200, 10],
      [1_800, 16.1],
      [3_600, 18],
    ]);
    expect(await schedule(0, 7_200)).toEqual([[0, 18]]);
  });

  it('respects validFrom and validTo', async () => {
    await stage.accepted();
    await set(1, {
      chargingProfileKind: 'Absolute',
      limits: [[0, 9]],
      validFrom: '2026-03-01T12:01:00Z',
      validTo: '2026-03-01T12:02:00Z',
    });
    expect(await schedule(1, 600)).toEqual([
      [0, 32],
      [60, 9],
      [120, 32],
    ]);
  });
});
