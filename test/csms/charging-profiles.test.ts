import { describe, expect, it } from 'vitest';
import { itemsOf } from '../../src/operations/batches.js';
import type { BulkOutcome } from '../../src/operations/bulk.js';
import { failure } from '../helpers/failure.js';
import type { ScriptedStation } from '../helpers/scripted-station.js';
import { TestServer } from '../helpers/test-server.js';
import { until } from '../helpers/until.js';
import { accept, begin, end, lapse } from './remote-fixture.js';

const timeoutMs = 30_000;

/** A server with CP1, two connectors, that takes every profile. */
async function bench(): Promise<{ server: TestServer; station: ScriptedStation }> {
  const server = await TestServer.start({ pingIntervalMs: 3600_000 });
  const station = await server.connected('CP1', { connectors: 2 });
  station.on('SetChargingProfile', accept).on('ClearChargingProfile', accept);
  return { server, station };
}

function draft(change: object = {}, schedule: object = {}): Record<string, unknown> {
  return {
    chargingProfilePurpose: 'TxDefaultProfile',
    chargingSchedule: {
      chargingRateUnit: 'A',
      chargingSchedulePeriod: [{ startPeriod: 0, limit: 16 }],
      ...schedule,
    },
    ...change,
  };
}

const txProfile = { chargingProfilePurpose: 'TxProfile' };

interface Options {
  readonly profile?: Record<string, unknown>;
  readonly connector?: number;
  readonly session?: string;
}

async function all(items: AsyncIterable<readonly BulkOutcome[]>): Promise<BulkOutcome[]> {
  const outcomes: BulkOutcome[] = [];
  for await (const item of itemsOf(items)) outcomes.push(item);
  return outcomes;
}

function set(server: TestServer, options: Options = {}, stationIds = ['CP1']): Promise<BulkOutcome[]> {
  const input = { targets: { stationIds }, profile: draft(), timeoutMs, ...options };
  return all(server.fleet.batches('profile.set', input));
}

function clear(server: TestServer, criteria: object): Promise<BulkOutcome[]> {
  const input = { targets: { stationIds: ['CP1'] }, timeoutMs, ...criteria };
  return all(server.fleet.batches('profile.clear', input));
}

async function listed(server: TestServer): Promise<string[]> {
  const { items } = await server.fleet.run('profile.list', {});
  return items.map(
    ({ stationId, connector, profileId, purpose, stackLevel, state }) =>
      `${stationId}:${connector} ${profileId} ${purpose} ${stackLevel} ${state}`,
  );
}

/** A station that says these of itself. */
function configured(station: ScriptedStation, keys: Readonly<Record<string, string>>): void {
  station.on('GetConfiguration', ({ key }) => ({
    configurationKey: Object.entries(keys)
      .filter(([name]) => (key as string[]).includes(name))
      .map(([name, value]) => ({ key: name, readonly: true, value })),
    unknownKey: (key as string[]).filter((name) => !Object.hasOwn(keys, name)),
  }));
}

const limits = {
  ChargeProfileMaxStackLevel: '2',
  ChargingScheduleAllowedChargingRateUnit: 'Current',
  ChargingScheduleMaxPeriods: '2',
  MaxChargingProfilesInstalled: '2',
  GetConfigurationMaxKeys: '10',
};

