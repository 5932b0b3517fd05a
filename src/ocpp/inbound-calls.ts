import { AnsweredCalls, type Fingerprint, fingerprint, type GivenAnswer, isSame } from './answered-calls.js';
import { type CallFrame, encodeError, encodeResult, type Payload, type WireId } from './frame.js';
import { type ErrorSpelling, RpcError } from './rpc-error.js';

/** A call from the peer, as its handler gets it. `raw` is the frame as received, for records and for evidence. */
export interface InboundCall {
  readonly id: string;
  readonly action: string;
  readonly payload: Payload;
  readonly raw: string;
  /** By the clock of the options. */
  readonly receivedAt: number;
}

/** What an answer says of the call that it belongs to. */
export type AnsweredCall = Pick<InboundCall, 'id' | 'action' | 'receivedAt'>;

export interface InboundCallsOptions {
  /** Writes an answer; false when it could not be written. */
  send(text: string, answer: 'result' | 'error', to: AnsweredCall): boolean;
  handle(call: InboundCall): Promise<Payload>;
  /** Whether what `handle` threw leaves the call without any answer, and those behind it as well. */
  isUnanswerable(error: unknown): boolean;
  /** Runs right after the answer was written. */
  afterAnswer(call: InboundCall, answer: 'result' | 'error'): void;
  /** Called when a new call arrives; what it returns is called once that call is answered. */
  hold(action: string): (() => void) | undefined;
  note(
    kind: 'repeated-call' | 'inbox-full' | 'handler-failed' | 'unsent-answer',
    detail: string,
    cause?: unknown,
  ): void;
  /** Milliseconds on any clock. */
  now(): number;
  readonly maxInbox: number;
  readonly rememberedAnswers: number;
  readonly rememberAnswersMs: number;
  readonly errorSpelling: ErrorSpelling;
}

interface Job {
  readonly call: InboundCall;
  readonly wireId: WireId;
  readonly fingerprint: Fingerprint;
  /** How often it was received again before it was answered. */
  repeats: number;
  readonly release: (() => void) | undefined;
}

/**
 * The calls that the peer makes: handled in the order of their arrival, one at a time, each answered once per time
 * it was received.
 *
 * One promise reaction per message and no closures: this is the hot path of the central system.
 */
export class InboundCalls {
  readonly #options: InboundCallsOptions;
  readonly #inbox: Job[] = [];
  readonly #answered: AnsweredCalls;
  #waitingLength = 0;
  #current: Job | undefined;
  #closed = false;

  constructor(options: InboundCallsOptions) {
    this.#options = options;
    this.#answered = new AnsweredCalls(options.rememberedAnswers, options.rememberAnswersMs);
  }

  /** Calls that wait or are being handled. */
  get size(): number {
    return this.#inbox.length + (this.#current === undefined ? 0 : 1);
  }

  /** Characters of the frames of those that wait. */
  get waitingLength(): number {
    return this.#waitingLength;
  }

  receive(frame: CallFrame, raw: string): void {
    const { id, wireId, action, payload } = frame;
    const receivedAt = this.#options.now();
    const print = fingerprint(id, raw);
    const given = this.#answered.find(print, receivedAt);
    if (given !== undefined) {
      this.#repeat(frame, given);
      return;
    }
    const same = this.#findWaiting(print);
    if (same !== undefined) {
      this.#noteRepeat(frame);
      if (same.repeats < this.#options.maxInbox) same.repeats += 1;
      else this.#refuse(frame);
      return;
    }
    if (this.#inbox.length >= this.#options.maxInbox) {
      this.#refuse(frame);
      return;
    }
    const job: Job = {
      call: { id, action, payload, raw, receivedAt },
      wireId,
      fingerprint: print,
      repeats: 0,
      release: this.#options.hold(action),
    };
    if (this.#current === undefined) {
      this.#start(job);
      return;
    }
    this.#inbox.push(job);
    this.#waitingLength += raw.length;
  }

  /** Forgets what waits. A handler that still runs goes on, but its answer is not sent. */
  close(): void {
    this.#closed = true;
    this.#inbox.length = 0;
    this.#waitingLength = 0;
    this.#answered.clear();
  }

  #start(job: Job): void {
    this.#current = job;
    let answer: Promise<Payload>;
    try {
      answer = this.#options.handle(job.call);
    } catch (error) {
      answer = Promise.reject(error);
    }
    answer.then(this.#succeeded, this.#failed);
  }

  readonly #succeeded = (payload: Payload): void => {
    const job = this.#current;
    if (job === undefined) return;
    let text: string;
    try {
      text = encodeResult(job.wireId, payload);
    } catch (error) {
      this.#failed(error);
      return;
    }
    this.#finish(job, text, isEmpty(payload) ? emptyResult : { kind: 'result', text });
  };

