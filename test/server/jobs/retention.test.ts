import { describe, expect, it, onTestFinished } from 'vitest';
import type { FleetEvent } from '../../../src/domain/model.js';
import type { Store } from '../../../src/domain/repositories.js';
import { applyRetention, createRetentionJob } from '../../../src/server/jobs/retention.js';
import type { FleetStore } from '../../../src/store/fleet-store.js';
import { FakeClock, testStart } from '../../helpers/fake-clock.js';
import { RecordingLog } from '../../helpers/recording-log.js';
import { temporaryDirectory } from '../../helpers/temporary-directory.js';
import { TestServer } from '../../helpers/test-server.js';
import { until } from '../../helpers/until.js';
import { newSample, newSession } from '../../store/support/fixtures.js';
import { openStore, temporaryStores } from '../../store/support/open-store.js';

const newStore = temporaryStores();

const minuteMs = 60_000;
const dayMs = 24 * 3600_000;
const nowMs = testStart;

/** A session of `minutes` that ended `endedAgoMs` ago, with a sample every minute, the first at its start. */
async function addSession(
  store: Store,
  transactionId: number,
  { minutes, endedAgoMs }: { minutes: number; endedAgoMs: number | undefined },
): Promise<void> {
  const startedAt = nowMs - (endedAgoMs ?? 0) - minutes * minuteMs;
  const stoppedAt = endedAgoMs === undefined ? null : nowMs - endedAgoMs;
  await store.write(async ({ sessions, samples }) => {
    await sessions.insert(newSession(transactionId, { startedAt, stoppedAt }));
    await samples.insert(
      Array.from({ length: minutes }, (_, minute) => newSample(transactionId, startedAt + minute * minuteMs)),
    );
  });
}

/** Minutes after the start of its session at which there are samples. */
function minutesOf(store: Store, transactionId: number): Promise<number[]> {
  return store.read(async ({ sessions, samples }) => {
    const session = await sessions.findByTransactionId(transactionId);
    const all = await samples.listBySession(transactionId);
    return all.map(({ takenAt }) => (takenAt - (session?.startedAt ?? 0)) / minuteMs);
  });
}

function event(receivedAt: number): FleetEvent {
  return {
    at: receivedAt,
    receivedAt,
    stationUuid: 'station-CP1',
    stationId: 'CP1',
    connector: null,
    kind: 'station.booted',
    detail: '{}',
  };
}

async function countRows(store: FleetStore) {
  const { meterSample = 0, event: events = 0 } = (await store.info()).rows;
  return { samples: meterSample, events };
}

