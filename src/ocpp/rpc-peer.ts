import { encodeError, type MalformedFrame, type Payload, parseFrame } from './frame.js';
import { type AnsweredCall, type InboundCall, InboundCalls } from './inbound-calls.js';
import { type CallOptions, OutgoingCalls } from './outgoing-calls.js';
import { type ErrorSpelling, RpcError } from './rpc-error.js';

/** Something worth a line in the communication log that concerns nobody who waits for an answer. */
export interface RpcNote {
  readonly kind:
    | 'late-answer'
    | 'unexpected-answer'
    | 'malformed'
    | 'unknown-type'
    | 'repeated-call'
    | 'inbox-full'
    | 'handler-failed'
    | 'unsent-answer'
    | 'send-failed'
    | 'callback-failed';
  readonly detail: string;
  /** What was thrown, for `handler-failed`, `send-failed` and `callback-failed`. */
  readonly cause?: unknown;
}

export interface RpcPeerOptions {
  /** Writes one text frame. When it throws, the frame counts as not sent. */
  send(text: string): void;
  /** Answers a call. Throw an RpcError to answer a CALLERROR; anything else thrown answers InternalError. */
  handle(call: InboundCall): Promise<Payload>;
  /** Whether what `handle` threw leaves the call without any answer, and those behind it as well. */
  isUnanswerable?(error: unknown): boolean;
  /** A message id of at most 36 characters that was never used on this connection. */
  newId(): string;
  /** Runs `action` once after `delayMs`; the returned function cancels it. */
  schedule(delayMs: number, action: () => void): () => void;
  /** How long to wait for an answer, counted from sending. Default 30,000. */
  readonly callTimeoutMs?: number;
  /** How long a call may wait for those before it. Default 60,000. */
  readonly queueTimeoutMs?: number;
  /** Calls that may wait to be sent. Default 64. */
  readonly maxQueuedCalls?: number;
  /** Calls of the peer that may wait while one is handled; more are answered InternalError. Default 1,000. */
  readonly maxInbox?: number;
  /** Answers kept for messages that the peer sends again. Default 16. */
  readonly rememberedAnswers?: number;
  /** How long such an answer is given again, counted from the first time. Default 60,000. */
  readonly rememberAnswersMs?: number;
  /** Milliseconds on any clock, for `rememberAnswersMs` and latencies. */
  now(): number;
  /** Actions of the peer during which no call of ours leaves: from their arrival until their answer is written. */
  readonly holdCallsDuring?: readonly string[];
  /** Spelling of the error codes that are sent. Default '1.6'. */
  readonly errorSpelling?: ErrorSpelling;
  /** Runs right after the answer to `call` was written: the first moment when things may follow from it. */
  afterAnswer?(call: InboundCall, answer: 'result' | 'error'): void;
  onNote?(note: RpcNote): void;
  /** Told of every text frame, in the order of the wire; of those sent, right after they were written. */
  readonly tap?: FrameTap;
}

/** What a frame is. `other`: no message of OCPP. */
export type FrameKind = 'call' | 'result' | 'error' | 'other';

/** Sees the frames of one connection, in both directions. On the hot path: no object for every frame. */
export interface FrameTap {
  /**
   * @param action of answers, the action that they answer; undefined when that is not known
   * @param latencyMs of answers, the time since their call; undefined for calls and when it is not known
   */
  frame(
    direction: 'in' | 'out',
    kind: FrameKind,
    action: string | undefined,
    messageId: string | undefined,
    text: string,
    latencyMs: number | undefined,
  ): void;
}

/**
 * One end of an OCPP-J connection, the same for the central system and for a station; it knows no sockets.
 *
 * - Calls of the peer are handled in order and one at a time; answers to our calls are delivered at once.
 * - Our calls leave one at a time; answers never wait behind them (OCPP-J 1.6 §4.1.1).
 * - A call that is received again, same id and same text, gets the same answer and is not handled again. Another text
 *   under the same id is a new call.
 * - Every queue and every wait has a limit.
 */
export class RpcPeer {
  readonly #options: RpcPeerOptions;
  readonly #outgoing: OutgoingCalls;
  readonly #inbound: InboundCalls;
  readonly #tap: FrameTap | undefined;
  readonly #now: () => number;
  #closed = false;

