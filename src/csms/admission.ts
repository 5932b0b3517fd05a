import type { IncomingMessage } from 'node:http';
import type { NewId } from '../domain/clock.js';
import { checkStationId } from '../domain/identifiers.js';
import type { Log } from '../domain/log.js';
import type { Registration, Station } from '../domain/model.js';
import { newStation } from '../domain/new-entities.js';
import type { Repositories, Store } from '../domain/repositories.js';
import { quoteForShell } from '../domain/shell.js';
import type { ShownSecurity } from '../domain/station/security-profile.js';
import type { BreachRecord } from './breach-record.js';
import { KnownIds } from './known-ids.js';
import type { Refusal, RefusalReason } from './refusal.js';
import type { RefusedStations } from './refused-stations.js';
import { note } from './rules/rule-context.js';
import type { StationGate } from './station-gate.js';

/** The subprotocols that are spoken, best first. */
const subprotocols = ['ocpp1.6'] as const;

export type Admission =
  | {
      readonly station: Station;
      /** The version that will be spoken. */
      readonly protocol: string;
      readonly shown: ShownSecurity;
    }
  | { readonly refusal: Refusal };

/**
 * What becomes of a station that is not in the topology: refused and listed, enrolled but told to wait until somebody
 * accepts it, or enrolled as if it had been there.
 */
export type UnknownStations = 'reject' | 'pending' | 'accept';

export interface AdmissionOptions {
  readonly store: Store;
  readonly now: () => number;
  readonly newId: NewId;
  readonly log: Log;
  readonly breaches: BreachRecord;
  readonly refused: RefusedStations;
  readonly unknownStations: UnknownStations;
  readonly gate: StationGate;
  /** For what nobody's answer may wait for. */
  readonly background: (work: Promise<void>) => void;
  /** Stations that may wait for a decision, where strangers are enrolled as pending; further ones are rejected. */
  readonly maxPending: number;
  /** Stations in the topology from which on no stranger is enrolled any more. */
  readonly maxEnrolled: number;
}

/** The same stranger is written down at most this often: knocking must not wear out the disk (field trap 35). */
const knockNotedEveryMs = 5000;
const knocksRememberedMax = 1000;

/** Strangers written down in such a time, whatever they call themselves; the others are listed when they come back. */
const knocksNotedMax = 200;

/** Stations of other protocols that are looked up at a time; of more, nothing is noted. */
const foreignNotedAtOnce = 32;

interface Knock {
  readonly id: string;
  readonly address: string | null;
  readonly offered: readonly string[];
  /** Why it is refused, for the log. */
  readonly why?: string;
}

/** Decides on upgrade requests: who is it, and may it in? */
export class Admissions {
  readonly #options: AdmissionOptions;
  readonly #knownIds: KnownIds;
  /** When strangers who knocked lately were written down. */
  readonly #lastNoted = new Map<string, number>();
  /** How many more strangers may be enrolled, as of the last count. */
  #room = { left: 0, countedAt: Number.NEGATIVE_INFINITY };
  #foreignUnderWay = 0;
  #window = { since: Number.NEGATIVE_INFINITY, noted: 0 };

  constructor(options: AdmissionOptions) {
    this.#options = options;
    this.#knownIds = new KnownIds({ store: options.store, clock: { now: options.now } });
  }

