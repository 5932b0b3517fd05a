import type { Clock } from '../../domain/clock.js';
import type { Log } from '../../domain/log.js';
import type { Station } from '../../domain/model.js';
import type { Store } from '../../domain/repositories.js';
import { effectiveSettings } from '../../domain/settings.js';
import { pushLocalList } from '../../operations/charging/local-list-push.js';
import { WantedLists } from '../../operations/charging/wanted-lists.js';
import type { LiveFleet } from '../../operations/operation.js';
import { BackgroundJob } from './background-job.js';

/** How often it is looked whether a station should have another list; also how long tags must have been left alone. */
const intervalMs = 5000;

/** Looks that tags which change all the time may put off a push: a minute. */
const putOffMax = 12;

/** Stations dealt with before it is looked again who else has come, and how many of them at a time. */
const stationsPerRun = 100;
const concurrency = 32;

/** For each answer of a station. */
const timeoutMs = 30_000;

/** From a failure to the next attempt at this station: the first time, and after many failures. */
const retryMs = { first: 60_000, most: 3600_000 };

/**
 * Brings the lists of stations up to date by itself while the setting `local-list.auto` is on: of those that are there
 * soon after tags have changed, of the others once they have come and booted.
 */
export class LocalListKeeper {
  readonly #job: BackgroundJob;
  readonly #options: {
    readonly store: Store;
    readonly live: LiveFleet;
    readonly clock: Clock;
    readonly log: Log;
  };
  #changes = 0;
  #changesSeen = 0;
  #putOff = 0;
  #known: { readonly changes: number; readonly until: number; readonly lists: WantedLists } | undefined;
  /** Stations that could not be served, by uuid. */
  readonly #failures = new Map<string, { readonly retryAt: number; readonly delayMs: number }>();

  constructor(options: { store: Store; live: LiveFleet; clock: Clock; log: Log }) {
    this.#options = options;
    const { clock, log } = options;
    this.#job = new BackgroundJob({
      name: 'local lists',
      clock,
      log,
      firstDelayMs: intervalMs,
      retryDelayMs: intervalMs,
      run: async (signal) => {
        await this.#run(signal);
        return intervalMs;
      },
    });
  }

  start(): void {
    this.#job.start();
  }

  close(): Promise<void> {
    return this.#job.close();
  }

  /** Tags were changed, or what becomes of them at stations. */
  changed(): void {
    this.#changes += 1;
  }

  async #run(signal: AbortSignal): Promise<void> {
    const { store } = this.#options;
    const settings = effectiveSettings(await store.read((r) => r.settings.list()));
    if (!settings['local-list.auto'] || this.#isInMotion()) return;
    const wanted = await this.#wanted();
    const waiting = (await this.#listStale(wanted.keys)).values();
    this.#forgetLongSince();
    const work = async (): Promise<void> => {
      for (const station of waiting) {
        if (signal.aborted) return;
        await this.#push(station, wanted, signal);
      }
    };
    await Promise.all(Array.from({ length: concurrency }, work));
  }

  /** Of stations that are gone, or have been away for longer than any failure counts. */
  #forgetLongSince(): void {
    const now = this.#options.clock.now();
    for (const [uuid, { retryAt }] of this.#failures) {
      if (now - retryAt > retryMs.most) this.#failures.delete(uuid);
    }
  }

  /** One push for many changes that come one after the other. */
  #isInMotion(): boolean {
    const isInMotion = this.#changes !== this.#changesSeen && this.#putOff < putOffMax;
    this.#changesSeen = this.#changes;
    this.#putOff = isInMotion ? this.#putOff + 1 : 0;
    return isInMotion;
  }

  async #wanted(): Promise<WantedLists> {
    const { clock } = this.#options;
    const changes = this.#changes;
    if (this.#known?.changes === changes && clock.now() < this.#known.until) return this.#known.lists;
    const lists = await WantedLists.read(this.#options);
    await this.#outdateMoved(lists);
    this.#known = { changes, until: lists.goodUntil, lists };
    return lists;
  }

  /** Stations that have what another place should have: they were moved, or tags are told apart by place from now on. */
  async #outdateMoved(lists: WantedLists): Promise<void> {
    const { store } = this.#options;
    if (lists.areAllTheSame) {
      lists.at({ siteUuid: null, groupUuids: [] });
      return;
    }
    const { stations, members, bases } = await store.read(async (r) => ({
      stations: await r.stations.list(),
      members: await Promise.all(
        lists.groupUuids.map(async (groupUuid) => ({
          groupUuid,
          stations: new Set((await r.stations.list({ groupUuid })).map(({ uuid }) => uuid)),
        })),
      ),
      bases: new Map((await r.localLists.listBases()).map((base) => [base.stationUuid, base.basisKey])),
    }));
    const wanted = stations.map(({ uuid, siteUuid }) => {
      const groups = members.filter((group) => group.stations.has(uuid));
      const place = { siteUuid, groupUuids: groups.map(({ groupUuid }) => groupUuid) };
      return { uuid, key: lists.at(place).key };
    });
    const keys = new Set(lists.keys);
    for (const { uuid, key } of wanted) {
      const basisKey = bases.get(uuid);
      // Any other list is outdated anyway.
      if (basisKey === undefined || basisKey === key || !keys.has(basisKey)) continue;
      await store.write((r) => r.localLists.markOutdated(uuid));
    }
  }

  /** Those that are there and whose time to try again has come, if they failed. */
  async #listStale(keys: readonly string[]): Promise<Station[]> {
    const { store, live, clock } = this.#options;
    const now = clock.now();
    const stations: Station[] = [];
    let after: string | undefined;
    do {
      const page = { limit: stationsPerRun, after };
      const found = await store.read((r) => r.localLists.listStale(keys, page));
      for (const { uuid, id } of found) {
        if (stations.length === stationsPerRun) break;
        if (!live.isOnline(uuid) || (this.#failures.get(uuid)?.retryAt ?? 0) > now) continue;
        const station = await store.read((r) => r.stations.findById(id));
        if (station) stations.push(station);
      }
      after = found.length < stationsPerRun ? undefined : found.at(-1)?.uuid;
    } while (after !== undefined && stations.length < stationsPerRun);
    return stations;
  }

  async #push(station: Station, lists: WantedLists, signal: AbortSignal): Promise<void> {
    const { log, clock } = this.#options;
    const { id, uuid } = station;
    try {
      const options = { wanted: await lists.of(station), force: false, timeoutMs, signal };
      const { version, update } = await pushLocalList(this.#options, station, options);
      this.#failures.delete(uuid);
      if (update !== null) log.info('local list pushed', { station: id, version, update });
    } catch (error) {
      if (signal.aborted) return;
      const before = this.#failures.get(uuid);
      const delayMs = before ? Math.min(before.delayMs * 2, retryMs.most) : retryMs.first;
      this.#failures.set(uuid, { retryAt: clock.now() + delayMs, delayMs });
      const why = error instanceof Error ? error.message : String(error);
      log.warn('local list not pushed', { station: id, why, againInS: delayMs / 1000 });
    }
  }
}
