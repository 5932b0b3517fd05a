import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { closedDesk } from '../domain/certificate/certificate-desk.js';
import { Admissions, stationIdOf } from './admission.js';
import { AdmissionQueue } from './admission-queue.js';
import { BreachRecord } from './breach-record.js';
import { ConnectedStations } from './connected-stations.js';
import type { ConnectionEnd } from './connection-end.js';
import { ConnectionHistory } from './connection-history.js';
import { createGate } from './create-gate.js';
import type { CsmsOptions } from './csms-options.js';
import { LimitedLog } from './limited-log.js';
import { MeterInbox } from './meter-inbox.js';
import { type Refusal, refuse } from './refusal.js';
import { RefusedStations } from './refused-stations.js';
import { SessionChanges } from './session-changes.js';
import { type ConnectionDependencies, type NewConnection, StationConnection } from './station-connection.js';

/** How often the last signs of life of connected stations are written down. */
const touchIntervalMs = 60_000;

/** How often some of what stations do wrong is written down. */
const breachIntervalMs = 5000;

/** How long a station may wait to be let in: longer than that, most give up by themselves. */
const admissionMaxWaitS = 15;

/** A station may use up ten seconds of its messages at once: what it kept while it was offline. */
const burstS = 10;

/** Idle connections are probed after this time by TCP, which finds out what nobody else tells. */
const keepAliveAfterMs = 60_000;

/** A station that was turned away is asked to come back after so many seconds, not all at the same. */
const retryAfterS = { least: 5, spread: 25 };

interface Knock {
  readonly request: IncomingMessage;
  readonly socket: Duplex;
  readonly head: Buffer;
}

/** The central system: admits stations, keeps their connections and answers what they send. */
export class Csms {
  readonly live: ConnectedStations;
  /** For what strangers can cause: none of them can fill it. */
  readonly log: LimitedLog;
  readonly #options: CsmsOptions;
  readonly #admissions: Admissions;
  readonly #queue: AdmissionQueue<Knock>;
  readonly #history: ConnectionHistory;
  readonly #breaches: BreachRecord;
  readonly #refused: RefusedStations;
  readonly #sessionChanges = new SessionChanges();
  readonly #upgrader: WebSocketServer;
  readonly #dependencies: ConnectionDependencies;
  /** Work that outlives the event that began it; waited for at the end. */
  readonly #background = new Set<Promise<void>>();
  readonly #cancelTimers: (() => void)[] = [];
  #cancelTick: (() => void) | undefined;
  #admitted = 0;
  #turnedAway = 0;
  #closing = false;

