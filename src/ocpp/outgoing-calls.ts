import { setMaxListeners } from 'node:events';
import { CallQueueFullError, CallTimeoutError, PeerClosedError } from './call-errors.js';
import { encodeCall, type Payload } from './frame.js';
import type { RpcError } from './rpc-error.js';

export interface CallOptions {
  /** How long to wait for the answer, counted from sending. */
  readonly timeoutMs?: number;
  /** How long to wait for the calls before this one. */
  readonly queueTimeoutMs?: number;
  /** Ends the waiting; the call fails with the signal's reason. */
  readonly signal?: AbortSignal;
}

export interface OutgoingCallsOptions {
  send(text: string, call: SentCall): void;
  newId(): string;
  schedule(delayMs: number, action: () => void): () => void;
  note(kind: 'late-answer' | 'unexpected-answer', detail: string): void;
  readonly callTimeoutMs: number;
  readonly queueTimeoutMs: number;
  readonly maxQueuedCalls: number;
  /** Milliseconds on any clock. */
  now(): number;
}

/** A call on the wire. */
export interface SentCall {
  readonly id: string;
  readonly action: string;
  /** By the clock of the options. */
  readonly sentAt: number;
}

interface Call extends SentCall {
  sentAt: number;
  readonly text: string;
  readonly timeoutMs: number;
  readonly signal: AbortSignal | undefined;
  readonly onAbort: () => void;
  readonly resolve: (payload: Payload) => void;
  readonly reject: (error: unknown) => void;
  cancelTimer: () => void;
  /** Nobody waits for the answer any more. */
  settled: boolean;
}

/** Ids of calls that were given up, kept to tell a late answer from one that nobody asked for. */
const rememberedExpiredIds = 16;

/**
 * The calls that we make: one on the wire at a time, the others wait in order (OCPP-J 1.6 §4.1.1: no second call
 * before the first is answered or has timed out; strict stations drop the connection otherwise).
 */
export class OutgoingCalls {
  readonly #options: OutgoingCallsOptions;
  readonly #queue: Call[] = [];
  readonly #expiredIds = new Set<string>();
  #sent: Call | undefined;
  #holds = 0;
  #closedBecause: string | undefined;

  constructor(options: OutgoingCallsOptions) {
    this.#options = options;
  }

  /** Calls that wait or are unanswered. */
  get size(): number {
    return this.#queue.length + (this.#sent === undefined ? 0 : 1);
  }