describe('a profile that is set', () => {
  it('is sent as the specification wants it, and kept', async () => {
    const { server, station } = await bench();
    const [outcome] = await set(server);
    expect(outcome).toMatchObject({
      ok: true,
      status: 'Accepted',
      message: 'CP1 took profile 1 (TxDefaultProfile): 16 A.',
      detail: { profileId: 1, connector: 0, transactionId: null },
    });
    expect(await station.received('SetChargingProfile')).toEqual({
      connectorId: 0,
      csChargingProfiles: {
        chargingProfileId: 1,
        stackLevel: 0,
        chargingProfilePurpose: 'TxDefaultProfile',
        chargingProfileKind: 'Relative',
        chargingSchedule: {
          chargingRateUnit: 'A',
          chargingSchedulePeriod: [{ startPeriod: 0, limit: 16 }],
        },
      },
    });
    const { items, total } = await server.fleet.run('profile.list', { stationId: 'CP1' });
    expect([items.length, total]).toEqual([1, 1]);
    expect(items[0]).toMatchObject({ stationId: 'CP1', state: 'accepted', sentAt: server.clock.iso() });
    await server.restart();
    expect(await listed(server)).toEqual(['CP1:0 1 TxDefaultProfile 0 accepted']);
  });

  it('gets an id that is free, and takes the place of its like', async () => {
    const { server, station } = await bench();
    await set(server);
    await set(server, { connector: 1 });
    await set(server, { profile: draft({ stackLevel: 1 }) });
    await set(server, { profile: draft({}, { minChargingRate: 6 }) });
    await set(server, { profile: draft({ chargingProfileId: 77 }), connector: 1 });
    expect(station.calls.filter(({ action }) => action === 'SetChargingProfile')).toHaveLength(5);
    expect(await listed(server)).toEqual([
      'CP1:0 1 TxDefaultProfile 0 accepted',
      'CP1:0 3 TxDefaultProfile 1 accepted',
      'CP1:1 77 TxDefaultProfile 0 accepted',
    ]);
  });

  it('gets an id of its own even when two are set at once', async () => {
    const { server } = await bench();
    await Promise.all([1, 2].map((stackLevel) => set(server, { profile: draft({ stackLevel }) })));
    expect(await listed(server)).toHaveLength(2);
  });

  it.each([
    ['Rejected', { status: 'Rejected' }, 'CP1 refused the TxDefaultProfile: it answered Rejected.'],
    ['NotSupported', { status: 'NotSupported' }, 'CP1 takes no charging profiles: it answered NotSupported.'],
    [
      'a CALLERROR',
      { error: 'NotImplemented' },
      /^CP1 takes no charging profiles: it answered NotImplemented/,
    ],
  ] as const)('is refused by %s: what was there before still is', async (_, answer, message) => {
    const { server, station } = await bench();
    await set(server);
    station.on('SetChargingProfile', () => answer);
    const [again] = await set(server);
    const [other] = await set(server, { connector: 2 });
    expect([again, other]).toMatchObject([
      { ok: false, code: 'REFUSED', message: expect.stringMatching(message) },
      { ok: false, code: 'REFUSED' },
    ]);
    expect(await listed(server)).toEqual(['CP1:0 1 TxDefaultProfile 0 accepted']);
  });

  it('is listed as unanswered when the station is mute', async () => {
    const { server, station } = await bench();
    station.on('SetChargingProfile', () => 'silence');
    const [outcome] = await lapse(server, set(server));
    expect(outcome).toMatchObject({ ok: false, code: 'TIMED_OUT' });
    expect(await listed(server)).toEqual(['CP1:0 1 TxDefaultProfile 0 unanswered']);
    station.on('SetChargingProfile', accept);
    await set(server);
    expect(await listed(server)).toEqual(['CP1:0 1 TxDefaultProfile 0 accepted']);
  });

  it('goes to many stations, an outcome for each', async () => {
    const { server } = await bench();
    (await server.connected('CP2')).on('SetChargingProfile', () => ({ status: 'Rejected' }));
    await server.add('CP3');
    const outcomes = await set(server, {}, ['CP1', 'CP2', 'CP3']);
    expect(outcomes.map(({ stationId, code }) => [stationId, code]).sort()).toEqual([
      ['CP1', null],
      ['CP2', 'REFUSED'],
      ['CP3', 'STATION_OFFLINE'],
    ]);
  });

  it('stays what it is when a second one at the same moment is refused', async () => {
    const { server, station } = await bench();
    let asked = 0;
    station.on('SetChargingProfile', () => {
      asked += 1;
      return { status: asked === 1 ? 'Accepted' : 'Rejected' };
    });
    const outcomes = await Promise.all([set(server), set(server)]);
    // Which of the two gets there first is up to the sockets.
    const oks = outcomes.flat().map(({ ok }) => String(ok));
    expect(oks.sort()).toEqual(['false', 'true']);
    expect(await listed(server)).toEqual(['CP1:0 1 TxDefaultProfile 0 accepted']);
  });

  it.each([
    ['profile.set', /^--connector 7: Station CP1 has no connector 7; it has 1, 2\.$/],
    ['profile.clear', /^--connector 7: Station CP1 has no connector 7; it has 1, 2\.$/],
  ] as const)('is not sent for a connector that is not there: %s', async (name, message) => {
    const { server, station } = await bench();
    const work = name === 'profile.set' ? set(server, { connector: 7 }) : clear(server, { connector: 7 });
    expect(await work).toMatchObject([{ code: 'NOT_FOUND', message: expect.stringMatching(message) }]);
    expect(station.calls).toEqual([]);
  });

  it('is not known any more when other hardware comes in place of the station', async () => {
    const { server, station } = await bench();
    await station.boot({ chargePointSerialNumber: 'A1' });
    await set(server);
    await station.boot({ chargePointSerialNumber: 'A1' });
    expect(await listed(server)).toHaveLength(1);
    await station.boot({ chargePointSerialNumber: 'B2' });
    expect(await listed(server)).toEqual([]);
  });

  it('goes with its station', async () => {
    const { server } = await bench();
    await set(server);
    await server.fleet.run('station.delete', { id: 'CP1' });
    expect(await listed(server)).toEqual([]);
  });

  it('is no longer listed once its validity is over', async () => {
    const { server } = await bench();
    const validTo = new Date(server.clock.now() + 60_000).toISOString();
    await set(server, { profile: draft({ validTo }) });
    expect(await listed(server)).toHaveLength(1);
    server.clock.advance(60_000);
    expect(await listed(server)).toEqual([]);
  });
});

