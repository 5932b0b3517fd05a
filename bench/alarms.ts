import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as endOfTurn } from 'node:timers/promises';
import type { WatchClock } from '../src/alarms/watch.js';
import { defaultStepsMs } from '../src/domain/alarm/alarm-rule.js';
import { EventFeed } from '../src/domain/event-feed.js';
import type { Log } from '../src/domain/log.js';
import { newStation } from '../src/domain/new-entities.js';
import type { MeterStore, Repositories } from '../src/domain/repositories.js';
import { createWatcher } from '../src/server/alarms.js';
import { announcing } from '../src/server/announcing-store.js';
import { FleetStore } from '../src/store/fleet-store.js';
import { line, section, verdict } from './report.js';

const stations = 10_000;
const shareMax = 0.01;

/** Each station says how its connector is. */
const statusEveryMs = 10 * 60_000;
/** Stations whose connection is lost in a minute, and for how long; of a hundred, one is away for longer. */
const lostPerMinute = stations / 100;
const awayMs = 30_000;
const longAwayMs = 20 * 60_000;

/** Time passes in such steps: what stations say within one comes at once. */
const stepMs = 250;

const silent: Log = { info: () => undefined, warn: () => undefined, error: console.error };

/** What the watcher costs: the same hour of a fleet's events with it and without. */
export async function benchAlarms({ quick }: { quick: boolean }): Promise<void> {
  const minutes = quick ? 10 : 60;
  section(`Watching ${stations.toLocaleString('en')} stations for ${minutes} simulated minutes`);
  // What is compiled on the way is nobody's.
  await simulate(2, { isWatched: true });
  const without = await simulate(minutes, { isWatched: false });
  const watched = await simulate(minutes, { isWatched: true });
  const perHourS = (seconds: number) => (seconds * 60) / minutes;
  const costS = perHourS(watched.cpuS - without.cpuS);
  const share = costS / 3600;
  line('events, of which stations came and went', `${watched.events}`, `${watched.flaps}`);
  line('processor time for an hour, nobody watching', `${perHourS(without.cpuS).toFixed(1)} s`);
  line('the same, watched', `${perHourS(watched.cpuS).toFixed(1)} s`, `${watched.messages} messages`);
  line('of one core, watching', `${(share * 100).toFixed(2)} %`, verdict(share <= shareMax, 'at most 1 %'));
  line('processor time of watching, for an hour', `${costS.toFixed(1)} s`);
  line('longest transaction of the watcher', `${watched.longestMs.toFixed(0)} ms`);
}

async function simulate(minutes: number, { isWatched }: { isWatched: boolean }) {
  const directory = mkdtempSync(join(tmpdir(), 'evfleet-bench-'));
  const clock = new SimulatedClock();
  const fleetStore = await FleetStore.open({
    directory,
    command: 'bench',
    lockTimeoutMs: 0,
    now: () => clock.now(),
  });
  const feed = new EventFeed();
  const store = announcing(fleetStore, feed);
  await fill(store, clock.now());
  const stopWatch = { longestMs: 0 };
  const options = { store: timed(store, stopWatch), feed, clock, newId: randomUUID, log: silent };
  const watcher = isWatched ? createWatcher(options) : undefined;
  await watcher?.start();
  await watcher?.settled();
  stopWatch.longestMs = 0;
  const before = process.cpuUsage();
  const counts = await live(store, clock, minutes);
  await watcher?.settled();
  const { user, system } = process.cpuUsage(before);
  const messages = await store.read((r) => r.outbox.count({}));
  await watcher?.close();
  await fleetStore.close();
  rmSync(directory, { recursive: true });
  return { ...counts, messages, cpuS: (user + system) / 1e6, longestMs: stopWatch.longestMs };
}

