import {
  cutLocalList,
  type LocalListEntry,
  type LocalListUpdate,
  planUpdates,
} from '../../domain/charging/local-list.js';
import type { SentLocalList } from '../../domain/charging/local-list-repository.js';
import { FleetError } from '../../domain/errors.js';
import type { Station } from '../../domain/model.js';
import type { LiveFleet, OperationContext } from '../operation.js';
import { Refusal } from '../remote/refusal.js';
import { notAccepted, reachable } from '../remote/remote-call.js';
import { sayLack } from '../remote/unsupported.js';
import { Turns } from '../turns.js';
import {
  type Failed,
  type Limits,
  limitKeys,
  mayDoInFull,
  readLimits,
  refused,
  toSendLocalList,
} from './local-list-messages.js';
import { keyOfList, type WantedList, WantedLists } from './wanted-lists.js';

export interface PushOptions {
  readonly wanted: WantedList;
  /** Send everything, whatever the station has. */
  readonly force: boolean;
  /** For each answer of the station. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** What a push needs. */
export type PushContext = Pick<OperationContext, 'store' | 'wholeStore' | 'clock' | 'live'>;

export interface Pushed {
  /** That the station has now; 0 when its list is empty and nothing had to be sent. */
  readonly version: number;
  /** What was sent; null when the station has the list already. */
  readonly update: 'full' | 'differential' | null;
  readonly messages: number;
  readonly entries: number;
  /** Tags for which the station has no room. */
  readonly leftOut: number;
}

/** Two pushes at once would spoil each other's versions. */
const turns = new Turns();

/** What was meant, unless somebody has pushed another list since: one of them is older, and that may be this one. */
async function newest(context: PushContext, station: Station, wanted: WantedList): Promise<WantedList> {
  const sent = await context.store.read((r) => r.localLists.find(station.uuid));
  const isOvertaken = sent && sent.basisKey !== wanted.key && sent.checkedAt >= wanted.readAt;
  return isOvertaken ? (await WantedLists.read(context)).of(station) : wanted;
}

/**
 * Brings the list of a station to what it should be: nothing, the difference or all of it, in as many messages as the
 * station wants it in. One that does not have the version it is thought to have gets all of it.
 * @throws FleetError STATION_OFFLINE, TIMED_OUT, CONFLICT, REFUSED
 */
export async function pushLocalList(
  context: PushContext,
  station: Station,
  options: PushOptions,
): Promise<Pushed> {
  const live = reachable(context, station);
  if (station.registration === 'rejected') throw notAccepted(station);
  return turns.take(station.uuid, options.signal, async () => {
    const wanted = await newest(context, station, options.wanted);
    return new Push(context, live, station, { ...options, wanted }).run();
  });
}

/** @throws FleetError REFUSED when the station cannot say, as after any CALLERROR */
export async function askVersion(
  live: LiveFleet,
  station: Station,
  options: Pick<PushOptions, 'timeoutMs' | 'signal'>,
): Promise<number> {
  const answer = await live
    .call(station, 'GetLocalListVersion', {}, options)
    .catch(sayLack(station.id, 'has no local authorization list'));
  return Number(answer.listVersion);
}

class Push {
  readonly #context: PushContext;
  readonly #live: LiveFleet;
  readonly #station: Station;
  readonly #options: PushOptions;

  constructor(context: PushContext, live: LiveFleet, station: Station, options: PushOptions) {
    this.#context = context;
    this.#live = live;
    this.#station = station;
    this.#options = options;
  }

  async run(): Promise<Pushed> {
    const { wanted, force } = this.#options;
    const { id, uuid } = this.#station;
    // Before it is asked: it may boot while this goes on.
    const checkedAt = this.#context.clock.now();
    const has = await this.#askVersion();
    const limits = await this.#askLimits();
    const list = cutLocalList(wanted.entries, limits.maxEntries);
    const sent = await this.#context.store.read((r) => r.localLists.find(uuid));
    const plan = (present: readonly LocalListEntry[] | undefined, versions: readonly number[]) =>
      planUpdates({ present, wanted: list, versions, maxPerMessage: limits.maxPerMessage });
    let updates = plan(force ? undefined : presentAt(has, sent), [has, sent?.version ?? 0]);
    const failed = await this.#send(updates);
    if (failed) {
      if (!mayDoInFull(failed)) throw refused(id, failed, limits);
      // It has something else than was thought (OCPP 1.6 §5.15): everything, above whatever it says it has.
      const now = await this.#askVersion();
      updates = plan(undefined, [now, has, sent?.version ?? 0, ...updates.map(({ version }) => version)]);
      const again = await this.#send(updates);
      if (again) throw refused(id, again, limits);
    }
    const last = updates.at(-1);
    const version = last?.version ?? has;
    const sentAt = last ? this.#context.clock.now() : (sent?.sentAt ?? null);
    await this.#save({ version, sentAt, checkedAt, entries: list });
    return {
      version,
      update: updates[0]?.kind ?? null,
      messages: updates.length,
      entries: list.length,
      leftOut: wanted.entries.length - list.length,
    };
  }

  async #askVersion(): Promise<number> {
    const { id } = this.#station;
    const version = await askVersion(this.#live, this.#station, this.#options);
    if (version >= 0) return version;
    throw new Refusal(
      id,
      'NotSupported',
      `${id} has no local authorization list: it gives its version as ${version}.`,
    );
  }

  /** What a station does not say is assumed: some answer for no key of this profile. */
  async #askLimits(): Promise<Limits> {
    const answer = await this.#live
      .call(this.#station, 'GetConfiguration', { key: [...limitKeys] }, this.#options)
      .catch((error: unknown) => {
        if (error instanceof FleetError && error.code === 'REFUSED') return {};
        throw error;
      });
    return readLimits(answer);
  }

  /** Gives the update that the station did not take, with what it said; undefined when it took them all. */
  async #send(updates: readonly LocalListUpdate[]): Promise<Failed | undefined> {
    const { clock, store } = this.#context;
    const { uuid } = this.#station;
    const last = updates.at(-1);
    if (!last) return undefined;
    // Written down first: an answer that gets lost must not make it certain what the station has.
    await store.write((r) => r.localLists.markUncertain(uuid, last.version, clock.now()));
    for (const update of updates) {
      const payload = toSendLocalList(update);
      const { status } = await this.#live.call(this.#station, 'SendLocalList', payload, this.#options);
      if (status !== 'Accepted') return { update, status: String(status) };
    }
    return undefined;
  }

  async #save({
    entries,
    ...known
  }: Pick<SentLocalList, 'version' | 'sentAt' | 'checkedAt' | 'entries'>): Promise<void> {
    const { key: basisKey, entries: all } = this.#options.wanted;
    const contentKey = entries === all ? basisKey : keyOfList(entries);
    const list = {
      ...known,
      stationUuid: this.#station.uuid,
      isCertain: true,
      basisKey,
      contentKey,
      entries,
    };
    await this.#context.store.write((r) => r.localLists.save(list));
  }
}

/** What a station has that says it has this version; undefined when nobody can tell. */
function presentAt(version: number, sent: SentLocalList | undefined): readonly LocalListEntry[] | undefined {
  if (version === 0) return [];
  return sent?.isCertain && sent.version === version ? sent.entries : undefined;
}
