import { plainSerial } from '../domain/certificate.js';
import type { Clock } from '../domain/clock.js';
import type { Store } from '../domain/repositories.js';
import { revokedCertificates } from '../domain/revoked-serials.js';

/** The revoked certificates at hand, so that no handshake waits for the store. */
export class RevokedCertificates {
  readonly #store: Store;
  readonly #clock: Clock;
  #serials: ReadonlySet<string> = new Set();

  constructor({ store, clock }: { readonly store: Store; readonly clock: Clock }) {
    this.#store = store;
    this.#clock = clock;
  }

  /** To be called at the start, and whenever one was revoked. */
  async refresh(): Promise<void> {
    const revoked = await revokedCertificates(this.#store, this.#clock.now());
    this.#serials = new Set(revoked.map(({ serial }) => serial));
  }

  /** @param serialNumber hexadecimal, in any spelling */
  readonly has = (serialNumber: string): boolean => this.#serials.has(plainSerial(serialNumber));
}