describe('meter samples of a session', () => {
  it('are thinned once it has been over for as long as the setting says, not before', async () => {
    const store = await newStore();
    await addSession(store, 1, { minutes: 50, endedAgoMs: 30 * dayMs });
    await addSession(store, 2, { minutes: 50, endedAgoMs: 30 * dayMs - 1 });
    await addSession(store, 3, { minutes: 50, endedAgoMs: undefined });
    expect(await applyRetention({ store, nowMs })).toMatchObject({ samples: 45, sessions: 1, events: 0 });
    expect(await minutesOf(store, 1)).toEqual([0, 15, 30, 45, 49]);
    expect((await minutesOf(store, 2)).length).toBe(50);
    expect((await minutesOf(store, 3)).length).toBe(50);

    await store.write(({ settings }) => settings.set('retention.samples', '1d', nowMs));
    expect(await applyRetention({ store, nowMs })).toMatchObject({ samples: 45, sessions: 1, events: 0 });
    expect(await minutesOf(store, 2)).toEqual([0, 15, 30, 45, 49]);
  });

  it('are looked at only once', async () => {
    const store = await newStore();
    for (let id = 1; id <= 3; id += 1) await addSession(store, id, { minutes: 20, endedAgoMs: 31 * dayMs });
    expect((await applyRetention({ store, nowMs })).sessions).toBe(3);
    const { sequence } = await store.info();
    expect(await applyRetention({ store, nowMs: nowMs + dayMs })).toMatchObject({
      samples: 0,
      sessions: 0,
      events: 0,
    });
    expect((await store.info()).sequence).toBe(sequence);
  });

  it('come out the same however many steps they take', async () => {
    const store = await newStore();
    // Sizes around what one step looks at, in one round with sessions without samples.
    const sizes = [1500, 0, 1, 255, 256, 257, 511, 512, 513, 0, 2];
    for (const [i, minutes] of sizes.entries())
      await addSession(store, i + 1, { minutes, endedAgoMs: 40 * dayMs });
    for (let id = 101; id <= 200; id += 1)
      await addSession(store, id, { minutes: 0, endedAgoMs: 41 * dayMs });
    expect((await applyRetention({ store, nowMs })).sessions).toBe(111);
    for (const [i, minutes] of sizes.entries()) {
      const all = Array.from({ length: minutes }, (_, minute) => minute);
      const kept = all.filter((minute) => minute % 15 === 0 || minute === minutes - 1);
      expect(await minutesOf(store, i + 1), `${minutes} samples`).toEqual(kept);
    }
  });

  it('of one instant stay or go together', async () => {
    const store = await newStore();
    await addSession(store, 1, { minutes: 40, endedAgoMs: 31 * dayMs });
    await addSession(store, 1 + 1, { minutes: 40, endedAgoMs: 31 * dayMs });
    const startedAt = nowMs - 31 * dayMs - 40 * minuteMs;
    await store.write(({ samples }) =>
      samples.insert(
        [0, 7, 39].map((minute) => newSample(1, startedAt + minute * minuteMs, { context: 'Trigger' })),
      ),
    );
    await applyRetention({ store, nowMs });
    expect(await minutesOf(store, 1)).toEqual([0, 0, 15, 30, 39, 39]);
    expect(await minutesOf(store, 2)).toEqual([0, 15, 30, 39]);
  });

  it('survive a stop in the middle, which the next round goes on from', async () => {
    const store = await newStore();
    for (let id = 1; id <= 40; id += 1) await addSession(store, id, { minutes: 100, endedAgoMs: 31 * dayMs });
    const abort = new AbortController();
    let steps = 0;
    const stopping: Store = {
      read: (work) => store.read(work),
      write(work) {
        steps += 1;
        if (steps === 5) abort.abort();
        return store.write(work);
      },
    };
    const first = await applyRetention({ store: stopping, nowMs, signal: abort.signal });
    expect(steps).toBe(5);
    expect(first.samples).toBeGreaterThan(0);
    const second = await applyRetention({ store, nowMs });
    expect(first.sessions + second.sessions).toBe(40);
    expect(first.samples + second.samples).toBe(40 * (100 - 8));
    for (let id = 1; id <= 40; id += 1) {
      expect(await minutesOf(store, id)).toEqual([0, 15, 30, 45, 60, 75, 90, 99]);
    }
  });

  it('are the same after the journal is replayed', async () => {
    const directory = await temporaryDirectory();
    const store = await openStore(directory, { compactAtBytes: Number.MAX_SAFE_INTEGER });
    await addSession(store, 1, { minutes: 700, endedAgoMs: 31 * dayMs });
    await applyRetention({ store, nowMs });
    const thinned = await minutesOf(store, 1);
    await store.close();
    const again = await openStore(directory);
    onTestFinished(() => again.close());
    expect(again.recovery.replayedRecords).toBeGreaterThan(3);
    expect(await minutesOf(again, 1)).toEqual(thinned);
    expect((await applyRetention({ store: again, nowMs })).sessions).toBe(0);
  });
});

