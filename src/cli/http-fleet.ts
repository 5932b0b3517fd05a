import type { Readable } from 'node:stream';
import { FleetError, isErrorCode } from '../domain/errors.js';
import { itemsOf } from '../operations/batches.js';
import type { Fleet, Input, Output, StreamName, UnaryName } from '../operations/fleet.js';
import { connectTransport, type Transport } from './http-transport.js';

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
 * that fails on the way ends with the line `{"$error":{code,message,suggestions}}`.
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
    const body = await this.#ask(name, input);
    const answer = parse(await wholeText(body, this.#signal));
    throwIfFailure(answer);
    return answer as Output<N>;
  }

  stream<N extends StreamName>(name: N, input: Input<N>): AsyncGenerator<Output<N>> {
    return itemsOf(this.batches(name, input));
  }

  async *batches<N extends StreamName>(name: N, input: Input<N>): AsyncGenerator<readonly Output<N>[]> {
    const body = await this.#ask(name, input);
    for await (const lines of linesOf(body, this.#signal)) {
      const { items, failure } = readItems(lines);
      // What came before the failure is true all the same.
      if (items.length > 0) yield items as Output<N>[];
      if (failure) throw failure;
    }
  }

  close(): Promise<void> {
    return this.#transport.close();
  }

  async #ask(name: string, input: unknown): Promise<Readable> {
    const path = `/api/v1/${name.replaceAll('.', '/')}`;
    const { status, body } = await this.#transport
      .post(path, JSON.stringify(input ?? {}), this.#signal)
      .catch((error: unknown) => {
        throw lost(error, this.#signal);
      });
    if (status >= 400) throw refusal(status, await wholeText(body, this.#signal));
    return body;
  }
}

async function wholeText(body: Readable, signal: AbortSignal): Promise<string> {
  let text = '';
  for await (const chunk of textOf(body, signal)) text += chunk;
  return text;
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
async function* linesOf(body: Readable, signal: AbortSignal): AsyncGenerator<string[]> {
  let rest = '';
  for await (const chunk of textOf(body, signal)) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    yield lines.filter((line) => line !== '');
  }
  if (rest !== '') yield [rest];
}

/** The body as text, a character split between two chunks kept whole. */
async function* textOf(body: Readable, signal: AbortSignal): AsyncGenerator<string> {
  body.setEncoding('utf8');
  try {
    for await (const chunk of body) yield String(chunk);
  } catch (error) {
    throw lost(error, signal);
  }
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
  if (isObject(answer) && typeof answer.code === 'string')
    return toError({ ...answer, message: answer.detail });
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

function toError(failure: unknown): FleetError {
  const { code, message, suggestions } = isObject(failure) ? failure : {};
  return new FleetError(
    isErrorCode(code) ? code : 'UNEXPECTED',
    typeof message === 'string' ? message : 'The server failed without saying why.',
    { suggestions: Array.isArray(suggestions) ? suggestions.map(String) : [] },
  );
}

/** What the transport throws: our own reasons as they are, everything else means that the server is gone. */
function lost(error: unknown, signal: AbortSignal): unknown {
  if (signal.aborted) return signal.reason;
  if (error instanceof FleetError) return error;
  const message = 'The server went away before it had answered; whether it did what was asked is unknown.';
  return new FleetError('SERVER_UNREACHABLE', message, { cause: error, suggestions: ['evfleet serve'] });
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
