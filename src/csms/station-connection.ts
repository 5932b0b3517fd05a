import type { RawData, WebSocket } from 'ws';
import type { Clock, NewId } from '../domain/clock.js';
import { FleetError } from '../domain/errors.js';
import type { Log } from '../domain/log.js';
import type { Registration, Station } from '../domain/model.js';
import type { Store } from '../domain/repositories.js';
import type { InboundCall } from '../ocpp/inbound-calls.js';
import { type FrameKind, RpcPeer } from '../ocpp/rpc-peer.js';
import { BreachLog } from './breach-log.js';
import type { MeterInbox } from './meter-inbox.js';
import type { MeterReport } from './rules/add-meter-samples.js';
import type { RuleContext } from './rules/rule-context.js';
import { answer16 } from './v16/adapter.js';
import type { HandlerContext } from './v16/handler.js';

export interface ConnectionDependencies {
  readonly store: Store;
  readonly clock: Clock;
  readonly newId: NewId;
  readonly log: Log;
  readonly heartbeatIntervalS: number;
  readonly callTimeoutMs: number;
  readonly meterInbox: MeterInbox;
  readonly observers: readonly FrameObserver[];
  sessionChanged(): void;
}

/** Sees the frames of all stations, in both directions. On the hot path; must not throw. */
export interface FrameObserver {
  /** As FrameTap.frame, with the station that sent or gets the frame. */
  frame(
    stationId: string,
    direction: 'in' | 'out',
    kind: FrameKind,
    action: string | undefined,
    messageId: string | undefined,
    text: string,
    latencyMs: number | undefined,
  ): void;
}

/** How the end of a connection came about, as far as this side can tell. */
export interface ConnectionEnd {
  readonly code: number;
  readonly reason: string;
  readonly initiator: 'station' | 'server' | 'lost' | 'protocol';
}

/** Bytes that may wait for a station that reads too slowly before its connection is given up. */
const unsentMaxBytes = 16 * 1024 * 1024;

/** How long a station may take to answer our close frame. */
const closeTimeoutMs = 3000;

/** One stay of a station on the server: its socket, its calls in both directions, its last sign of life. */
export class StationConnection {
  readonly station: Readonly<Pick<Station, 'uuid' | 'id'>>;
  /** The subprotocol that was agreed on. */
  readonly protocol: string;
  registration: Registration;
  lastSeenAt: number;
  readonly #socket: WebSocket;
  readonly #peer: RpcPeer;
  readonly #dependencies: ConnectionDependencies;
  readonly #breaches: BreachLog;
  #closedByServer: string | undefined;
  #protocolError: string | undefined;
  #cancelCloseTimeout: (() => void) | undefined;