  readonly #failed = (error: unknown): void => {
    const job = this.#current;
    if (job === undefined || this.#options.isUnanswerable(error)) return;
    const text = this.#errorText(job, error);
    this.#finish(job, text, { kind: 'error', text });
  };

  #errorText(job: Job, error: unknown): string {
    const { errorSpelling, note } = this.#options;
    try {
      if (error instanceof RpcError) return encodeError(job.wireId, error, errorSpelling);
    } catch {
      // Details that are no JSON: the answer goes without them.
      if (error instanceof RpcError) {
        return encodeError(job.wireId, { code: error.code, description: error.description }, errorSpelling);
      }
    }
    note('handler-failed', `${job.call.action} (${job.call.id}) could not be processed`, error);
    // What went wrong inside is for our own log, not for the peer.
    const description = 'The message could not be processed';
    return encodeError(job.wireId, { code: 'InternalError', description }, errorSpelling);
  }

  #finish(job: Job, text: string, answer: GivenAnswer): void {
    const { call } = job;
    if (this.#closed) {
      this.#current = undefined;
      this.#options.note(
        'unsent-answer',
        `${call.action} (${call.id}) was processed after the connection closed`,
      );
      job.release?.();
      return;
    }
    this.#answered.remember(job.fingerprint, answer, this.#options.now());
    const { kind } = answer;
    let written = this.#options.send(text, kind, call);
    for (let repeat = 0; repeat < job.repeats && written; repeat += 1)
      written = this.#options.send(text, kind, call);
    if (written) this.#options.afterAnswer(call, kind);
    job.release?.();
    this.#current = undefined;
    const next = this.#inbox.shift();
    if (next === undefined) return;
    this.#waitingLength -= next.call.raw.length;
    this.#start(next);
  }

  /** The same call, received before and not answered yet. */
  #findWaiting(print: Fingerprint): Job | undefined {
    const current = this.#current;
    if (current === undefined || isSame(current.fingerprint, print)) return current;
    return this.#inbox.find((job) => isSame(job.fingerprint, print));
  }

  #repeat(frame: CallFrame, { kind, text }: GivenAnswer): void {
    this.#noteRepeat(frame);
    this.#options.send(text ?? encodeResult(frame.wireId, {}), kind, this.#received(frame));
  }

  #noteRepeat({ action, id }: CallFrame): void {
    this.#options.note('repeated-call', `${action} (${id}) was received again`);
  }

  /**
   * A full inbox answers InternalError at once. For a station that is a failure to process, so that it sends
   * transaction messages again later; silence would make it wait, and repeat all the same.
   */
  #refuse(frame: CallFrame): void {
    const { maxInbox, errorSpelling } = this.#options;
    this.#options.note('inbox-full', `${frame.action} (${frame.id}) refused: ${maxInbox} calls wait already`);
    const description = 'Too many messages are waiting; send this one again later';
    const text = encodeError(frame.wireId, { code: 'InternalError', description }, errorSpelling);
    this.#options.send(text, 'error', this.#received(frame));
  }

  #received({ id, action }: CallFrame): AnsweredCall {
    return { id, action, receivedAt: this.#options.now() };
  }
}

const emptyResult: GivenAnswer = { kind: 'result', text: undefined };

function isEmpty(payload: Payload): boolean {
  for (const _ in payload) return false;
  return true;
}