  async admit(request: IncomingMessage): Promise<Admission> {
    const { store, log } = this.#options;
    const id = stationIdOf(request.url ?? '/');
    const address = request.socket.remoteAddress ?? null;
    if (id === undefined) {
      const url = request.url?.slice(0, 100);
      log.warn('refused: the URL names no station that could exist', { url, address });
      return refuse(
        400,
        'address',
        'The URL names no station that could exist: connect to /ocpp/<station id>',
      );
    }
    const offered = offeredProtocols(request);
    const agreed = subprotocols.find((protocol) => offered.includes(protocol));
    if (agreed === undefined && offered.length > 0) {
      const only = `only ${offered.join(', ').slice(0, 100)}`;
      const why = `it offers no common subprotocol (${only})`;
      log.warn(`refused: ${why}`, { station: id, address });
      this.#options.background(
        this.#noteForeign(id, `${why}; ${subprotocols.join(', ')} is spoken here`, address),
      );
      return refuseProtocol(only);
    }
    const station = await store.read((r) => r.stations.findById(id));
    const passage = await this.#options.gate.pass(request, id, station);
    if ('refusal' in passage) {
      // Told to nobody who asks, and taking no time: only those who may read the list learn that it is not known.
      if (!station) this.#options.background(this.#noteKnock({ id, address, offered }));
      return passage;
    }
    const { shown } = passage;
    if (station) return this.#admitKnown(station, { agreed, shown, address });
    const { unknownStations } = this.#options;
    if (unknownStations === 'reject') return this.#reject({ id, address, offered });
    if (agreed === undefined) {
      const create = `evfleet station create ${quoteForShell(id)} --assumed-protocol ${subprotocols[0]}`;
      log.warn(`refused: it offers no subprotocol; if it speaks OCPP 1.6: ${create}`, {
        station: id,
        address,
      });
      return refuseProtocol('none');
    }
    const enrolled = await this.#enrol(id, unknownStations === 'pending' ? 'pending' : 'accepted');
    if (enrolled) return { station: enrolled, protocol: agreed, shown };
    return this.#reject({ id, address, offered, why: 'too many strangers have been enrolled' });
  }

  #admitKnown(
    station: Station,
    {
      agreed,
      shown,
      address,
    }: {
      readonly agreed: string | undefined;
      readonly shown: ShownSecurity;
      readonly address: string | null;
    },
  ): Admission {
    if (agreed !== undefined) return { station, protocol: agreed, shown };
    const { log, breaches, refused } = this.#options;
    const { id, assumedProtocol } = station;
    if (assumedProtocol === null) {
      const allow = `evfleet station update ${quoteForShell(id)} --assumed-protocol ${subprotocols[0]}`;
      const reason = `it offers no subprotocol; if it speaks OCPP 1.6, allow it with: ${allow}`;
      log.warn(`refused: ${reason}`, { station: id });
      refused.note(station, { kind: 'station.refused', reason, address });
      return refuseProtocol('none');
    }
    const detail = `offers no subprotocol, ${assumedProtocol} is assumed`;
    breaches.note(station, { path: '', rule: 'subprotocol', detail });
    return { station, protocol: assumedProtocol, shown };
  }

  /** For the events of a station that is known; who asks is told neither way whether it is. */
  async #noteForeign(id: string, reason: string, address: string | null): Promise<void> {
    // Nothing else bounds these: they have not come as far as the gate, and a long write may keep them waiting.
    if (this.#foreignUnderWay >= foreignNotedAtOnce) return;
    this.#foreignUnderWay += 1;
    const { store, refused } = this.#options;
    try {
      const station = await store.read((r) => r.stations.findById(id));
      if (station) refused.note(station, { kind: 'station.refused', reason, address });
    } finally {
      this.#foreignUnderWay -= 1;
    }
  }

  /** Undefined when there is no room for it. */
  #enrol(id: string, registration: Registration): Promise<Station | undefined> {
    const { store, newId, now, log } = this.#options;
    return store.write(async (r) => {
      const known = await r.stations.findById(id);
      if (known) return known;
      if (!(await this.#takeRoom(r))) return undefined;
      log.info(`new station, ${registration}`, { station: id });
      const station = { ...newStation({ uuid: newId(), id, createdAt: now() }), registration };
      await r.stations.insert(station);
      await r.unknownStations.forget(id);
      const context = { r, station, receivedAt: station.createdAt };
      await note(context, 'station.registration', { registration, before: null });
      return station;
    });
  }

  /** Anybody can make up ids: those who are taken in by themselves must not fill the store (field trap 35). */
  async #takeRoom(r: Repositories): Promise<boolean> {
    const { now, unknownStations, maxPending, maxEnrolled } = this.#options;
    if (this.#room.left === 0 && Math.abs(now() - this.#room.countedAt) >= knockNotedEveryMs) {
      const counts = await r.stations.countByRegistration();
      const all = counts.reduce((sum, { stations }) => sum + stations, 0);
      const pending = counts.find(({ registration }) => registration === 'pending')?.stations ?? 0;
      const left =
        unknownStations === 'pending' ? Math.min(maxPending - pending, maxEnrolled - all) : maxEnrolled - all;
      this.#room = { left: Math.max(0, left), countedAt: now() };
    }
    if (this.#room.left === 0) return false;
    this.#room.left -= 1;
    return true;
  }

  async #reject(knock: Knock): Promise<Admission> {
    await this.#noteKnock(knock);
    // Nothing about those who are known: with one of their ids it would be let in.
    return refuse(404, 'unknown', `${knock.id} is not known here`);
  }

  async #noteKnock({ id, address, offered, why = 'it is not known here' }: Knock): Promise<void> {
    const { store, now, log } = this.#options;
    const at = now();
    const last = this.#lastNoted.get(id);
    if (last !== undefined && Math.abs(at - last) < knockNotedEveryMs) return;
    if (Math.abs(at - this.#window.since) >= knockNotedEveryMs) this.#window = { since: at, noted: 0 };
    if (this.#window.noted >= knocksNotedMax) return;
    this.#window.noted += 1;
    if (this.#lastNoted.size >= knocksRememberedMax) this.#lastNoted.clear();
    this.#lastNoted.set(id, at);
    const near = await this.#knownIds.similarTo(id);
    const hint = near === undefined ? '' : `; is it ${near}?`;
    const accept = `evfleet station accept ${quoteForShell(id)}`;
    log.warn(`refused: ${why}${hint}; take it in with: ${accept}`, { station: id, address });
    await store.write((r) =>
      r.unknownStations.note({ id, address, protocol: offered.join(',').slice(0, 100), at }),
    );
  }
}

function refuse(status: Refusal['status'], reason: RefusalReason, message: string): Admission {
  return { refusal: { status, reason, message } };
}

function refuseProtocol(offer: string): Admission {
  return refuse(
    400,
    'protocol',
    `No common WebSocket subprotocol: offered ${offer}, spoken here ${subprotocols.join(', ')}`,
  );
}

/**
 * The station's identity: the last segment of the path, percent-decoded once, whatever comes before it (field trap
 * 6: query strings, double and trailing slashes, short paths). Undefined when there is none a station could have.
 */
export function stationIdOf(url: string): string | undefined {
  const path = url.split(/[?#]/, 1)[0] ?? '';
  const segments = path.split('/').filter((segment) => segment !== '');
  const last = segments.at(-1);
  if (last === undefined || (segments.length === 1 && last === 'ocpp')) return undefined;
  try {
    const id = decodeURIComponent(last);
    checkStationId(id);
    return id;
  } catch {
    return undefined;
  }
}

function offeredProtocols(request: IncomingMessage): string[] {
  const header = request.headers['sec-websocket-protocol'] ?? '';
  return header
    .split(',')
    .map((protocol) => protocol.trim())
    .filter((protocol) => protocol !== '');
}
