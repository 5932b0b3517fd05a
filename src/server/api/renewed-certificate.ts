import type { Clock } from '../../domain/clock.js';
import { type Log, silentLog } from '../../domain/log.js';
import { loadTls, type TlsFiles, type TlsIdentity } from '../files/tls-files.js';

/** Certificates are renewed every few weeks, by a program of its own that nobody has told of us. */
const lookEveryMs = 60_000;

export interface RenewedCertificateOptions {
  readonly files: TlsFiles;
  /** As it was at the start. */
  readonly identity: TlsIdentity;
  readonly renew: (identity: TlsIdentity) => void;
  readonly clock: Clock;
  readonly log: Log;
}

/** Looks every minute whether the files of the certificate have changed; until both are right the old one stays. */
export class RenewedCertificate {
  readonly #options: RenewedCertificateOptions;
  #identity: TlsIdentity;
  #complaint: string | undefined;
  #cancel: (() => void) | undefined;
  #isClosed = false;

  constructor(options: RenewedCertificateOptions) {
    this.#options = options;
    this.#identity = options.identity;
    this.#schedule();
  }

  close(): void {
    this.#isClosed = true;
    this.#cancel?.();
  }

  #schedule(): void {
    if (this.#isClosed) return;
    this.#cancel = this.#options.clock.schedule(lookEveryMs, () => {
      void this.#look().finally(() => this.#schedule());
    });
  }

  async #look(): Promise<void> {
    const { files, renew, clock, log } = this.#options;
    try {
      const identity = await loadTls(files, { now: clock.now(), log: silentLog });
      if (this.#isClosed) return;
      this.#complaint = undefined;
      if (identity.cert === this.#identity.cert && identity.key === this.#identity.key) return;
      renew(identity);
      this.#identity = identity;
      log.info('the API has a new certificate');
    } catch (error) {
      const complaint = error instanceof Error ? error.message : String(error);
      // Once is enough.
      if (complaint !== this.#complaint) log.warn(`the API keeps its certificate: ${complaint}`);
      this.#complaint = complaint;
    }
  }
}
