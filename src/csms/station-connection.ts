import type { RawData, WebSocket } from 'ws';
import type { Clock } from '../domain/clock.js';
import { FleetError } from '../domain/errors.js';
import type { Registration, Station } from '../domain/model.js';
import type { ShownSecurity } from '../domain/station/security-profile.js';
import type { InboundCall } from '../ocpp/inbound-calls.js';
import { type FrameKind, type RpcNote, RpcPeer } from '../ocpp/rpc-peer.js';
import type { Breach } from '../ocpp/v16/breach.js';
import { BreachLog } from './breach-log.js';
import type { BreachRecord } from './breach-record.js';
import { CallContext, type CallDependencies } from './call-context.js';
import { abnormalClosure, type ConnectionEnd, endByError, endByPeer } from './connection-end.js';
import { type FlowLimits, InboundFlow } from './inbound-flow.js';
import { LifeSigns, type PingPolicy } from './life-signs.js';
import { answer16 } from './v16/adapter.js';

export interface ConnectionDependencies extends CallDependencies {
  readonly clock: Clock;
  readonly callTimeoutMs: number;
  /** Seconds between pings of stations that have no interval of their own. */
  readonly pingIntervalS: number;
  readonly flowLimits: FlowLimits;
  readonly maxMessageBytes: number;
  /** Bytes that may wait for a station that reads too slowly before its connection is given up. */
  readonly maxUnsentBytes: number;
  readonly observers: readonly FrameObserver[];
  readonly breaches: BreachRecord;
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

/** How long a station may take to answer our close frame. */
const closeTimeoutMs = 3000;

/**
 * Calls that may wait: more than the smallest frames that one read of a socket (64 KiB) can bring after reading was
 * stopped, so that none is refused.
 */
const inboxMax = 4096;

/** How often a station that sends too fast is mentioned. */
const throttleToldEveryMs = 60_000;

/** What a note says that the station does wrong. The others are matters of this side, or of time. */
const notedBreaches: ReadonlySet<RpcNote['kind']> = new Set([
  'malformed',
  'unknown-type',
  'unexpected-answer',
  'repeated-call',
]);

export interface NewConnection {
  readonly station: Station;
  readonly protocol: string;
  readonly shown: ShownSecurity;
  readonly address: string | null;
  /** The `Host` of its request. */
  readonly host?: string | undefined;
  /** Any number, different for stations that come at the same time. */
  readonly position: number;
}

/** One stay of a station on the server: its socket, its calls in both directions, its last sign of life. */
export class StationConnection {
  readonly uuid: string;
  readonly station: Readonly<Pick<Station, 'uuid' | 'id'>>;
  /** The version that is spoken: the subprotocol that was agreed on, or assumed. */
  readonly protocol: string;
  /** What it showed to be let in. */
  readonly shown: ShownSecurity;
  /** Where it connected from. */
  readonly address: string | null;
  readonly host: string | undefined;
  readonly openedAt: number;
  registration: Registration;
  lastSeenAt: number;
  readonly #socket: WebSocket;
  readonly #peer: RpcPeer;
  readonly #dependencies: ConnectionDependencies;
  readonly #breaches: BreachLog;
  readonly #flow: InboundFlow;
  readonly #lifeSigns: LifeSigns;
  /** What this side knows of how it ends; the first to know is right. */
  #end: Partial<ConnectionEnd> | undefined;
  /** What it still says is not wanted. */
  #isDeaf = false;
  #throttleToldAt = Number.NEGATIVE_INFINITY;
  #cancelCloseTimeout: (() => void) | undefined;