  call(action: string, payload: Payload, options: CallOptions): Promise<Payload> {
    return new Promise((resolve, reject) => {
      options.signal?.throwIfAborted();
      if (this.#closedBecause !== undefined) throw new PeerClosedError(action, this.#closedBecause, false);
      const mustWait = this.#sent !== undefined || this.#holds > 0;
      const { maxQueuedCalls, callTimeoutMs, queueTimeoutMs } = this.#options;
      if (mustWait && this.#queue.length >= maxQueuedCalls)
        throw new CallQueueFullError(action, maxQueuedCalls);
      const id = this.#options.newId();
      const call: Call = {
        id,
        action,
        sentAt: 0,
        text: encodeCall(id, action, payload),
        timeoutMs: options.timeoutMs ?? callTimeoutMs,
        signal: options.signal,
        onAbort: () => this.#abort(call),
        resolve,
        reject,
        cancelTimer: nothing,
        settled: false,
      };
      if (options.signal !== undefined) {
        // One signal ends all calls of a bulk command; Node 20 would warn of a leak at the eleventh.
        setMaxListeners(0, options.signal);
        options.signal.addEventListener('abort', call.onAbort, { once: true });
      }
      this.#queue.push(call);
      this.#sendNext();
      if (this.#queue.includes(call)) this.#expireInQueue(call, options.queueTimeoutMs ?? queueTimeoutMs);
    });
  }

  /** The call that waits for the answer with this id. */
  answeredBy(id: string): SentCall | undefined {
    return this.#sent?.id === id ? this.#sent : undefined;
  }

  /** Takes an answer; one that no call waits for is noted and dropped. */
  settle(id: string, answer: Payload | RpcError): void {
    const call = this.#sent;
    if (call === undefined || call.id !== id) {
      this.#noteStray(id);
      return;
    }
    this.#sent = undefined;
    call.cancelTimer();
    if (call.settled)
      this.#options.note('late-answer', `${call.action} (${id}) was answered after it was given up`);
    else if (answer instanceof Error) fail(call, answer);
    else succeed(call, answer);
    this.#sendNext();
  }

  /** Keeps calls from leaving until the returned function runs. Holds add up; releasing twice does nothing. */
  hold(): () => void {
    this.#holds += 1;
    let released = false;
    return () => {
      if (released) return;
      released = true;
      this.#holds -= 1;
      this.#sendNext();
    };
  }

  close(reason: string): void {
    if (this.#closedBecause !== undefined) return;
    this.#closedBecause = reason;
    const sent = this.#sent;
    this.#sent = undefined;
    if (sent !== undefined) {
      sent.cancelTimer();
      fail(sent, new PeerClosedError(sent.action, reason, true));
    }
    for (const call of this.#queue.splice(0)) {
      call.cancelTimer();
      fail(call, new PeerClosedError(call.action, reason, false));
    }
  }

  #sendNext(): void {
    while (this.#sent === undefined && this.#holds === 0) {
      const call = this.#queue.shift();
      if (call === undefined) return;
      call.cancelTimer();
      // Before sending: a peer in the same process may answer while `send` still runs.
      this.#sent = call;
      call.cancelTimer = this.#options.schedule(call.timeoutMs, () => this.#expire(call));
      call.sentAt = this.#options.now();
      try {
        this.#options.send(call.text, call);
      } catch (error) {
        call.cancelTimer();
        if (this.#sent === call) this.#sent = undefined;
        fail(call, new PeerClosedError(call.action, 'it could not be written', false, error));
      }
    }
  }

  #expire(call: Call): void {
    if (this.#sent !== call) return;
    this.#sent = undefined;
    this.#rememberExpired(call.id);
    fail(call, new CallTimeoutError(call.action, 'sent', call.timeoutMs));
    this.#sendNext();
  }

  #expireInQueue(call: Call, timeoutMs: number): void {
    call.cancelTimer = this.#options.schedule(timeoutMs, () => {
      if (this.#leaveQueue(call)) fail(call, new CallTimeoutError(call.action, 'queued', timeoutMs));
    });
  }

  #abort(call: Call): void {
    if (this.#leaveQueue(call)) call.cancelTimer();
    // A call on the wire keeps its place until the answer or the timeout: the peer is still working on it.
    fail(call, call.signal?.reason);
  }

  #leaveQueue(call: Call): boolean {
    const at = this.#queue.indexOf(call);
    if (at < 0) return false;
    this.#queue.splice(at, 1);
    return true;
  }

  #rememberExpired(id: string): void {
    this.#expiredIds.add(id);
    if (this.#expiredIds.size <= rememberedExpiredIds) return;
    for (const oldest of this.#expiredIds) {
      this.#expiredIds.delete(oldest);
      return;
    }
  }

  #noteStray(id: string): void {
    if (this.#expiredIds.delete(id))
      this.#options.note('late-answer', `${id} was answered after its timeout`);
    else this.#options.note('unexpected-answer', `no call ${id} waits for an answer`);
  }
}

function nothing(): void {}

function succeed(call: Call, payload: Payload): void {
  call.settled = true;
  call.signal?.removeEventListener('abort', call.onAbort);
  call.resolve(payload);
}

function fail(call: Call, error: unknown): void {
  if (call.settled) return;
  call.settled = true;
  call.signal?.removeEventListener('abort', call.onAbort);
  call.reject(error);
}
