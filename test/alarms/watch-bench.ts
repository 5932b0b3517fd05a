import { onTestFinished } from 'vitest';
import { MailCarrier } from '../../src/alarms/delivery/mail-carrier.js';
import { OutboxSender } from '../../src/alarms/delivery/outbox-sender.js';
import { WebhookCarrier } from '../../src/alarms/delivery/webhook-carrier.js';
import type { Watcher } from '../../src/alarms/watcher.js';
import type { AlarmRule } from '../../src/domain/alarm/alarm-rule.js';
import { EventFeed } from '../../src/domain/event-feed.js';
import type { Station } from '../../src/domain/model.js';
import type { MeterStore, Repositories } from '../../src/domain/repositories.js';
import type { SettingKey } from '../../src/domain/settings.js';
import { createWatcher } from '../../src/server/alarms.js';
import { announcing } from '../../src/server/announcing-store.js';
import { newUuid } from '../../src/server/system.js';
import { FleetStore } from '../../src/store/fleet-store.js';
import { FakeClock } from '../helpers/fake-clock.js';
import { RecordingLog } from '../helpers/recording-log.js';
import { temporaryDirectory } from '../helpers/temporary-directory.js';
import { until } from '../helpers/until.js';
import { newAlarmRule, newSite, newStation } from '../store/support/fixtures.js';
import { MailBin, plainMail } from './delivery-bench.js';

export const minuteMs = 60_000;
export const hourMs = 60 * minuteMs;

/** How a connection ended: what the event of it says. */
export const ends = {
  lost: { code: 1006, initiator: 'lost' },
  protocol: { code: 1002, initiator: 'protocol' },
  stopped: { code: 1001, initiator: 'server' },
  goodbye: { code: 1000, initiator: 'station' },
  goingAway: { code: 1001, initiator: 'station' },
  noCode: { code: 1005, initiator: 'station' },
} as const;

/** A fleet as its events tell of it, a watcher, and a real mail server; only time is not real. */
export class WatchBench {
  readonly clock = new FakeClock();
  readonly log = new RecordingLog();
  readonly bin = new MailBin();
  readonly #directory: string;
  readonly #timeZone: string;
  readonly #news = new EventFeed();
  readonly #changes = new EventFeed();
  #fleetStore: FleetStore | undefined;
  #watcher: Watcher | undefined;
  #sender: OutboxSender | undefined;
  #isAlive = false;

  private constructor(directory: string, timeZone: string) {
    this.#directory = directory;
    this.#timeZone = timeZone;
  }

  static async start({ timeZone = 'UTC', mail = true } = {}): Promise<WatchBench> {
    const bench = new WatchBench(await temporaryDirectory(), timeZone);
    onTestFinished(() => bench.stop());
    await bench.#open();
    if (mail) await bench.set(plainMail(await bench.bin.listen()));
    await bench.#run();
    return bench;
  }

  /** The longest that a transaction of the watcher took, ms. */
  longestWriteMs = 0;