describe('meter samples outside of sessions, and events', () => {
  it('go when they are older than the settings say', async () => {
    const store = await newStore();
    await store.write(async ({ samples, events }) => {
      for (const age of [30 * dayMs + 1, 30 * dayMs, 1]) {
        await samples.insert([newSample(null, nowMs - age, { receivedAt: nowMs - age })]);
      }
      for (const age of [90 * dayMs + 1, 90 * dayMs, 1]) await events.insert(event(nowMs - age));
    });
    expect(await applyRetention({ store, nowMs })).toMatchObject({ samples: 1, sessions: 0, events: 1 });
    expect(await countRows(store)).toEqual({ samples: 2, events: 2 });
    expect(await applyRetention({ store, nowMs })).toMatchObject({ samples: 0, sessions: 0, events: 0 });
  });

  it('go by when they were received, whatever the clock of the station says', async () => {
    const store = await newStore();
    await store.write(({ samples }) =>
      samples.insert([newSample(null, nowMs - 99 * dayMs, { receivedAt: nowMs - dayMs })]),
    );
    expect((await applyRetention({ store, nowMs })).samples).toBe(0);
  });

  it.each([255, 256, 257, 1000])('go in steps: %d of them', async (count) => {
    const store = await newStore();
    await store.write(async ({ samples, events }) => {
      for (let i = 0; i < count; i += 1) {
        const receivedAt = nowMs - 100 * dayMs + i;
        await samples.insert([newSample(null, receivedAt, { receivedAt })]);
        await events.insert(event(receivedAt));
      }
      await samples.insert([newSample(null, nowMs)]);
      await events.insert(event(nowMs));
    });
    expect(await applyRetention({ store, nowMs })).toMatchObject({
      samples: count,
      sessions: 0,
      events: count,
    });
    expect(await countRows(store)).toEqual({ samples: 1, events: 1 });
  });
});

describe('the job', () => {
  it('runs soon after the start, then every hour, and reads the settings each time', async () => {
    const store = await newStore();
    const clock = new FakeClock();
    const log = new RecordingLog();
    const add = (age: number) => store.write(({ events }) => events.insert(event(clock.now() - age)));
    await add(91 * dayMs);
    const job = createRetentionJob({ store, clock, log });
    job.start();
    onTestFinished(() => job.close());
    clock.advance(30_000);
    await until(() => log.lines.length === 1);
    expect(log.lines).toEqual([
      {
        level: 'info',
        message: 'old rows removed',
        samples: 0,
        events: 1,
        connections: 0,
        faults: 0,
        alarms: 0,
        audit: 0,
      },
    ]);

    await until(() => clock.pending === 1);
    await add(2 * dayMs);
    await store.write(({ settings }) => settings.set('retention.events', '1d', clock.now()));
    clock.advance(3600_000);
    await until(() => log.lines.length === 2);
    expect((await countRows(store)).events).toBe(0);
  });

  it('goes on after a failure, which it logs', async () => {
    const clock = new FakeClock();
    const log = new RecordingLog();
    const broken: Store = {
      read: () => Promise.reject(new Error('no space')),
      write: () => Promise.reject(new Error('no space')),
    };
    const job = createRetentionJob({ store: broken, clock, log });
    job.start();
    for (const failures of [1, 2]) {
      clock.advance(3600_000);
      await until(() => log.lines.length === failures && clock.pending === 1);
    }
    expect(log.lines[1]).toEqual({ level: 'error', message: 'retention: no space' });
    await job.close();
    expect(clock.pending).toBe(0);
  });

  it('stops between two steps when the server does', async () => {
    const store = await newStore();
    for (let id = 1; id <= 20; id += 1) await addSession(store, id, { minutes: 300, endedAgoMs: 31 * dayMs });
    const clock = new FakeClock();
    const log = new RecordingLog();
    let steps = 0;
    let closing: Promise<void> | undefined;
    const stopping: Store = {
      read: (work) => store.read(work),
      write(work) {
        steps += 1;
        if (steps === 2) closing = job.close();
        return store.write(work);
      },
    };
    const job = createRetentionJob({ store: stopping, clock, log });
    job.start();
    clock.advance(30_000);
    await until(() => closing !== undefined);
    await closing;
    expect([steps, clock.pending]).toEqual([2, 0]);
    expect((await applyRetention({ store, nowMs })).samples).toBeGreaterThan(0);
  });
});

it('a server that runs does it', async () => {
  const server = await TestServer.start();
  const station = await server.connected('CP001');
  await station.call('StatusNotification', { connectorId: 1, errorCode: 'NoError', status: 'Available' });
  const events = async () => (await server.fleet.run('store.info', {})).rows.event ?? 0;
  const before = await events();
  expect(before).toBeGreaterThan(0);
  await server.stop();
  server.clock.advance(91 * dayMs);
  await server.resume();
  server.clock.advance(30_000);
  await until(async () => (await events()) < before, 'the removal');
  // Connections and faults come after events; the line comes once all are done.
  await until(() => server.log.find(/old rows removed/).length === 1, 'the line in the log');
});