  constructor(options: RpcPeerOptions) {
    this.#options = options;
    const note = (kind: RpcNote['kind'], detail: string, cause?: unknown) => this.#note(kind, detail, cause);
    const holding = new Set(options.holdCallsDuring);
    this.#tap = options.tap;
    const now = () => options.now();
    this.#now = now;
    this.#outgoing = new OutgoingCalls({
      send: (text, { action, id }) => {
        options.send(text);
        this.#tap?.frame('out', 'call', action, id, text, undefined);
      },
      now,
      newId: () => options.newId(),
      schedule: (delayMs, action) => options.schedule(delayMs, action),
      note,
      callTimeoutMs: options.callTimeoutMs ?? 30_000,
      queueTimeoutMs: options.queueTimeoutMs ?? 60_000,
      maxQueuedCalls: options.maxQueuedCalls ?? 64,
    });
    this.#inbound = new InboundCalls({
      send: (text, kind, call) => this.#sendAnswer(text, kind, call),
      handle: (call) => options.handle(call),
      isUnanswerable: (error) => options.isUnanswerable?.(error) === true,
      afterAnswer: (call, answer) => this.#afterAnswer(call, answer),
      hold: (action) => (holding.has(action) ? this.#outgoing.hold() : undefined),
      note,
      maxInbox: options.maxInbox ?? 1_000,
      rememberedAnswers: options.rememberedAnswers ?? 16,
      rememberAnswersMs: options.rememberAnswersMs ?? 60_000,
      now,
      errorSpelling: options.errorSpelling ?? '1.6',
    });
  }

  /** Our calls that wait or are unanswered. */
  get pendingCalls(): number {
    return this.#outgoing.size;
  }

  /** Calls of the peer that wait or are being handled. */
  get pendingAnswers(): number {
    return this.#inbound.size;
  }

  /** Characters of the peer's calls that wait. */
  get pendingLength(): number {
    return this.#inbound.waitingLength;
  }

  /** Takes one text frame from the peer. Never throws. */
  receive(text: string): void {
    if (this.#closed) return;
    const frame = parseFrame(text);
    switch (frame.kind) {
      case 'call':
        this.#tap?.frame('in', 'call', frame.action, frame.id, text, undefined);
        this.#inbound.receive(frame, text);
        return;
      case 'result':
        this.#tapAnswer('result', frame.id, text);
        this.#outgoing.settle(frame.id, frame.payload);
        return;
      case 'error':
        this.#tapAnswer('error', frame.id, text);
        this.#outgoing.settle(frame.id, new RpcError(frame.code, frame.description, frame.details));
        return;
      case 'unknown':
        this.#tap?.frame('in', 'other', undefined, undefined, text, undefined);
        this.#note('unknown-type', `message type ${frame.messageType} ignored`);
        return;
      case 'malformed':
        this.#tap?.frame('in', 'other', undefined, frame.id, text, undefined);
        this.#malformed(frame);
        return;
    }
  }

  /**
   * Sends a call and waits for its answer.
   *
   * @throws RpcError (the peer answered CALLERROR), CallTimeoutError, CallQueueFullError, PeerClosedError, the abort
   *   reason of `options.signal`, or what `newId` and the encoding throw (a programming error). Always as a rejection.
   */
  call(action: string, payload: Payload, options: CallOptions = {}): Promise<Payload> {
    return this.#outgoing.call(action, payload, options);
  }

  /** Fails everything that waits with PeerClosedError; nothing is sent or received any more. */
  close(reason: string): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#inbound.close();
    this.#outgoing.close(reason);
  }

  #malformed(frame: MalformedFrame): void {
    const { id, wireId, code, reason } = frame;
    this.#note('malformed', id === undefined ? reason : `${reason} (${id})`);
    if (frame.of === 'call' && wireId !== undefined) {
      const answer = encodeError(wireId, { code, description: reason }, this.#options.errorSpelling);
      this.#sendAnswer(answer, 'error', { id });
    } else if (frame.of === 'answer' && id !== undefined) {
      // Its call would otherwise wait for the timeout although the peer believes that it has answered.
      this.#outgoing.settle(id, new RpcError(code, `unreadable answer: ${reason}`));
    }
  }

  #tapAnswer(kind: 'result' | 'error', id: string, text: string): void {
    if (this.#tap === undefined) return;
    const call = this.#outgoing.answeredBy(id);
    this.#tap.frame('in', kind, call?.action, id, text, call && this.#now() - call.sentAt);
  }

  #sendAnswer(text: string, kind: 'result' | 'error', call: Partial<AnsweredCall>): boolean {
    try {
      this.#options.send(text);
    } catch (error) {
      this.#note('send-failed', 'an answer could not be written', error);
      return false;
    }
    const { id, action, receivedAt } = call;
    const latencyMs = receivedAt === undefined ? undefined : this.#now() - receivedAt;
    this.#tap?.frame('out', kind, action, id, text, latencyMs);
    return true;
  }

  #afterAnswer(call: InboundCall, answer: 'result' | 'error'): void {
    try {
      this.#options.afterAnswer?.(call, answer);
    } catch (error) {
      this.#note('callback-failed', `what should follow ${call.action} (${call.id}) failed`, error);
    }
  }

  #note(kind: RpcNote['kind'], detail: string, cause?: unknown): void {
    try {
      this.#options.onNote?.(cause === undefined ? { kind, detail } : { kind, detail, cause });
    } catch {
      // A failing log must not decide what happens to the connection.
    }
  }
}