/** A fleet that is connected, with rules for all of it and for one station in a hundred, and a mail server. */
async function fill(store: MeterStore, now: number): Promise<void> {
  for (let first = 0; first < stations; first += 100) {
    await store.write(async (r) => {
      for (let i = first; i < first + 100; i += 1) {
        await r.stations.insert(newStation({ uuid: uuidOf(i), id: idOf(i), createdAt: now }));
      }
    });
  }
  const rule = {
    enabled: true,
    triggers: ['connection-lost', 'fault'],
    webhooks: [],
    language: 'en',
    stepsMs: defaultStepsMs,
    deliberate: false,
    createdAt: now,
  } as const;
  const some = Array.from({ length: stations / 100 }, (_, i) => uuidOf(i * 100));
  await store.write(async (r) => {
    for (const [key, value] of [
      ['mail.host', '127.0.0.1'],
      ['mail.from', 'alarms@fleet.example'],
    ] as const) {
      await r.settings.set(key, value, now);
    }
    const all = {
      ...rule,
      uuid: 'all',
      name: 'All',
      scope: { kind: 'all' },
      recipients: ['a@x.example'],
    } as const;
    const few = { kind: 'stations', stationUuids: some } as const;
    await r.alarmRules.insert(all);
    await r.alarmRules.insert({ ...rule, uuid: 'few', name: 'Few', scope: few, recipients: ['b@x.example'] });
  });
}

/** The events of a fleet as time passes, each in a transaction of its own as in the server. */
async function live(store: MeterStore, clock: SimulatedClock, minutes: number) {
  const returns = new Map<number, number[]>();
  const counts = { events: 0, flaps: 0 };
  const steps = (minutes * 60_000) / stepMs;
  const perStep = (perMs: number) => (step: number) =>
    Math.floor((step + 1) * stepMs * perMs) - Math.floor(step * stepMs * perMs);
  const statuses = perStep(stations / statusEveryMs);
  const losses = perStep(lostPerMinute / 60_000);
  let nextStatus = 0;
  let nextLoss = 0;
  for (let step = 0; step < steps; step += 1) {
    clock.pass(stepMs);
    const now = clock.now();
    const written: Promise<void>[] = [];
    const note = (i: number, kind: string, detail: object, offlineSinceAt?: number | null) => {
      counts.events += 1;
      written.push(store.write((r) => insert(r, i, { kind, detail, now, offlineSinceAt })));
    };
    for (let n = statuses(step); n > 0; n -= 1) {
      note(nextStatus++ % stations, 'connector.status', { status: 'Available', errorCode: 'NoError' });
    }
    for (let n = losses(step); n > 0; n -= 1) {
      counts.flaps += 1;
      // In no order, and never one that is away.
      const i = (nextLoss++ * 7919) % stations;
      note(i, 'station.disconnected', { code: 1006, initiator: 'lost', wasReplaced: false }, now);
      const back = step + (nextLoss % 100 === 0 ? longAwayMs : awayMs) / stepMs;
      returns.set(back, [...(returns.get(back) ?? []), i]);
    }
    for (const i of returns.get(step) ?? []) note(i, 'station.connected', { protocol: 'ocpp1.6' }, null);
    returns.delete(step);
    await Promise.all(written);
    await endOfTurn();
  }
  return counts;
}

async function insert(
  r: Repositories,
  i: number,
  {
    kind,
    detail,
    now,
    offlineSinceAt,
  }: { kind: string; detail: object; now: number; offlineSinceAt: number | null | undefined },
): Promise<void> {
  if (offlineSinceAt !== undefined) await r.stations.update(uuidOf(i), { offlineSinceAt });
  const about = { stationUuid: uuidOf(i), stationId: idOf(i), connector: 1, at: now, receivedAt: now };
  await r.events.insert({ ...about, kind, detail: JSON.stringify(detail) });
}

const idOf = (i: number) => `CP${String(i).padStart(5, '0')}`;
const uuidOf = (i: number) => `00000000-0000-4000-8000-${String(i).padStart(12, '0')}`;

function timed(store: MeterStore, stopWatch: { longestMs: number }): MeterStore {
  return {
    ...store,
    write: (work) =>
      store.write(async (r) => {
        const begunAt = performance.now();
        const result = await work(r);
        stopWatch.longestMs = Math.max(stopWatch.longestMs, performance.now() - begunAt);
        return result;
      }),
  };
}

/** Passes when it is told to. */
class SimulatedClock implements WatchClock {
  readonly #timers = new Set<{ readonly at: number; readonly action: () => void }>();
  #now = Date.UTC(2026, 0, 1);

  now = () => this.#now;
  monotonic = () => this.#now;

  schedule(delayMs: number, action: () => void): () => void {
    const timer = { at: this.#now + delayMs, action };
    this.#timers.add(timer);
    return () => void this.#timers.delete(timer);
  }

  pass(durationMs: number): void {
    this.#now += durationMs;
    for (const timer of [...this.#timers]) {
      if (timer.at > this.#now) continue;
      this.#timers.delete(timer);
      timer.action();
    }
  }
}
