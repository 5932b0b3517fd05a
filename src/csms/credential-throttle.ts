import { FailureDelay, type FailureDelayOptions } from '../domain/failure-delay.js';

const firstMs = 1000;
const maxMs = 60_000;
const rememberedMax = 20_000;

/** So many wrong keys cost nothing: of one station from one network, of all from one network, of one from anywhere. */
const free = { pair: 5, network: 50, station: 50 };

export interface Attempt {
  /** Of the station that it wants to be; another one when its key is changed, so that a new key begins anew. */
  readonly name: string;
  readonly network: string;
}

/**
 * How long one has to wait who showed wrong keys. A network waits only for stations whose wrong keys it has shown:
 * whoever else stands behind the same address, or has the attacked name somewhere else, is looked at as if nothing had
 * happened.
 */
export class CredentialThrottle {
  readonly #pairs = new FailureDelay(delays(free.pair));
  readonly #networks = new FailureDelay(delays(free.network));
  readonly #stations = new FailureDelay(delays(free.station));

  /** What is left to wait. */
  waitMs({ name, network }: Attempt, now: number): number {
    const pair = pairOf(name, network);
    const sinceMs = this.#pairs.sinceLastMs(pair, now);
    if (sinceMs === undefined) return 0;
    const delayMs = Math.max(
      this.#pairs.delayMs(pair, now),
      this.#networks.delayMs(network, now),
      this.#stations.delayMs(name, now),
    );
    return Math.max(0, delayMs - sinceMs);
  }

  /** To be called before a key is compared, so that those that come at the same time count too. */
  begin({ name, network }: Attempt, now: number): void {
    this.#pairs.failed(pairOf(name, network), now);
  }

  failed({ name, network }: Attempt, now: number): void {
    this.#networks.failed(network, now);
    this.#stations.failed(name, now);
  }

  succeeded({ name, network }: Attempt): void {
    this.#pairs.forget(pairOf(name, network));
  }
}

function delays(free: number): FailureDelayOptions {
  return { free, firstMs, maxMs, rememberedMax };
}

function pairOf(name: string, network: string): string {
  return `${network} ${name}`;
}