  constructor(
    socket: WebSocket,
    { station, protocol, shown, address, host, position }: NewConnection,
    dependencies: ConnectionDependencies,
  ) {
    this.#socket = socket;
    this.#dependencies = dependencies;
    this.station = { uuid: station.uuid, id: station.id };
    this.protocol = protocol;
    this.shown = shown;
    this.address = address;
    this.host = host;
    this.registration = station.registration;
    const { clock, newId, log, callTimeoutMs, observers, flowLimits, breaches } = dependencies;
    this.uuid = newId();
    this.openedAt = clock.now();
    this.lastSeenAt = this.openedAt;
    this.#lifeSigns = new LifeSigns(pingPolicy(station, dependencies.pingIntervalS), position);
    this.#flow = new InboundFlow(socket, flowLimits, clock, () => this.#tellThrottled());
    this.#breaches = new BreachLog(this.station, log, breaches);
    this.#peer = new RpcPeer({
      send: (text) => this.#send(text),
      handle: (call) => this.#answer(call),
      isUnanswerable: (error) => this.#isUnanswerable(error),
      newId,
      now: () => clock.now(),
      schedule: (delayMs, action) => clock.schedule(delayMs, action),
      callTimeoutMs,
      maxInbox: inboxMax,
      // Nothing may reach a station between its boot and our answer to that (OCPP 1.6 §4.2, field trap 14).
      holdCallsDuring: ['BootNotification'],
      tap: {
        frame(direction, kind, action, messageId, text, latencyMs) {
          for (const observer of observers)
            observer.frame(station.id, direction, kind, action, messageId, text, latencyMs);
        },
      },
      onNote: (note) => this.#noted(note),
    });
  }

  /** Begins to listen. To be called in the same turn in which the socket was opened, so that no frame is lost. */
  start(onEnd: (end: ConnectionEnd) => void): void {
    const socket = this.#socket;
    socket.on('message', (data, isBinary) => this.#receive(data, isBinary));
    const control = () => {
      this.#seen();
      this.#flow.received(0, 0);
    };
    socket.on('pong', control);
    socket.on('ping', control);
    socket.on('error', (error) => {
      this.#end ??= endByError(error, this.#dependencies.maxMessageBytes);
      this.#limitClosing();
    });
    socket.once('close', (code, reason) => {
      this.#cancelCloseTimeout?.();
      this.#flow.release();
      this.#peer.close('the connection was closed');
      onEnd({ ...endByPeer(code, reason.toString()), ...this.#end });
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

  /** To be called once a second: pings, or cuts off a station that is no more. */
  tick(): void {
    const { OPEN, readyState } = this.#socket;
    if (readyState !== OPEN) return;
    // What is not read cannot be a sign of life.
    if (this.#flow.isPaused) this.#lifeSigns.seen();
    switch (this.#lifeSigns.tick()) {
      case 'ping':
        this.#socket.ping();
        this.#cutIfItDoesNotRead();
        return;
      case 'lost':
        this.terminate(`no sign of life for ${this.#lifeSigns.patienceS} s`);
        return;
    }
  }

  /** The station was changed while it is connected. */
  stationChanged(station: Pick<Station, 'registration' | 'pingIntervalS' | 'expectsPong'>): void {
    this.registration = station.registration;
    this.#lifeSigns.setPolicy(pingPolicy(station, this.#dependencies.pingIntervalS));
  }

  /** Says goodbye; a station that does not answer in time is cut off. */
  close(code: number, reason: string): void {
    // A station that said goodbye before has ended it, whatever we say now.
    if (this.#socket.readyState === this.#socket.OPEN) this.#end ??= { code, reason, initiator: 'server' };
    // Its answer to the goodbye would not be read otherwise.
    if (this.#flow.isPaused) {
      this.#isDeaf = true;
      this.#flow.release();
    }
    this.#socket.close(code, reason);
    this.#limitClosing();
  }

  /** Cuts the connection at once; it counts as lost. */
  terminate(reason: string): void {
    this.#end ??= { code: abnormalClosure, reason, initiator: 'lost' };
    this.#socket.terminate();
  }

  #receive(data: RawData, isBinary: boolean): void {
    this.#seen();
    if (this.#isDeaf) return;
    if (isBinary) this.#breaches.noteFrame('binary', 'binary frame ignored');
    else this.#peer.receive(data.toString());
    this.#flow.received(this.#peer.pendingAnswers, this.#peer.pendingLength);
  }

  #seen(): void {
    this.lastSeenAt = this.#dependencies.clock.now();
    this.#lifeSigns.seen();
  }

  #send(text: string): void {
    if (this.#socket.readyState !== this.#socket.OPEN) throw new Error('the connection is closed');
    this.#socket.send(text);
    this.#cutIfItDoesNotRead();
  }

  #cutIfItDoesNotRead(): void {
    if (this.#socket.bufferedAmount <= this.#dependencies.maxUnsentBytes) return;
    this.#dependencies.log.warn('reads too slowly, connection cut', { station: this.station.id });
    this.terminate('it reads too slowly');
  }

  #answer(call: InboundCall): Promise<Record<string, unknown>> {
    this.#flow.taken(this.#peer.pendingAnswers, this.#peer.pendingLength);
    const context = new CallContext(this, this.#dependencies, this.#dependencies.clock.now());
    return answer16(call, context, this.registration, this.#tolerate);
  }

  readonly #tolerate = (action: string, breaches: readonly Breach[]): void =>
    this.#breaches.note(action, breaches);

  /**
   * What the disk did not take is not answered at all: a station repeats what got no answer when it is back, but may
   * drop what was answered by an error.
   */
  #isUnanswerable(error: unknown): boolean {
    if (!(error instanceof FleetError && error.code === 'STORE_FAILED')) return false;
    this.#end ??= { reason: 'the disk failed', initiator: 'server' };
    this.#socket.terminate();
    return true;
  }

  #noted({ kind, detail, cause }: RpcNote): void {
    if (notedBreaches.has(kind)) {
      this.#breaches.noteFrame(kind, detail);
      return;
    }
    const why = cause instanceof Error ? cause.message : undefined;
    this.#dependencies.log.warn(`${kind}: ${detail}`, { station: this.station.id, why });
  }

  #tellThrottled(): void {
    const { clock, flowLimits, log } = this.#dependencies;
    const now = clock.now();
    if (Math.abs(now - this.#throttleToldAt) < throttleToldEveryMs) return;
    this.#throttleToldAt = now;
    const { messagesPerS } = flowLimits;
    log.warn(`sends too fast: read at ${messagesPerS} messages a second`, { station: this.station.id });
  }

  #limitClosing(): void {
    this.#cancelCloseTimeout ??= this.#dependencies.clock.schedule(closeTimeoutMs, () =>
      this.#socket.terminate(),
    );
  }
}

function pingPolicy(
  { pingIntervalS, expectsPong }: Pick<Station, 'pingIntervalS' | 'expectsPong'>,
  defaultIntervalS: number,
): PingPolicy {
  return { intervalS: pingIntervalS ?? defaultIntervalS, expectsPong };
}
