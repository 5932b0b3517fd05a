import type { Clock } from '../domain/clock.js';
import type { EventFeed } from '../domain/event-feed.js';
import type { Log } from '../domain/log.js';
import type { Store } from '../domain/repositories.js';
import { desiredOf, emptyConfiguration, type KeyState } from '../domain/station/configuration.js';
import { bringAbout, type CallStation, statesOf } from '../domain/station/configuration-exchange.js';
import { settled } from '../domain/station/configuration-retry.js';
import { asItShould, findConfigurationAlarm, noteConfiguration } from './rules/note-configuration.js';

/** The connected stations, as far as they matter here. */
interface ConfigurableStations {
  isOnline(stationUuid: string): boolean;
  call(
    station: { uuid: string; id: string },
    action: string,
    payload: Record<string, unknown>,
    options: { timeoutMs: number; signal?: AbortSignal },
  ): Promise<Record<string, unknown>>;
}

export interface ConfigurationLoopOptions {
  readonly store: Store;
  readonly feed: EventFeed;
  readonly stations: ConfigurableStations;
  readonly clock: Clock;
  readonly log: Log;
  /** Stations that are configured at a time, whatever the number that come. Default 16. */
  readonly concurrency?: number;
  /** Stations that may wait for that; the others get their turn when they connect again. Default 20,000. */
  readonly maxWaiting?: number;
}

/** A station that connects usually boots right after; both are one occasion. */
const settleMs = 2000;

/** How often those are looked for whose next attempt is due. */
const dueIntervalMs = 15_000;

/** Stations that are due and taken at once. */
const dueAtOnce = 100;

/** Events read at once. */
const eventsAtOnce = 500;

const callTimeoutMs = 30_000;

/** What a station does that is an occasion to look after its configuration. */
const occasions: ReadonlySet<string> = new Set(['station.connected', 'station.booted']);

interface Waiting {
  readonly uuid: string;
  readonly id: string;
}

/**
 * Sees to it that stations have the configuration that is desired: after each boot and connection, and again, with
 * growing pauses, where it did not work out. It learns of them from the event log, so that no message waits for it.
 */
export class ConfigurationLoop {
  readonly #options: ConfigurationLoopOptions;
  readonly #waiting = new Map<string, Waiting>();
  readonly #running = new Map<string, Promise<void>>();
  readonly #abort = new AbortController();
  #cursor = 0;
  #unsubscribe = (): void => undefined;
  #cancelReading: (() => void) | undefined;
  #cancelDue = (): void => undefined;
  #reading: Promise<void> = Promise.resolve();

  constructor(options: ConfigurationLoopOptions) {
    this.#options = options;
  }

  /** To be called before stations connect. */
  async start(): Promise<void> {
    const { store, feed } = this.#options;
    this.#cursor = await store.read((r) => r.events.lastSequence());
    this.#unsubscribe = feed.subscribe(() => this.#readSoon());
    this.#armDue();
  }

