import { setImmediate as endOfTurn } from 'node:timers/promises';
import type { Clock } from '../domain/clock.js';
import type { ConnectionStay } from '../domain/model.js';
import type { Repositories, Store } from '../domain/repositories.js';
import type { ConnectionEnd } from './connection-end.js';
import { note, type Speaker } from './rules/rule-context.js';

/** What is written down of a connection. */
export interface Stay {
  readonly uuid: string;
  readonly station: Speaker;
  readonly protocol: string;
  readonly address: string | null;
  readonly openedAt: number;
  readonly lastSeenAt: number;
}

interface Waiting {
  readonly write: (r: Repositories) => Promise<void>;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** Stays that are given an end in one transaction after a crash: some milliseconds. */
const endedAtOnce = 200;

/** Openings and endings that share a transaction. */
const writtenAtOnce = 500;

const reasonMaxLength = 200;

/** The server was killed, and what became of its connections nobody saw. */
const withoutGoodbye = {
  code: 1,
  initiator: 'server',
  reason: 'the server was stopped without a goodbye',
} as const satisfies ConnectionEnd;

/**
 * Writes down when stations came and went, each with its event. When a whole fleet comes back at once, what happens in
 * one turn of the event loop shares a transaction, in the order in which it happened.
 */
export class ConnectionHistory {
  readonly #store: Store;
  readonly #clock: Clock;
  #waiting: Waiting[] = [];
  #writing: Promise<void> = Promise.resolve();

  constructor({ store, clock }: { store: Store; clock: Clock }) {
    this.#store = store;
    this.#clock = clock;
  }

  /** To be called before stations connect: tidies up after a server that had no time to. */
  async start(): Promise<void> {
    for (;;) {
      const ended = await this.#store.write(async (r) => {
        const open = await r.connections.listOpen(endedAtOnce);
        for (const { lastSeenAt, ...stay } of open) await this.#endAfterCrash(r, stay, lastSeenAt);
        return open.length;
      });
      if (ended < endedAtOnce) break;
      await endOfTurn();
    }
    await this.#store.write((r) => r.stations.markAllOffline());
  }

  opened({ uuid, station, protocol, address, openedAt, lastSeenAt }: Stay): Promise<void> {
    return this.#add(async (r) => {
      const current = await r.stations.findById(station.id);
      // Deleted meanwhile, and perhaps created anew: then it is another one.
      if (current?.uuid !== station.uuid) return;
      await r.stations.update(station.uuid, { protocol, lastSeenAt, offlineSinceAt: null });
      const end = { closedAt: null, code: null, initiator: null, reason: null };
      const { uuid: stationUuid, id: stationId } = station;
      await r.connections.insert({ uuid, stationUuid, stationId, protocol, address, openedAt, ...end });
      const context = { r, station, receivedAt: openedAt };
      await note(context, 'station.connected', { connection: uuid, protocol, address });
    });
  }

  /** @param wasReplaced the station has another connection already, of which this end says nothing (field trap 1) */
  ended(
    { uuid, station, openedAt, lastSeenAt }: Stay,
    { code, initiator, reason }: ConnectionEnd,
    { wasReplaced }: { wasReplaced: boolean },
  ): Promise<void> {
    const closedAt = Math.max(openedAt, this.#clock.now());
    return this.#add(async (r) => {
      const said = reason === '' ? null : reason.slice(0, reasonMaxLength);
      if (!(await r.connections.end({ uuid, closedAt, code, initiator, reason: said }))) return;
      const detail = { connection: uuid, code, initiator, reason: said, wasReplaced };
      await note({ r, station, receivedAt: closedAt }, 'station.disconnected', detail);
      if (!wasReplaced) await r.stations.update(station.uuid, { lastSeenAt, offlineSinceAt: closedAt });
    });
  }

  async #endAfterCrash(r: Repositories, stay: ConnectionStay, lastSeenAt: number | null): Promise<void> {
    const { uuid, stationUuid, stationId, openedAt } = stay;
    const closedAt = Math.max(openedAt, lastSeenAt ?? openedAt);
    await r.connections.end({ uuid, closedAt, ...withoutGoodbye });
    const station = { uuid: stationUuid, id: stationId };
    const detail = { connection: uuid, ...withoutGoodbye, wasReplaced: false };
    await note({ r, station, receivedAt: this.#clock.now() }, 'station.disconnected', detail, {
      at: closedAt,
    });
  }

  #add(write: Waiting['write']): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ write, resolve, reject });
      if (this.#waiting.length === 1) setImmediate(() => void this.#writeAll());
    });
  }

  #writeAll(): Promise<void> {
    const all = this.#waiting;
    this.#waiting = [];
    const before = this.#writing;
    this.#writing = (async () => {
      // An end must not overtake its beginning.
      await before;
      for (let next = 0; next < all.length; next += writtenAtOnce) {
        await this.#write(all.slice(next, next + writtenAtOnce));
      }
    })();
    return this.#writing;
  }

  async #write(batch: readonly Waiting[]): Promise<void> {
    try {
      await this.#store.write(async (r) => {
        for (const { write } of batch) await write(r);
      });
      for (const { resolve } of batch) resolve();
    } catch (error) {
      if (batch.length === 1) batch[0]?.reject(error);
      // One that cannot be written must not cost the others of its turn.
      else for (const one of batch) await this.#write([one]);
    }
  }
}
