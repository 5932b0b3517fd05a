import { expect, it, onTestFinished } from 'vitest';
import type { EventHandler, TimedTask } from '../../src/alarms/watch.js';
import { aliveEveryMs, Watcher } from '../../src/alarms/watcher.js';
import { EventFeed } from '../../src/domain/event-feed.js';
import { announcing } from '../../src/server/announcing-store.js';
import { FleetStore } from '../../src/store/fleet-store.js';
import { FakeClock } from '../helpers/fake-clock.js';
import { RecordingLog } from '../helpers/recording-log.js';
import { temporaryDirectory } from '../helpers/temporary-directory.js';
import { until } from '../helpers/until.js';
import { newOutage } from '../store/support/fixtures.js';

const minuteMs = 60_000;

async function open(directory: string, clock: FakeClock) {
  const store = await FleetStore.open({
    directory,
    command: 'test',
    lockTimeoutMs: 0,
    now: () => clock.now(),
  });
  onTestFinished(() => store.close());
  return store;
}

function newEvent(at: number, kind = 'station.connected') {
  return { at, receivedAt: at, stationUuid: 's', stationId: 'CP1', connector: null, kind, detail: '{}' };
}

async function watched({
  directory,
  clock = new FakeClock(),
  handlers = [],
  tasks = [],
  concerns,
}: {
  directory?: string;
  clock?: FakeClock;
  handlers?: readonly EventHandler[];
  concerns?: (kind: string) => boolean;
  tasks?: readonly TimedTask[];
}) {
  const fleetStore = await open(directory ?? (await temporaryDirectory()), clock);
  const feed = new EventFeed();
  const store = announcing(fleetStore, feed);
  const log = new RecordingLog();
  const given = { handlers, tasks, ...(concerns && { concerns }) };
  const watcher = new Watcher({ store, feed, clock, newId: () => 'id', log, ...given });
  onTestFinished(() => watcher.close());
  return { store, watcher, clock, log, close: () => fleetStore.close() };
}

function recorder() {
  const seen: string[] = [];
  const handler: EventHandler = async (_, event) => {
    seen.push(`${event.sequence} ${event.kind}`);
  };
  return { seen, handler };
}

it('reads every event once, in order, however many come at a time', async () => {
  const { seen, handler } = recorder();
  const { store, watcher, clock } = await watched({ handlers: [handler] });
  await watcher.start();
  await store.write(async (r) => {
    for (let i = 0; i < 250; i += 1) await r.events.insert(newEvent(clock.now()));
  });
  await watcher.settled();
  await store.write((r) => r.events.insert(newEvent(clock.now(), 'fault.began')));
  await watcher.settled();
  expect(seen).toHaveLength(251);
  expect(seen.at(-1)).toBe('251 fault.began');
});

it('goes on when all events were removed, and their numbers begin anew', async () => {
  const { seen, handler } = recorder();
  const { store, watcher, clock } = await watched({ handlers: [handler] });
  await watcher.start();
  const insert = () => store.write((r) => r.events.insert(newEvent(clock.now())));
  await insert();
  await insert();
  await watcher.settled();
  await store.write(async (r) => {
    await r.retention.removeEvents({ receivedBefore: clock.now() + 1, limit: 10 });
  });
  await insert();
  await watcher.settled();
  expect(seen).toEqual(['1 station.connected', '2 station.connected', '1 station.connected']);
});

it('does not take the history of a store that was never watched for news', async () => {
  const { seen, handler } = recorder();
  const { store, watcher, clock } = await watched({ handlers: [handler] });
  await store.write((r) => r.events.insert(newEvent(clock.now())));
  await watcher.start();
  await watcher.settled();
  expect(seen).toEqual([]);
});

it('reads after a restart what came while nobody watched', async () => {
  const directory = await temporaryDirectory();
  const clock = new FakeClock();
  const before = await watched({ directory, clock });
  await before.watcher.start();
  await before.watcher.close();
  await before.store.write((r) => r.events.insert(newEvent(clock.now(), 'fault.began')));
  await before.close();
  const { seen, handler } = recorder();
  const after = await watched({ directory, clock, handlers: [handler] });
  await after.watcher.start();
  await after.watcher.settled();
  expect(seen).toEqual(['1 fault.began']);
});

it('forgets nothing when a handler fails: the events of that step come again, and what was written is undone', async () => {
  let failures = 1;
  const { seen, handler } = recorder();
  const failing: EventHandler = async ({ r }, event) => {
    await handler({ r } as never, event);
    await r.watchState.set('digestAt', event.sequence);
    if (failures-- > 0) throw new Error('the disk was full');
  };
  const { store, watcher, clock, log } = await watched({ handlers: [failing] });
  await watcher.start();
  await watcher.settled();
  await store.write((r) => r.events.insert(newEvent(clock.now())));
  await watcher.settled();
  await watcher.settled();
  expect(log.lines.some((line) => JSON.stringify(line).includes('the disk was full'))).toBe(true);
  expect(seen).toEqual(['1 station.connected', '1 station.connected']);
  expect(await store.read((r) => r.watchState.find('digestAt'))).toBe(1);
});

it('passes over an event that fails again and again, says which, and reads on', async () => {
  const { seen, handler } = recorder();
  const failing: EventHandler = async (context, event) => {
    if (event.kind === 'fault.began') throw new Error('no such thing');
    await handler(context, event);
  };
  const { store, watcher, clock, log } = await watched({ handlers: [failing] });
  await watcher.start();
  await store.write(async (r) => {
    for (const kind of ['a', 'fault.began', 'b']) await r.events.insert(newEvent(clock.now(), kind));
  });
  await watcher.settled();
  expect(seen.at(-1)).toBe('1 a');
  for (let i = 0; i < 2; i += 1) {
    clock.advance(5000);
    await watcher.settled();
  }
  // The first was tried with the others at first, and undone with them.
  expect(seen).toEqual(['1 a', '1 a', '3 b']);
  expect(log.find(/passed over/)).toMatchObject([
    { level: 'error', sequence: 2, kind: 'fault.began', station: 'CP1', error: 'no such thing' },
  ]);
});