describe('before anything is sent', () => {
  it.each<[string, Options, string, RegExp]>([
    [
      'a stack level',
      { profile: draft({ stackLevel: 3 }) },
      'USAGE',
      /0 to 2 \(ChargeProfileMaxStackLevel\), not 3/,
    ],
    ['a unit', { profile: draft({}, { chargingRateUnit: 'W' }) }, 'USAGE', /in A \(ChargingScheduleAllowed/],
    [
      'too many periods',
      {
        profile: draft(
          {},
          { chargingSchedulePeriod: [0, 1, 2].map((startPeriod) => ({ startPeriod, limit: 6 })) },
        ),
      },
      'USAGE',
      /at most 2 periods/,
    ],
    [
      'the maximum of a connector',
      { profile: draft({ chargingProfilePurpose: 'ChargePointMaxProfile' }), connector: 1 },
      'USAGE',
      /connector 0/,
    ],
    ['a connector that is not there', { connector: 3 }, 'NOT_FOUND', /no connector 3/],
    [
      'a session that is not there',
      { profile: draft(txProfile), session: '99' },
      'NOT_FOUND',
      /no session "99"/,
    ],
    ['no session', { profile: draft(txProfile) }, 'NOT_FOUND', /No session is running on CP1/],
    ['a session for the station', { profile: draft(txProfile), connector: 0 }, 'USAGE', /connector from 1/],
    ['a session for any session', { session: '1' }, 'USAGE', /--session is for a TxProfile/],
  ])('%s that does not fit is found', async (_, options, code, message) => {
    const { server, station } = await bench();
    configured(station, limits);
    const [outcome] = await set(server, options);
    expect(outcome).toMatchObject({ ok: false, code, message: expect.stringMatching(message) });
    expect(station.calls.map(({ action }) => action)).not.toContain('SetChargingProfile');
    expect(await listed(server)).toEqual([]);
  });

  it('a profile that is not sound is found, whoever asks', async () => {
    const { server } = await bench();
    const error = await failure(set(server, { profile: draft({ stackLevel: -1 }) }), 'USAGE');
    expect(error.message).toMatch(/^The profile is not sound: stackLevel takes a whole number/);
  });

  it('one profile too many is found, but not one that replaces another', async () => {
    const { server, station } = await bench();
    configured(station, limits);
    await set(server);
    await set(server, { connector: 1 });
    expect(await set(server)).toMatchObject([{ ok: true }]);
    expect(await set(server, { connector: 2 })).toMatchObject([
      { code: 'USAGE', message: expect.stringContaining('MaxChargingProfilesInstalled') },
    ]);
  });

  it('limits are asked for once, and again after a boot', async () => {
    const { server, station } = await bench();
    configured(station, limits);
    const asked = () => station.calls.filter(({ action }) => action === 'GetConfiguration').length;
    await set(server);
    const once = asked();
    expect(once).toBeGreaterThan(0);
    await set(server);
    expect(asked()).toBe(once);
    server.clock.advance(1000);
    await station.boot();
    configured(station, { ...limits, ChargeProfileMaxStackLevel: '9' });
    expect(await set(server, { profile: draft({ stackLevel: 9 }) })).toMatchObject([{ ok: true }]);
  });

  it('nothing stands in the way of a station that says nothing of its limits', async () => {
    const { server, station } = await bench();
    configured(station, {});
    expect(await set(server, { profile: draft({ stackLevel: 99 }) })).toMatchObject([{ ok: true }]);
  });
});

describe('a profile for a session', () => {
  it('goes to the one that runs, names it, and ends with it', async () => {
    const { server, station } = await bench();
    const transactionId = await begin(server, station, { connectorId: 2 });
    const [outcome] = await set(server, { profile: draft(txProfile) });
    expect(outcome?.message).toBe(`CP1 took profile 1 for session ${transactionId} (TxProfile): 16 A.`);
    expect(await station.received('SetChargingProfile')).toMatchObject({
      connectorId: 2,
      csChargingProfiles: { transactionId, chargingProfileKind: 'Relative' },
    });
    expect(await listed(server)).toHaveLength(1);
    await end(server, station, transactionId);
    expect(await listed(server)).toEqual([]);
  });

  it('that went with a remote start keeps its id to itself', async () => {
    const { server, station } = await bench();
    station.on('RemoteStartTransaction', accept);
    const start = { stationId: 'CP1', tag: 'TAG1', timeoutMs, profile: draft(txProfile) };
    const ids: unknown[] = [];
    for (const connector of [1, 2]) {
      server.clock.advance(1);
      await server.fleet.run('remote.start', { ...start, connector });
      const { chargingProfile } = await station.received('RemoteStartTransaction', connector);
      ids.push((chargingProfile as { chargingProfileId: number }).chargingProfileId);
    }
    const [outcome] = await set(server);
    ids.push(outcome?.detail?.profileId);
    expect(new Set(ids).size).toBe(3);
  });

  it('goes to the one that is named', async () => {
    const { server, station } = await bench();
    const first = await begin(server, station, { connectorId: 1 });
    const second = await begin(server, station, { connectorId: 2 });
    expect(await set(server, { profile: draft(txProfile) })).toMatchObject([
      { code: 'USAGE', message: 'CP1 has running sessions on several connectors.' },
    ]);
    await set(server, { profile: draft(txProfile), session: String(second) });
    await set(server, { profile: draft({ ...txProfile, transactionId: first }) });
    expect(
      await set(server, { profile: draft(txProfile), session: String(first), connector: 2 }),
    ).toMatchObject([{ code: 'USAGE', message: `Session ${first} runs on connector 1, not on 2.` }]);
    expect(await listed(server)).toEqual(['CP1:2 1 TxProfile 0 accepted', 'CP1:1 2 TxProfile 0 accepted']);
  });

  it('does not go to one that is over, or another station’s', async () => {
    const { server, station } = await bench();
    const elsewhere = await server.connected('CP2');
    const other = await begin(server, elsewhere);
    const over = await begin(server, station);
    await end(server, station, over);
    const codes = await Promise.all(
      [other, over].map(async (session) => {
        const [outcome] = await set(server, { profile: draft(txProfile), session: String(session) });
        return outcome?.code;
      }),
    );
    expect(codes).toEqual(['USAGE', 'CONFLICT']);
  });
});

describe('clearing', () => {
  async function installed() {
    const { server, station } = await bench();
    await set(server, { profile: draft({ chargingProfilePurpose: 'ChargePointMaxProfile' }) });
    await set(server, { connector: 1 });
    await set(server, { connector: 1, profile: draft({ stackLevel: 1 }) });
    await set(server, { connector: 2 });
    return { server, station };
  }

  it.each([
    ['an id', { id: 2 }, { id: 2 }, [1, 3, 4]],
    ['a connector', { connector: 1 }, { connectorId: 1 }, [1, 4]],
    ['a purpose', { purpose: 'TxDefaultProfile' }, { chargingProfilePurpose: 'TxDefaultProfile' }, [1]],
    ['a level', { stackLevel: 0 }, { stackLevel: 0 }, [3]],
    [
      'criteria that must all hold',
      { connector: 1, stackLevel: 1 },
      { connectorId: 1, stackLevel: 1 },
      [1, 2, 4],
    ],
    ['everything', { everyProfile: true }, {}, []],
  ])('by %s', async (_, criteria, payload, left) => {
    const { server, station } = await installed();
    const [outcome] = await clear(server, criteria);
    expect(outcome).toMatchObject({ ok: true, status: 'Accepted' });
    expect(outcome?.message).toMatch(/^CP1 cleared \d profiles?\.$/);
    expect(await station.received('ClearChargingProfile')).toEqual(payload);
    const { items } = await server.fleet.run('profile.list', {});
    expect(items.map(({ profileId }) => profileId)).toEqual(left);
  });

  it('what the station does not have is forgotten, and said', async () => {
    const { server, station } = await installed();
    station.on('ClearChargingProfile', () => ({ status: 'Unknown' }));
    expect(await clear(server, { id: 2 })).toMatchObject([
      { ok: false, code: 'NOT_FOUND', message: 'CP1 has no profile 2: it answered Unknown.' },
    ]);
    expect(await clear(server, { everyProfile: true })).toMatchObject([
      { ok: true, status: 'Unknown', message: 'CP1 has no profiles: it answered Unknown.' },
    ]);
    expect(await listed(server)).toEqual([]);
  });

  it('what others installed is cleared too', async () => {
    const { server } = await bench();
    expect(await clear(server, { everyProfile: true })).toMatchObject([
      { message: 'CP1 cleared profiles that were not known here.' },
    ]);
  });

  it('keeps what it knows when the station refuses', async () => {
    const { server, station } = await installed();
    station.on('ClearChargingProfile', () => ({ error: 'InternalError' }));
    expect(await clear(server, { everyProfile: true })).toMatchObject([{ code: 'REFUSED' }]);
    expect(await listed(server)).toHaveLength(4);
  });

  it.each([{}, { id: 1, connector: 1 }, { id: 1, everyProfile: true }])(
    'must know what: %o',
    async (criteria) => {
      const { server } = await bench();
      await failure(clear(server, criteria), 'USAGE');
    },
  );
});

describe('the schedule of a connector', () => {
  const ask = (server: TestServer, change: object = {}) =>
    server.fleet.run('profile.schedule', {
      stationId: 'CP1',
      connector: 1,
      duration: 3600,
      timeoutMs,
      ...change,
    });

  it('is what the station says, with the instants of its periods', async () => {
    const { server, station } = await bench();
    station.on('GetCompositeSchedule', () => ({
      status: 'Accepted',
      connectorId: 1,
      scheduleStart: '2026-05-04T10:00:00Z',
      chargingSchedule: {
        duration: 1800,
        chargingRateUnit: 'W',
        chargingSchedulePeriod: [
          { startPeriod: 0, limit: 11000, numberPhases: 3 },
          { startPeriod: 600, limit: 3680.5, numberPhases: 1 },
        ],
      },
    }));
    expect(await ask(server, { unit: 'W' })).toEqual({
      stationId: 'CP1',
      connector: 1,
      unit: 'W',
      start: '2026-05-04T10:00:00.000Z',
      duration: 1800,
      minChargingRate: null,
      periods: [
        { start: '2026-05-04T10:00:00.000Z', end: '2026-05-04T10:10:00.000Z', limit: 11000, numberPhases: 3 },
        {
          start: '2026-05-04T10:10:00.000Z',
          end: '2026-05-04T10:30:00.000Z',
          limit: 3680.5,
          numberPhases: 1,
        },
      ],
    });
    expect(await station.received('GetCompositeSchedule')).toEqual({
      connectorId: 1,
      duration: 3600,
      chargingRateUnit: 'W',
    });
  });

  it('may be none at all', async () => {
    const { server, station } = await bench();
    station.on('GetCompositeSchedule', accept);
    expect(await ask(server)).toMatchObject({ periods: [], duration: 3600, start: server.clock.iso() });
  });

  it('is refused, or asked for in vain', async () => {
    const { server, station } = await bench();
    station.on('GetCompositeSchedule', () => ({ status: 'Rejected' }));
    expect((await failure(ask(server), 'REFUSED')).message).toMatch(/answered Rejected/);
    await failure(ask(server, { connector: 9 }), 'NOT_FOUND');
    station.cut();
    await until(async () => !(await server.fleet.run('station.show', { id: 'CP1' })).online);
    await failure(ask(server), 'STATION_OFFLINE');
  });
});