  get store() {
    if (!this.#fleetStore) throw new Error('the server is down');
    return announcing(this.#fleetStore, this.#news, undefined, this.#changes);
  }

  /** The same, with a stop watch. */
  get #timedStore(): MeterStore {
    const { store } = this;
    return {
      ...store,
      write: (work) =>
        store.write(async (r) => {
          const begunAt = performance.now();
          const result = await work(r);
          this.longestWriteMs = Math.max(this.longestWriteMs, performance.now() - begunAt);
          return result;
        }),
    };
  }

  write(work: (r: Repositories) => Promise<void>): Promise<void> {
    return this.store.write(work);
  }

  set(settings: Partial<Record<SettingKey, string>>): Promise<void> {
    return this.write(async (r) => {
      for (const [key, value] of Object.entries(settings)) {
        await r.settings.set(key as SettingKey, value, this.clock.now());
      }
    });
  }

  site(name: string): Promise<void> {
    return this.write((r) => r.sites.insert(newSite(name)));
  }

  /** Stations that are connected. */
  add(ids: readonly string[], change: Partial<Station> = {}): Promise<void> {
    return this.write(async (r) => {
      for (const id of ids)
        await r.stations.insert(newStation(id, { name: id, offlineSinceAt: null, ...change }));
    });
  }

  rule(name: string, change: Partial<AlarmRule> = {}): Promise<void> {
    return this.write((r) =>
      r.alarmRules.insert(
        newAlarmRule(name, {
          createdAt: this.clock.now(),
          ...change,
        }),
      ),
    );
  }

  async lose(ids: readonly string[], end: { code: number; initiator: string } = ends.lost): Promise<void> {
    await this.#note(ids, 'station.disconnected', { ...end, wasReplaced: false }, this.clock.now());
    await this.#watcher?.settled();
  }

  async comeBack(ids: readonly string[]): Promise<void> {
    await this.#note(ids, 'station.connected', {}, null);
    await this.#watcher?.settled();
  }

  /** Lets time pass, in steps of a minute at most; whatever becomes due is told. */
  async pass(durationMs: number, stepMs = minuteMs): Promise<void> {
    for (let left = durationMs; left > 0; left -= stepMs) {
      this.clock.advance(Math.min(left, stepMs));
      await this.#watcher?.settled();
    }
    await this.rest();
  }

  async settled(): Promise<void> {
    await this.#watcher?.settled();
    await this.rest();
  }

  /** Until all that is to be sent was sent. */
  async rest(): Promise<void> {
    if (!this.#sender) return;
    const waiting = async () => {
      const next = await this.store.read((r) => r.outbox.findNextAttempt('mail'));
      return next === undefined || next > this.clock.now();
    };
    await until(async () => (this.#sender?.isIdle ?? true) && (await waiting()), 'all mails sent');
  }

  /** What each was told, in order: `ada@example.org: Offline for 15 minutes: CP1`. */
  get told(): string[] {
    return this.bin.mails.map(({ subject }, i) => `${this.bin.envelopes[i]?.to.join()}: ${subject}`);
  }

  /** What is in the outbox, without a mail server. */
  async queued() {
    return (await this.store.read((r) => r.outbox.list({}, { limit: 10_000 }))).reverse();
  }

  openAlarms() {
    return this.store.read((r) => r.alarms.list({ open: true }, { limit: 10_000 }));
  }

  /** Like a kill: nothing is written down at the end, and what stations do is not seen. */
  async stop({ killed = false } = {}): Promise<void> {
    if (!this.#isAlive) return;
    this.#isAlive = false;
    if (!killed) await this.#watcher?.close();
    await this.#sender?.close();
    await this.#fleetStore?.close();
    if (killed) await this.#watcher?.close();
    this.#watcher = undefined;
    this.#sender = undefined;
    this.#fleetStore = undefined;
  }

  async restart(downMs = 0, how: { killed?: boolean } = {}): Promise<void> {
    await this.stop(how);
    this.clock.advance(downMs);
    await this.#open();
    await this.#run();
    await this.settled();
  }

  async #open(): Promise<void> {
    this.#fleetStore = await FleetStore.open({
      directory: this.#directory,
      command: 'test',
      lockTimeoutMs: 0,
      now: () => this.clock.now(),
    });
    this.#isAlive = true;
  }

  async #run(): Promise<void> {
    const { store, clock, log } = this;
    this.#watcher = createWatcher({ store: this.#timedStore, feed: this.#news, clock, newId: newUuid, log });
    await this.#watcher.start();
    const carriers = [new MailCarrier({ timeZone: this.#timeZone }), new WebhookCarrier({ clock })];
    this.#sender = new OutboxSender({
      store,
      clock,
      log,
      carriers,
      random: () => 0.5,
      changes: this.#changes,
    });
    this.#sender.start();
  }

  #note(ids: readonly string[], kind: string, detail: object, offlineSinceAt: number | null): Promise<void> {
    const now = this.clock.now();
    return this.write(async (r) => {
      for (const id of ids) {
        const station = await r.stations.findById(id);
        if (!station) continue;
        await r.stations.update(station.uuid, { offlineSinceAt });
        const about = { stationUuid: station.uuid, stationId: id, connector: null };
        await r.events.insert({ ...about, at: now, receivedAt: now, kind, detail: JSON.stringify(detail) });
      }
    });
  }
}
