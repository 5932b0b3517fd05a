import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import type { Clock, NewId } from '../domain/clock.js';
import type { Log } from '../domain/log.js';
import type { Store } from '../domain/repositories.js';
import { Admissions, type Refusal, subprotocols, type UnknownStations } from './admission.js';
import { ConnectedStations } from './connected-stations.js';
import { ConnectionHistory } from './connection-history.js';
import type { ConnectionObserver } from './connection-observer.js';
import { MeterInbox } from './meter-inbox.js';
import { SessionChanges } from './session-changes.js';
import {
  type ConnectionDependencies,
  type ConnectionEnd,
  type FrameObserver,
  StationConnection,
} from './station-connection.js';

export interface CsmsOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly newId: NewId;
  readonly log: Log;
  readonly unknownStations: UnknownStations;
  /** Seconds between heartbeats, told to stations that have no interval of their own. Default 300. */
  readonly heartbeatIntervalS?: number;
  /** How often stations are pinged; one that was silent for two such intervals is cut off. Default 30,000. */
  readonly pingIntervalMs?: number;
  /** Largest message taken from a station; a longer one closes its connection with 1009. Default 8 MiB. */
  readonly maxMessageBytes?: number;
  readonly maxConnections?: number;
  /** Told of every frame that passes. */
  readonly observers?: readonly FrameObserver[];
  readonly connectionObserver?: ConnectionObserver;
}

/** How often the last signs of life of connected stations are written down. */
const touchIntervalMs = 60_000;

/** The central system: admits stations, keeps their connections and answers what they send. */
export class Csms {
  readonly live: ConnectedStations;
  readonly #options: CsmsOptions;
  readonly #admissions: Admissions;
  readonly #history: ConnectionHistory;
  readonly #sessionChanges = new SessionChanges();
  readonly #upgrader: WebSocketServer;
  readonly #dependencies: ConnectionDependencies;
  /** Work that outlives the event that began it; waited for at the end. */
  readonly #background = new Set<Promise<void>>();
  readonly #cancelTimers: (() => void)[] = [];
  #closing = false;

  constructor(options: CsmsOptions) {
    this.#options = options;
    const { store, clock, newId, log, unknownStations } = options;
    this.#admissions = new Admissions({ store, now: () => clock.now(), newId, log, unknownStations });
    this.#history = new ConnectionHistory({ store, clock });
    this.live = new ConnectedStations({ store, clock, changes: this.#sessionChanges });
    this.#upgrader = new WebSocketServer({
      noServer: true,
      clientTracking: false,
      maxPayload: options.maxMessageBytes ?? 8 * 1024 * 1024,
      handleProtocols: (offered) => subprotocols.find((protocol) => offered.has(protocol)) ?? false,
    });
    this.#dependencies = {
      store,
      clock,
      newId,
      log,
      heartbeatIntervalS: options.heartbeatIntervalS ?? 300,
      callTimeoutMs: 30_000,
      meterInbox: new MeterInbox(store),
      observers: options.observers ?? [],
      sessionChanged: () => this.#sessionChanges.notify(),
    };
  }

  /** To be called once before stations connect: tidies up after a server that had no time to. */
  async start(): Promise<void> {
    await this.#history.start();
    const pingIntervalMs = this.#options.pingIntervalMs ?? 30_000;
    this.#repeat(pingIntervalMs, () => this.#pingAll(pingIntervalMs));
    this.#repeat(touchIntervalMs, () => this.#run(this.#touchAll()));
  }

  /** Handler for the `upgrade` event of an HTTP server. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    // A client that goes away while its admission is decided must not take the process with it.
    socket.on('error', () => undefined);
    this.#run(this.#admit(request, socket, head));
  }

  /** Says goodbye to all stations, waits until what they sent is dealt with. */
  async close(): Promise<void> {
    this.#closing = true;
    for (const cancel of this.#cancelTimers) cancel();
    await this.live.closeAll(1001, 'the server is stopping');
    while (this.#background.size > 0) await Promise.all(this.#background);
    this.#upgrader.close();
  }

  async #admit(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    if (this.#closing || this.live.size >= (this.#options.maxConnections ?? 20_000)) {
      refuse(socket, { status: 503, message: 'The server takes no more connections now' });
      return;
    }
    const admission = await this.#admissions.admit(request).catch((error: unknown) => {
      // Nothing else would ever end this socket: no time limit of HTTP counts once it was handed over.
      refuse(socket, { status: 503, message: 'The server cannot decide on this station now' });
      throw error;
    });
    if ('refusal' in admission) {
      refuse(socket, admission.refusal);
      return;
    }
    if (socket.destroyed || this.#closing) {
      socket.destroy();
      return;
    }
    const { station } = admission;
    this.#upgrader.handleUpgrade(request, socket, head, (webSocket) => {
      const connection = new StationConnection(webSocket, station, this.#dependencies);
      connection.start((end) => this.#run(this.#ended(connection, end)));
      this.live.add(connection);
      this.#run(this.#connected(connection));
    });
  }

  async #connected(connection: StationConnection): Promise<void> {
    const { station, protocol } = connection;
    this.#options.log.info('connected', { station: station.id, protocol });
    this.#options.connectionObserver?.opened();
    await this.#history.opened(connection);
    // It may have been changed or deleted between its admission and now, when nobody knew of this connection.
    await this.live.stationChanged(station);
  }

  async #ended(connection: StationConnection, end: ConnectionEnd): Promise<void> {
    const { station } = connection;
    const level = end.initiator === 'protocol' ? 'warn' : 'info';
    this.#options.log[level]('disconnected', { station: station.id, ...end });
    this.#options.connectionObserver?.closed(end);
    await this.#history.ended(connection, end, { wasReplaced: !this.live.remove(connection) });
  }

  #pingAll(intervalMs: number): void {
    const now = this.#options.clock.now();
    for (const connection of this.live.connections()) {
      if (now - connection.lastSeenAt > 2 * intervalMs) connection.terminate();
      else connection.ping();
    }
  }

  async #touchAll(): Promise<void> {
    const seen = [...this.live.connections()].map(({ station, lastSeenAt }) => ({
      uuid: station.uuid,
      lastSeenAt,
    }));
    if (seen.length > 0) await this.#options.store.write((r) => r.stations.touch(seen));
  }

  #repeat(intervalMs: number, action: () => void): void {
    let cancel = (): void => undefined;
    const next = (): void => {
      cancel = this.#options.clock.schedule(intervalMs, () => {
        action();
        if (!this.#closing) next();
      });
    };
    next();
    this.#cancelTimers.push(() => cancel());
  }

  #run(work: Promise<void>): void {
    const settled = work
      .catch((error: unknown) =>
        this.#options.log.error(error instanceof Error ? error.message : String(error)),
      )
      .finally(() => this.#background.delete(settled));
    this.#background.add(settled);
  }
}

const phrases: Record<Refusal['status'], string> = {
  400: 'Bad Request',
  404: 'Not Found',
  503: 'Service Unavailable',
};

function refuse(socket: Duplex, { status, message }: Refusal): void {
  const body = `${message}\n`;
  socket.end(
    `HTTP/1.1 ${status} ${phrases[status]}\r\nContent-Type: text/plain; charset=utf-8\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
  socket.once('finish', () => socket.destroy());
}
