import type { Readable } from 'node:stream';
import { FleetError } from '../../domain/errors.js';
import { itemsOf } from '../../operations/batches.js';
import type { Fleet, Input, Output, StreamName, UnaryName } from '../../operations/fleet.js';
import { answerLimit } from './answer-limit.js';
import { linesOf, parse, readItems, refusal, throwIfFailure } from './http-answer.js';
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