  /** Resolves when nothing is under way any more. */
  async close(): Promise<void> {
    this.#abort.abort();
    this.#unsubscribe();
    this.#cancelReading?.();
    this.#cancelDue();
    this.#waiting.clear();
    await this.#reading;
    await Promise.all(this.#running.values());
  }

  #readSoon(): void {
    if (this.#abort.signal.aborted || this.#options.feed.hasEnded) return;
    this.#cancelReading ??= this.#options.clock.schedule(settleMs, () => {
      this.#cancelReading = undefined;
      this.#inTurn(() => this.#readEvents());
    });
  }

  #armDue(): void {
    if (this.#abort.signal.aborted) return;
    this.#cancelDue = this.#options.clock.schedule(dueIntervalMs, () => {
      this.#inTurn(() => this.#takeDue());
      this.#armDue();
    });
  }

  /** One reading of the store after the other. */
  #inTurn(work: () => Promise<void>): void {
    this.#reading = this.#reading.then(work).catch((error: unknown) => this.#failed(error));
  }

  async #readEvents(): Promise<void> {
    const { store } = this.#options;
    for (;;) {
      const events = await store.read(async (r) => {
        // Numbers begin anew when retention has removed the last event.
        if ((await r.events.lastSequence()) < this.#cursor) this.#cursor = 0;
        return r.events.listAfter({ kind: 'station' }, { limit: eventsAtOnce, after: this.#cursor });
      });
      if (this.#abort.signal.aborted) return;
      const came = new Map<string, Waiting>();
      for (const { sequence, kind, stationUuid: uuid, stationId: id } of events) {
        this.#cursor = sequence;
        if (occasions.has(kind)) came.set(uuid, { uuid, id });
      }
      for (const station of came.values()) this.#enter(station);
      if (events.length < eventsAtOnce) return;
    }
  }

  async #takeDue(): Promise<void> {
    const { store, clock, stations } = this.#options;
    const due = await store.read((r) => r.configurations.listDue(clock.now(), dueAtOnce));
    const gone: string[] = [];
    for (const { stationUuid: uuid, stationId: id } of due) {
      // What is under way writes down itself when the next attempt is due.
      if (this.#running.has(uuid)) continue;
      if (stations.isOnline(uuid)) this.#enter({ uuid, id });
      else gone.push(uuid);
    }
    // When they come back, that is the occasion.
    if (gone.length > 0) await this.#forgetDue(gone);
  }

  #forgetDue(stationUuids: readonly string[]): Promise<void> {
    return this.#options.store.write(async (r) => {
      for (const uuid of stationUuids) {
        const known = await r.configurations.find(uuid);
        if (known) await r.configurations.put({ ...known, dueAt: null });
      }
    });
  }

  #enter(station: Waiting): void {
    if (this.#abort.signal.aborted || this.#waiting.has(station.uuid)) return;
    if (this.#waiting.size >= (this.#options.maxWaiting ?? 20_000)) return;
    this.#waiting.set(station.uuid, station);
    this.#beginNext();
  }

  #beginNext(): void {
    for (const station of this.#waiting.values()) {
      if (this.#running.size >= (this.#options.concurrency ?? 16)) return;
      // It has its next turn when this one is over.
      if (this.#running.has(station.uuid)) continue;
      this.#waiting.delete(station.uuid);
      const work = this.#configure(station)
        .catch((error: unknown) => this.#failed(error))
        .finally(() => {
          this.#running.delete(station.uuid);
          this.#beginNext();
        });
      this.#running.set(station.uuid, work);
    }
  }

  async #configure({ uuid, id }: Waiting): Promise<void> {
    const { store, stations, clock, log } = this.#options;
    const { signal } = this.#abort;
    if (!stations.isOnline(uuid)) return;
    const found = await store.read(async (r) => {
      const station = await r.stations.findById(id);
      const known = (await r.configurations.find(uuid)) ?? emptyConfiguration(uuid);
      const isAlarm = (await findConfigurationAlarm(r, uuid)) !== undefined;
      return { station, known, isAlarm, templates: await r.configurations.listTemplates() };
    });
    const { station, known, isAlarm, templates } = found;
    if (signal.aborted || station?.uuid !== uuid) return;
    const desired = desiredOf(templates, station, known.desired);
    if (station.registration !== 'accepted' || desired.size === 0) {
      if (known.dueAt !== null) await this.#forgetDue([uuid]);
      if (isAlarm && desired.size === 0) {
        await store.write((r) => noteConfiguration({ r, station, receivedAt: clock.now() }, asItShould));
      }
      return;
    }
    const call: CallStation = (action, payload) =>
      stations.call(station, action, payload, { timeoutMs: callTimeoutMs, signal });
    const { bootedAt } = station;
    const before = rejectedOf(statesOf(known, desired, bootedAt));
    const endeavour = await bringAbout(call, { known, desired, bootedAt, now: () => clock.now() });
    const learned = settled(endeavour, desired, clock.now());
    const { sent, failure } = endeavour;
    const why = failure === undefined ? null : failure instanceof Error ? failure.message : String(failure);
    await store.write(async (r) => {
      if ((await r.stations.findById(id))?.uuid !== uuid) return;
      const now = learned((await r.configurations.find(uuid)) ?? emptyConfiguration(uuid));
      await r.configurations.put(now);
      const folded = rejectedOf(endeavour.states);
      const rejected = folded.map((key) => desired.get(key)?.key ?? key);
      const newlyRejected = folded.filter((key) => !before.includes(key));
      const standing = { rejected, newlyRejected, attempts: now.attempts, failure: why };
      await noteConfiguration({ r, station, receivedAt: clock.now() }, standing);
    });
    if (sent.length > 0) log.info('configured', { station: id, keys: sent.join(',') });
    if (why !== null && !signal.aborted) log.warn('not configured yet', { station: id, why });
  }

  #failed(error: unknown): void {
    if (this.#abort.signal.aborted) return;
    this.#options.log.error(`configuration: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Keys, folded, whose values a station will not take. */
function rejectedOf(states: ReadonlyMap<string, KeyState>): string[] {
  return [...states].filter(([, state]) => state === 'rejected').map(([key]) => key);
}