  constructor(socket: WebSocket, station: Station, dependencies: ConnectionDependencies) {
    this.#socket = socket;
    this.#dependencies = dependencies;
    this.station = { uuid: station.uuid, id: station.id };
    this.protocol = socket.protocol;
    this.registration = station.registration;
    const { clock, newId, log, callTimeoutMs, observers } = dependencies;
    this.lastSeenAt = clock.now();
    this.#breaches = new BreachLog(this.station, log);
    this.#peer = new RpcPeer({
      send: (text) => this.#send(text),
      handle: (call) => this.#answer(call),
      newId,
      now: () => clock.now(),
      schedule: (delayMs, action) => clock.schedule(delayMs, action),
      callTimeoutMs,
      // Nothing may reach a station between its boot and our answer to that (OCPP 1.6 §4.2, field trap 14).
      holdCallsDuring: ['BootNotification'],
      tap: {
        frame(...frame) {
          for (const observer of observers) observer.frame(station.id, ...frame);
        },
      },
      onNote: ({ kind, detail, cause }) => {
        const why = cause instanceof Error ? cause.message : undefined;
        log.warn(`${kind}: ${detail}`, { station: station.id, why });
      },
    });
  }

  /** Begins to listen. To be called in the same turn in which the socket was opened, so that no frame is lost. */
  start(onEnd: (end: ConnectionEnd) => void): void {
    const socket = this.#socket;
    socket.on('message', (data, isBinary) => this.#receive(data, isBinary));
    socket.on('pong', () => this.#seen());
    socket.on('ping', () => this.#seen());
    socket.on('error', (error) => {
      this.#protocolError = 'code' in error ? String(error.code) : error.message;
    });
    socket.once('close', (code, reason) => {
      this.#cancelCloseTimeout?.();
      this.#peer.close('the connection was closed');
      onEnd(this.#describeEnd(code, reason.toString()));
    });
  }

  get pendingCalls(): number {
    return this.#peer.pendingCalls;
  }

  get pendingAnswers(): number {
    return this.#peer.pendingAnswers;
  }

  /** @throws as RpcPeer.call */
  call(
    action: string,
    payload: Record<string, unknown>,
    options: { timeoutMs: number; queueTimeoutMs: number; signal?: AbortSignal },
  ) {
    return this.#peer.call(action, payload, options);
  }

  ping(): void {
    if (this.#socket.readyState === this.#socket.OPEN) this.#socket.ping();
  }

  /** Says goodbye; a station that does not answer in time is cut off. */
  close(code: number, reason: string): void {
    this.#closedByServer ??= reason;
    this.#socket.close(code, reason);
    this.#cancelCloseTimeout ??= this.#dependencies.clock.schedule(closeTimeoutMs, () =>
      this.#socket.terminate(),
    );
  }

  /** Cuts the connection at once. */
  terminate(): void {
    this.#socket.terminate();
  }

  #receive(data: RawData, isBinary: boolean): void {
    this.#seen();
    if (isBinary) {
      this.#dependencies.log.warn('binary frame ignored', { station: this.station.id });
      return;
    }
    this.#peer.receive(data.toString());
  }

  #seen(): void {
    this.lastSeenAt = this.#dependencies.clock.now();
  }

  #send(text: string): void {
    if (this.#socket.readyState !== this.#socket.OPEN) throw new Error('the connection is closed');
    this.#socket.send(text);
    if (this.#socket.bufferedAmount > unsentMaxBytes) {
      this.#dependencies.log.warn('reads too slowly, connection cut', { station: this.station.id });
      this.#socket.terminate();
    }
  }

  #answer(call: InboundCall): Promise<Record<string, unknown>> {
    const context = new CallContext(this, this.#dependencies);
    return answer16(call, context, this.registration, (action, breaches) =>
      this.#breaches.note(action, breaches),
    ).catch((error: unknown) => this.#fail(error));
  }

  /**
   * What the disk did not take is not answered at all: a station repeats what got no answer when it is back, but may
   * drop what was answered by an error.
   */
  #fail(error: unknown): Promise<never> {
    if (!(error instanceof FleetError && error.code === 'STORE_FAILED')) throw error;
    this.#socket.terminate();
    return new Promise(() => undefined);
  }

  #describeEnd(code: number, reason: string): ConnectionEnd {
    if (this.#closedByServer !== undefined)
      return { code, reason: this.#closedByServer, initiator: 'server' };
    if (this.#protocolError !== undefined)
      return { code, reason: this.#protocolError, initiator: 'protocol' };
    return { code, reason, initiator: code === 1006 ? 'lost' : 'station' };
  }
}

/** One call of a station, as its handler sees it. */
class CallContext implements HandlerContext {
  readonly receivedAt: number;
  readonly #connection: StationConnection;
  readonly #dependencies: ConnectionDependencies;

  constructor(connection: StationConnection, dependencies: ConnectionDependencies) {
    this.#connection = connection;
    this.#dependencies = dependencies;
    this.receivedAt = dependencies.clock.now();
  }

  get station() {
    return this.#connection.station;
  }

  get log() {
    return this.#dependencies.log;
  }

  get heartbeatIntervalS() {
    return this.#dependencies.heartbeatIntervalS;
  }

  transact<T>(rules: (context: RuleContext) => Promise<T>): Promise<T> {
    const { station, receivedAt } = this;
    const { store, newId } = this.#dependencies;
    return store.write((r) => rules({ r, station, receivedAt, newId }));
  }

  addMeterReport(report: Omit<MeterReport, 'station' | 'receivedAt'>): Promise<void> {
    const { connector, transactionId, measurements } = report;
    const { station, receivedAt } = this;
    return this.#dependencies.meterInbox.add({ station, receivedAt, connector, transactionId, measurements });
  }

  setRegistration(registration: Registration): void {
    this.#connection.registration = registration;
  }

  sessionChanged(): void {
    this.#dependencies.sessionChanged();
  }
}
