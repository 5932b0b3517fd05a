import type { Fleet, Input, Output, StreamName, UnaryName } from '../../src/operations/fleet.js';
import { checkOutput } from './check-output.js';

/** A fleet whose every answer is checked against the schema of its operation. */
export class CheckedFleet implements Fleet {
  readonly #fleet: Fleet;

  constructor(fleet: Fleet) {
    this.#fleet = fleet;
  }

  get served(): boolean {
    return this.#fleet.served;
  }

  async run<N extends UnaryName>(name: N, input: Input<N>): Promise<Output<N>> {
    return checkOutput(name, await this.#fleet.run(name, input));
  }

  async *stream<N extends StreamName>(name: N, input: Input<N>): AsyncGenerator<Output<N>> {
    for await (const item of this.#fleet.stream(name, input)) yield checkOutput(name, item);
  }

  async *batches<N extends StreamName>(name: N, input: Input<N>): AsyncGenerator<readonly Output<N>[]> {
    for await (const batch of this.#fleet.batches(name, input)) {
      yield batch.map((item) => checkOutput(name, item));
    }
  }

  close(): Promise<void> {
    return this.#fleet.close();
  }
}
