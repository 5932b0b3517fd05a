import { FleetError } from '../domain/errors.js';
import { ConnectionLost } from './remote/http-transport.js';

/** Rows that are asked for once the server is back, and remembered to tell which of them are new. */
const rememberedMax = 1000;

export interface Again<Row> {
  /** The stream, with so many earlier rows first; undefined as long as there is no server. */
  open(tail: number): Promise<AsyncIterable<readonly Row[]> | undefined>;
  /** Some time until the next attempt. */
  pause(): Promise<void>;
  /** Told when the server has stopped, and when it is back. */
  changed(isServed: boolean): void;
  readonly signal: AbortSignal;
}

/**
 * A stream that goes on when the server does: what happened in between comes too, nothing comes twice, as far as the
 * newest thousand reach. Ends when `signal` aborts.
 * @param first the stream to begin with; unless its connection is lost, what it throws before it has given anything is thrown
 */
export async function* acrossRestarts<Row extends object>(
  first: AsyncIterable<readonly Row[]>,
  { open, pause, changed, signal }: Again<Row>,
): AsyncGenerator<readonly Row[]> {
  let remembered: string[] = [];
  let batches: AsyncIterable<readonly Row[]> | undefined = first;
  let hasBegun = false;
  let isServed = true;
  while (!signal.aborted) {
    try {
      const overlap = new Overlap<Row>(hasBegun ? remembered : []);
      for await (const rows of batches ?? []) {
        if (!isServed) changed(true);
        isServed = true;
        hasBegun = true;
        const fresh = overlap.newOf(rows);
        remembered = [...remembered, ...fresh.map(keyOf)].slice(-rememberedMax);
        yield fresh;
      }
    } catch (error) {
      // The connection of a stream in which nothing has happened yet may be lost, too.
      if (!isAway(error) || !(hasBegun || error instanceof ConnectionLost)) throw error;
    }
    if (signal.aborted) return;
    if (isServed) changed(false);
    isServed = false;
    await pause();
    if (signal.aborted) return;
    batches = await open(remembered.length === 0 ? 0 : rememberedMax).catch((error: unknown) => {
      if (!isAway(error)) throw error;
      return undefined;
    });
  }
}

/** Tells what is new in a stream that begins with what was there before, in batches of any size. */
class Overlap<Row extends object> {
  readonly #known: ReadonlySet<string>;
  /** Of before what is known, or all new: that shows with the first that is known. Undefined once it is settled. */
  #undecided: Row[] | undefined;

  constructor(known: readonly string[]) {
    this.#known = new Set(known);
    this.#undecided = known.length === 0 ? undefined : [];
  }

  newOf(rows: readonly Row[]): readonly Row[] {
    const fresh: Row[] = [];
    for (const row of rows) {
      if (this.#known.has(keyOf(row))) {
        this.#undecided = undefined;
      } else if (this.#undecided === undefined) {
        fresh.push(row);
      } else {
        this.#undecided.push(row);
        if (this.#undecided.length < rememberedMax) continue;
        fresh.push(...this.#undecided);
        this.#undecided = undefined;
      }
    }
    return fresh;
  }
}

function keyOf(row: object): string {
  return JSON.stringify(row);
}

function isAway(error: unknown): boolean {
  return error instanceof FleetError && error.code === 'SERVER_UNREACHABLE';
}
