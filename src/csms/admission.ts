import type { IncomingMessage } from 'node:http';
import type { NewId } from '../domain/clock.js';
import { checkStationId } from '../domain/identifiers.js';
import type { Log } from '../domain/log.js';
import type { Registration, Station } from '../domain/model.js';
import { newStation } from '../domain/new-entities.js';
import type { Store } from '../domain/repositories.js';

/** The subprotocols that are spoken, best first. */
export const subprotocols = ['ocpp1.6'] as const;

export interface Refusal {
  readonly status: 400 | 404 | 503;
  readonly message: string;
}

export type Admission = { readonly station: Station } | { readonly refusal: Refusal };

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
  readonly unknownStations: UnknownStations;
}

/** The same stranger is written down at most this often: knocking must not wear out the disk (field trap 35). */
const knockNotedEveryMs = 5000;
const knocksRememberedMax = 1000;

/** Strangers written down in such a time, whatever they call themselves; the others are listed when they come back. */
const knocksNotedMax = 200;

/** Decides on upgrade requests: who is it, and may it in? */
export class Admissions {
  readonly #options: AdmissionOptions;
  readonly #lastNoted = new Map<string, number>();
  #window = { since: Number.NEGATIVE_INFINITY, noted: 0 };

  constructor(options: AdmissionOptions) {
    this.#options = options;
  }

  async admit(request: IncomingMessage): Promise<Admission> {
    const { store, log } = this.#options;
    const id = stationIdOf(request.url ?? '/');
    if (id === undefined) {
      const { remoteAddress: address } = request.socket;
      log.warn('refused: the URL names no station that could exist', {
        url: request.url?.slice(0, 100),
        address,
      });
      return refuse(400, 'The URL names no station that could exist: connect to /ocpp/<station id>');
    }
    const offered = offeredProtocols(request);
    if (!subprotocols.some((protocol) => offered.includes(protocol))) {
      const offer = offered.length > 0 ? `only ${offered.join(', ')}` : 'none';
      log.warn(`refused: it offers no common subprotocol (${offer})`, { station: id });
      return refuse(
        400,
        `No common WebSocket subprotocol: offered ${offer}, spoken here ${subprotocols.join(', ')}`,
      );
    }
    const station = await store.read((r) => r.stations.findById(id));
    if (station) return { station };
    switch (this.#options.unknownStations) {
      case 'accept':
        return { station: await this.#enrol(id, 'accepted') };
      case 'pending':
        return { station: await this.#enrol(id, 'pending') };
      case 'reject':
        await this.#noteKnock(id, request, offered);
        return refuse(404, 'This station is not known here');
    }
  }

  async #enrol(id: string, registration: Registration): Promise<Station> {
    const { store, newId, now, log } = this.#options;
    log.info(`new station, ${registration}`, { station: id });
    return store.write(async (r) => {
      const known = await r.stations.findById(id);
      if (known) return known;
      const station = { ...newStation({ uuid: newId(), id, createdAt: now() }), registration };
      await r.stations.insert(station);
      await r.unknownStations.forget(id);
      return station;
    });
  }

  async #noteKnock(id: string, request: IncomingMessage, offered: readonly string[]): Promise<void> {
    const { store, now, log } = this.#options;
    const at = now();
    if (at - (this.#lastNoted.get(id) ?? Number.NEGATIVE_INFINITY) < knockNotedEveryMs) return;
    if (at - this.#window.since >= knockNotedEveryMs) this.#window = { since: at, noted: 0 };
    if (this.#window.noted >= knocksNotedMax) return;
    this.#window.noted += 1;
    if (this.#lastNoted.size >= knocksRememberedMax) this.#lastNoted.clear();
    this.#lastNoted.set(id, at);
    const address = request.socket.remoteAddress ?? null;
    log.warn('refused: not in the topology; add it with: evfleet station create', { station: id, address });
    await store.write((r) =>
      r.unknownStations.note({ id, address, protocol: offered.join(',').slice(0, 100), at }),
    );
  }
}

function refuse(status: Refusal['status'], message: string): Admission {
  return { refusal: { status, message } };
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
