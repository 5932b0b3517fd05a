import type { Readable } from 'node:stream';
import { FleetError, isErrorCode } from '../domain/errors.js';
import { itemsOf } from '../operations/batches.js';
import type { Fleet, Input, Output, StreamName, UnaryName } from '../operations/fleet.js';
import { answerLimit } from './answer-limit.js';
import { type Answer, connectTransport, type Transport } from './http-transport.js';

export interface HttpFleetOptions {
  readonly socketPath: string;
  /** Aborts every request under way. */
  readonly signal: AbortSignal;
}

/** The fleet of the server that listens on the socket; undefined when none does. */
export async function connectFleet({ socketPath, signal }: HttpFleetOptions): Promise<Fleet | undefined> {
  const transport = await connectTransport(socketPath, signal);
  return transport && new HttpFleet(transport, signal);
}

/**
 * Operations over the control API: `POST /api/v1/<noun>/<verb>` with the input as JSON. Streams answer with NDJSON; one
 * that fails on the way ends with the line `{"$error":{code,message,suggestions}}`. Failures before that are
 * `application/problem+json` (RFC 9457) with the members `code` and `suggestions`.
 */
export class HttpFleet implements Fleet {
  readonly served = true;
  readonly #transport: Transport;
  readonly #signal: AbortSignal;

  constructor(transport: Transport, signal: AbortSignal) {
    this.#transport = transport;
    this.#signal = signal;
  }

  async run<N extends UnaryName>(name: N, input: Input<N>): Promise<Output<N>> {
    const { body } = await this.#ask(name, input, answerLimit(name, input));
    const answer = parse(await this.#wholeText(body));
    throwIfFailure(answer);
    return answer as Output<N>;
  }

  stream<N extends StreamName>(name: N, input: Input<N>): AsyncGenerator<Output<N>> {
    return itemsOf(this.batches(name, input));
  }

  async *batches<N extends StreamName>(name: N, input: Input<N>): AsyncGenerator<readonly Output<N>[]> {
    const { body } = await this.#ask(name, input);
    for await (const lines of linesOf(this.#textOf(body))) {
      const { items, failure } = readItems(lines);
      // What came before the failure is true all the same.
      if (items.length > 0) yield items as Output<N>[];
      if (failure) throw failure;
    }
  }

  close(): Promise<void> {
    return this.#transport.close();
  }

  async #ask(name: string, input: unknown, answerWithinMs?: number): Promise<Answer> {
    const path = `/api/v1/${name.replaceAll('.', '/')}`;
    const options = { signal: this.#signal, answerWithinMs };
    const answer = await this.#transport
      .post(path, JSON.stringify(input ?? {}), options)
      .catch((error: unknown) => {
        throw this.#lost(error);
      });
    const { status, body } = answer;
    if (status < 300) return answer;
    throw this.#transport.refused(refusal(status, await this.#wholeText(body)));
  }

  async #wholeText(body: Readable): Promise<string> {
    let text = '';
    for await (const chunk of this.#textOf(body)) text += chunk;
    return text;
  }

  /** The body as text, a character split between two chunks kept whole. */
  async *#textOf(body: Readable): AsyncGenerator<string> {
    body.setEncoding('utf8');
    try {
      for await (const chunk of body) yield String(chunk);
    } catch (error) {
      throw this.#lost(error);
    }
  }

  /** What the transport throws: our own reasons as they are, everything else means that the server is gone. */
  #lost(error: unknown): unknown {
    if (this.#signal.aborted) return this.#signal.reason;
    return error instanceof FleetError ? error : this.#transport.lost(error);
  }
}

/** The items of lines up to the one that tells of a failure, if there is one. */
function readItems(lines: readonly string[]): { items: unknown[]; failure?: FleetError } {
  const items: unknown[] = [];
  for (const line of lines) {
    const item = parse(line);
    const failure = isObject(item) ? item.$error : undefined;
    if (failure !== undefined) return { items, failure: toError(failure) };
    items.push(item);
  }
  return { items };
}

/** Whole lines, as many at a time as arrive together. */
async function* linesOf(texts: AsyncIterable<string>): AsyncGenerator<string[]> {
  let rest = '';
  for await (const text of texts) {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    yield lines.filter((line) => line !== '');
  }
  if (rest !== '') yield [rest];
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new FleetError('UNEXPECTED', 'The server answered with something that is not JSON.', {
      cause: error,
    });
  }
}

function refusal(status: number, text: string): FleetError {
  let answer: unknown;
  try {
    answer = JSON.parse(text);
  } catch {
    // Said below: without a readable error there is only the status.
  }
  if (isObject(answer) && typeof answer.code === 'string') return toError(answer);
  const message = `The server answered with HTTP status ${status} and no reason.`;
  return new FleetError('UNEXPECTED', message, {
    suggestions: ['Run the same version of evfleet as client and as server.'],
  });
}

/** SOME_FAILED is no failure of the request and comes with status 200. */
function throwIfFailure(answer: unknown): void {
  if (!isObject(answer) || !isObject(answer.error)) return;
  if (Object.keys(answer).length === 1 && isErrorCode(answer.error.code)) throw toError(answer.error);
}

/** A problem says it in `detail`, the last line of a stream in `message`. */
function toError(failure: unknown): FleetError {
  const { code, detail, message = detail, suggestions } = isObject(failure) ? failure : {};
  return new FleetError(
    isErrorCode(code) ? code : 'UNEXPECTED',
    typeof message === 'string' ? message : 'The server failed without saying why.',
    { suggestions: Array.isArray(suggestions) ? suggestions.map(String) : [] },
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
