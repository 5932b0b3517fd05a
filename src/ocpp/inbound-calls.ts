import { crc32 } from 'node:zlib';
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

/** A call that was received and its answer, kept so that a repeated message gets the same one. */
interface Remembered {
  readonly id: string;
  readonly length: number;
  /** Of the frame as received. */
  readonly checksum: number;
  answer: string | undefined;
  kind: 'result' | 'error';
  answeredAt: number;
  /** How often it was received again before it was answered. */
  repeats: number;
}

interface Job {
  readonly call: InboundCall;
  readonly wireId: WireId;
  readonly remembered: Remembered;
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
  /** The newest that were answered, overwritten oldest first. So few that looking through them beats any index. */
  readonly #answered: Remembered[] = [];
  #nextAnswered = 0;
  #waitingLength = 0;
  #current: Job | undefined;
  #closed = false;

  constructor(options: InboundCallsOptions) {
    this.#options = options;
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
    // A checksum, because what is remembered of 16 frames of every station would otherwise be megabytes that every
    // garbage collection has to carry along.
    const checksum = crc32(raw);
    const earlier = this.#find(frame.id, raw.length, checksum);
    if (earlier !== undefined) {
      this.#repeat(earlier, frame);
      return;
    }
    if (this.#inbox.length >= this.#options.maxInbox) {
      this.#refuse(frame);
      return;
    }
    const { id, wireId, action, payload } = frame;
    const remembered: Remembered = {
      id,
      length: raw.length,
      checksum,
      answer: undefined,
      kind: 'result',
      answeredAt: 0,
      repeats: 0,
    };
    const job: Job = {
      call: { id, action, payload, raw, receivedAt: this.#options.now() },
      wireId,
      remembered,
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
    this.#answered.length = 0;
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
    this.#finish(job, text, 'result');
  };

  readonly #failed = (error: unknown): void => {
    const job = this.#current;
    if (job === undefined || this.#options.isUnanswerable(error)) return;
    this.#finish(job, this.#errorText(job, error), 'error');
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

  #finish(job: Job, text: string, answer: 'result' | 'error'): void {
    const { call, remembered } = job;
    if (this.#closed) {
      this.#current = undefined;
      this.#options.note(
        'unsent-answer',
        `${call.action} (${call.id}) was processed after the connection closed`,
      );
      job.release?.();
      return;
    }
    remembered.answer = text;
    remembered.answeredAt = this.#options.now();
    remembered.kind = answer;
    this.#remember(remembered);
    let written = this.#options.send(text, answer, call);
    for (let repeat = 0; repeat < remembered.repeats && written; repeat += 1)
      written = this.#options.send(text, answer, call);
    if (written) this.#options.afterAnswer(call, answer);
    job.release?.();
    this.#current = undefined;
    const next = this.#inbox.shift();
    if (next === undefined) return;
    this.#waitingLength -= next.call.raw.length;
    this.#start(next);
  }

  #remember(entry: Remembered): void {
    const limit = this.#options.rememberedAnswers;
    if (limit === 0) return;
    this.#answered[this.#nextAnswered] = entry;
    this.#nextAnswered = (this.#nextAnswered + 1) % limit;
  }

  /** The same frame, received before and answered not long ago or not yet. */
  #find(id: string, length: number, checksum: number): Remembered | undefined {
    const isSame = (one: Remembered) => one.checksum === checksum && one.length === length && one.id === id;
    for (const answered of this.#answered) {
      if (isSame(answered) && this.#isFresh(answered)) return answered;
    }
    if (this.#current === undefined) return undefined;
    if (isSame(this.#current.remembered)) return this.#current.remembered;
    return this.#inbox.find(({ remembered }) => isSame(remembered))?.remembered;
  }

  /** Some stations use one id for ever: without an end, their heartbeats would all get the time of the first. */
  #isFresh({ answeredAt }: Remembered): boolean {
    return this.#options.now() - answeredAt <= this.#options.rememberAnswersMs;
  }

  #repeat(earlier: Remembered, frame: CallFrame): void {
    this.#options.note('repeated-call', `${frame.action} (${frame.id}) was received again`);
    if (earlier.answer !== undefined) this.#options.send(earlier.answer, earlier.kind, this.#received(frame));
    else if (earlier.repeats < this.#options.maxInbox) earlier.repeats += 1;
    else this.#refuse(frame);
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