it('looks only at what concerns it, and after a restart reads nothing of that twice', async () => {
  const directory = await temporaryDirectory();
  const clock = new FakeClock();
  const { seen, handler } = recorder();
  const concerns = (kind: string) => kind !== 'connector.status';
  const before = await watched({ directory, clock, handlers: [handler], concerns });
  await before.watcher.start();
  for (const kind of ['connector.status', 'fault.began', 'connector.status']) {
    await before.store.write((r) => r.events.insert(newEvent(clock.now(), kind)));
    await before.watcher.settled();
  }
  // Killed: the last event was read, but not worth a write.
  expect(await before.store.read((r) => r.watchState.find('lastEvent'))).toBe(2);
  await before.close();
  const after = await watched({ directory, clock, handlers: [handler], concerns });
  await after.watcher.start();
  await after.store.write((r) => r.events.insert(newEvent(clock.now(), 'fault.ended')));
  await after.watcher.settled();
  expect(seen).toEqual(['2 fault.began', '4 fault.ended']);
});

it('reads what happens within a second together', async () => {
  const { seen, handler } = recorder();
  const { store, watcher, clock } = await watched({ handlers: [handler] });
  await watcher.start();
  await watcher.settled();
  await store.write((r) => r.events.insert(newEvent(clock.now())));
  clock.advance(999);
  await store.write((r) => r.events.insert(newEvent(clock.now())));
  expect(seen).toEqual([]);
  clock.advance(1);
  await until(() => seen.length === 2, 'both');
});

it('does timed work when it is due, piece by piece, and sleeps until then', async () => {
  const runs: number[] = [];
  const clock = new FakeClock();
  let dueAt: number | undefined = clock.now() + 40_000;
  const task: TimedTask = {
    name: 'test',
    nextAt: async () => dueAt,
    async run({ now }) {
      runs.push(now);
      if (runs.length === 3) dueAt = undefined;
      return runs.length < 3;
    },
  };
  const { watcher } = await watched({ clock, tasks: [task] });
  await watcher.start();
  await watcher.settled();
  expect(runs).toEqual([]);
  clock.advance(40_000);
  await watcher.settled();
  expect(runs).toHaveLength(3);
});

it('does what else is due when one thing fails, and tries that again a little later', async () => {
  const clock = new FakeClock();
  const runs: string[] = [];
  const task = (name: string, fails: () => boolean): TimedTask => ({
    name,
    nextAt: async () => (runs.includes(name) ? undefined : clock.now()),
    async run() {
      if (fails()) throw new Error('no such luck');
      runs.push(name);
      return false;
    },
  });
  let isBroken = true;
  const { watcher, log } = await watched({
    clock,
    tasks: [task('digest', () => isBroken), task('outages', () => false)],
  });
  await watcher.start();
  await watcher.settled();
  expect(runs).toEqual(['outages']);
  expect(log.find(/digest: no such luck/)).not.toEqual([]);
  isBroken = false;
  clock.advance(5000);
  await watcher.settled();
  expect(runs).toEqual(['outages', 'digest']);
});

it('does not count the time in which the server was down as part of an outage', async () => {
  const directory = await temporaryDirectory();
  const clock = new FakeClock();
  const before = await watched({ directory, clock });
  await before.watcher.start();
  const countsFrom = clock.now();
  await before.store.write((r) =>
    r.outages.insert(newOutage('o', { countsFrom, nextStepAt: countsFrom + 5 })),
  );
  clock.advance(2 * minuteMs);
  await before.watcher.settled();
  await before.watcher.close();
  await before.close();
  clock.advance(3 * 3600_000);
  const after = await watched({ directory, clock });
  await after.watcher.start();
  const [outage] = await after.store.read((r) => r.outages.listOpen());
  expect(outage).toMatchObject({
    countsFrom: countsFrom + 3 * 3600_000,
    nextStepAt: countsFrom + 5 + 3 * 3600_000,
  });
});

it('does not count it when the clock was set back while the server was down', async () => {
  const directory = await temporaryDirectory();
  const clock = new FakeClock();
  const before = await watched({ directory, clock });
  await before.watcher.start();
  const countsFrom = clock.now();
  await before.store.write((r) => r.outages.insert(newOutage('o', { countsFrom })));
  await before.watcher.close();
  await before.close();
  clock.jump(-3600_000);
  const after = await watched({ directory, clock });
  await after.watcher.start();
  const [outage] = await after.store.read((r) => r.outages.listOpen());
  expect(outage?.countsFrom).toBe(clock.now());
});

it.each([2 * 3600_000, -2 * 3600_000])(
  'a clock that is set by %i ms makes no outage longer or shorter',
  async (jumpMs) => {
    const { store, watcher, clock, log } = await watched({});
    await watcher.start();
    await watcher.settled();
    const countsFrom = clock.now();
    await store.write((r) => r.outages.insert(newOutage('o', { countsFrom })));
    clock.jump(jumpMs);
    clock.advance(aliveEveryMs);
    await watcher.settled();
    const [outage] = await store.read((r) => r.outages.listOpen());
    expect(outage?.countsFrom).toBe(countsFrom + jumpMs);
    expect(JSON.stringify(log.lines)).toContain('the clock of this machine was set');
  },
);