  constructor(options: CsmsOptions) {
    this.#options = options;
    const { store, clock, newId, unknownStations } = options;
    const now = () => clock.now();
    const log = new LimitedLog(options.log);
    this.log = log;
    this.#breaches = new BreachRecord({ store, now });
    const { minSecurityProfile = 0 } = options;
    this.#refused = new RefusedStations({ store, now });
    this.#admissions = new Admissions({
      gate: createGate(options, { now, log, refused: this.#refused }),
      background: (work) => void this.#run(work),
      store,
      now,
      newId,
      log,
      breaches: this.#breaches,
      refused: this.#refused,
      unknownStations,
      maxPending: options.maxPending ?? 1000,
      maxEnrolled: options.maxEnrolled ?? Math.max(20_000, options.maxConnections ?? 0),
    });
    this.#queue = new AdmissionQueue({
      admit: (knock) => this.#run(this.#admit(knock)),
      turnAway: (knock) => this.#turnAway(knock),
      isGone: ({ socket }) => socket.destroyed,
      maxAdmitting: options.maxAdmissions ?? 256,
      maxWaiting: options.maxWaitingAdmissions ?? 8192,
      maxWaitS: admissionMaxWaitS,
    });
    this.#history = new ConnectionHistory({ store, clock });
    this.live = new ConnectedStations({
      store,
      clock,
      changes: this.#sessionChanges,
      refused: this.#refused,
      log,
      minSecurityProfile,
    });
    const maxMessageBytes = options.maxMessageBytes ?? 8 * 1024 * 1024;
    this.#upgrader = new WebSocketServer({
      noServer: true,
      clientTracking: false,
      maxPayload: maxMessageBytes,
    });
    const messagesPerS = options.maxMessageRate ?? 200;
    this.#dependencies = {
      store,
      clock,
      newId,
      log,
      heartbeatIntervalS: options.heartbeatIntervalS ?? 300,
      pingIntervalS: Math.max(1, Math.round((options.pingIntervalMs ?? 30_000) / 1000)),
      callTimeoutMs: 30_000,
      maxMessageBytes,
      maxUnsentBytes: options.maxUnsentBytes ?? 16 * 1024 * 1024,
      flowLimits: { messagesPerS, burst: messagesPerS * burstS },
      meterInbox: new MeterInbox(store),
      certificateDesk: options.certificateDesk ?? closedDesk,
      observers: options.observers ?? [],
      breaches: this.#breaches,
      sessionChanged: () => this.#sessionChanges.notify(),
      stationChanged: (uuid) => this.#sessionChanges.notifyStation(uuid),
    };
  }

  /** To be called once before stations connect: tidies up after a server that had no time to. */
  async start(): Promise<void> {
    await this.#history.start();
    this.#repeat(touchIntervalMs, () => {
      void this.#run(this.#touchAll());
      this.log.endMinute();
    });
    this.#repeat(breachIntervalMs, () => {
      void this.#run(this.#breaches.writeSome());
      void this.#run(this.#refused.writeDue());
    });
  }

  /** Handler for the `upgrade` event of an HTTP server. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    // A client that goes away while its admission is decided must not take the process with it.
    socket.on('error', () => undefined);
    const knock = { request, socket, head };
    const isFull = this.live.size >= (this.#options.maxConnections ?? 20_000);
    if (this.#closing || (isFull && !this.#replacesItself(request))) {
      this.#turnAway(knock);
      return;
    }
    this.#queue.enter(request.socket.remoteAddress ?? '', request.url ?? '', knock);
    this.#keepTicking();
  }

  /** Says goodbye to all stations, waits until what they sent is dealt with. */
  async close(): Promise<void> {
    this.#closing = true;
    for (const cancel of this.#cancelTimers) cancel();
    this.#queue.close();
    await this.live.closeAll(1001, 'the server is stopping');
    this.#cancelTick?.();
    while (this.#background.size > 0) await Promise.all(this.#background);
    for (const record of [this.#breaches, this.#refused]) {
      await record.writeAll().catch((error: unknown) => this.#failed(error));
    }
    this.log.endMinute();
    this.#upgrader.close();
  }

  async #admit(knock: Knock): Promise<void> {
    const { request, socket, head } = knock;
    const admission = await this.#admissions.admit(request).catch((error: unknown) => {
      // Nothing else would ever end this socket: no time limit of HTTP counts once it was handed over.
      const message = 'The server cannot decide on this station now';
      this.#refuse(socket, { status: 503, message, reason: 'failed' });
      throw error;
    });
    if ('refusal' in admission) {
      this.#refuse(socket, admission.refusal);
      return;
    }
    if (socket.destroyed || this.#closing) {
      socket.destroy();
      return;
    }
    const { station, protocol, shown } = admission;
    // What was agreed on and nothing else: an empty offer, and any other that is written oddly, is an error to `ws`.
    const { headers } = request;
    if (headers['sec-websocket-protocol']?.trim()) headers['sec-websocket-protocol'] = protocol;
    else delete headers['sec-websocket-protocol'];
    this.#upgrader.handleUpgrade(request, socket, head, (webSocket) => {
      request.socket.setKeepAlive(true, keepAliveAfterMs);
      const address = request.socket.remoteAddress ?? null;
      this.#letIn(webSocket, { station, protocol, shown, address, host: request.headers.host });
    });
  }

  /** Apart from the admission, whose request would otherwise be kept for as long as the station stays. */
  #letIn(webSocket: WebSocket, stay: Omit<NewConnection, 'position'>): void {
    this.#admitted += 1;
    const position = this.#admitted;
    const connection = new StationConnection(webSocket, { ...stay, position }, this.#dependencies);
    connection.start((end) => void this.#run(this.#ended(connection, end)));
    this.live.add(connection);
    this.#refused.letIn(stay.station.uuid);
    void this.#run(this.#connected(connection));
    this.#keepTicking();
  }

  /** Its old connection may be dead without anybody knowing: its place is its own (field trap 2). */
  #replacesItself(request: IncomingMessage): boolean {
    const id = stationIdOf(request.url ?? '/');
    for (const { station } of this.live.connections()) if (station.id === id) return true;
    return false;
  }

  #turnAway({ request, socket }: Knock): void {
    if (socket.destroyed) return;
    this.#turnedAway += 1;
    const { least, spread } = retryAfterS;
    const afterS = least + (this.#turnedAway % spread);
    const address = request.socket.remoteAddress;
    if (!this.#closing) this.log.warn('turned away: more come than can be let in', { address });
    const message = 'The server takes no more connections now';
    this.#refuse(socket, { status: 503, message, reason: 'full', retryAfterS: afterS });
  }

  #refuse(socket: Duplex, refusal: Refusal): void {
    this.#options.connectionObserver?.refused(refusal.reason);
    refuse(socket, refusal);
  }

  async #connected(connection: StationConnection): Promise<void> {
    const { station, protocol } = connection;
    this.log.info('connected', { station: station.id, protocol });
    this.#options.connectionObserver?.opened();
    await this.#history.opened(connection);
    // It may have been changed or deleted between its admission and now, when nobody knew of this connection.
    await this.live.stationChanged(station);
  }

  async #ended(connection: StationConnection, end: ConnectionEnd): Promise<void> {
    const { station } = connection;
    const level = end.initiator === 'protocol' ? 'warn' : 'info';
    this.log[level]('disconnected', { station: station.id, ...end });
    this.#options.connectionObserver?.closed(end);
    await this.#history.ended(connection, end, { wasReplaced: !this.live.remove(connection) });
  }

  /** Once a second, as long as somebody is there. */
  #keepTicking(): void {
    this.#cancelTick ??= this.#options.clock.schedule(1000, () => {
      this.#cancelTick = undefined;
      for (const connection of this.live.connections()) connection.tick();
      this.#queue.tick();
      if (this.live.size > 0 || this.#queue.waiting > 0) this.#keepTicking();
    });
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

  #run(work: Promise<void>): Promise<void> {
    const settled = work
      .catch((error: unknown) => this.#failed(error))
      .finally(() => this.#background.delete(settled));
    this.#background.add(settled);
    return settled;
  }

  #failed(error: unknown): void {
    this.#options.log.error(error instanceof Error ? error.message : String(error));
  }
}
