import type { ServerCertificate } from '../../domain/check/server-facts.js';
import type { Clock } from '../../domain/clock.js';
import { type Log, silentLog } from '../../domain/log.js';
import {
  type ClientAuthorities,
  type ClientAuthorityFiles,
  loadClientAuthorities,
} from './client-authorities.js';
import { loadTls, type TlsFiles, type TlsFlags, type TlsIdentity } from './tls-files.js';

/** Certificates are renewed every few weeks, by a program of its own that nobody has told of us. */
const lookEveryMs = 60_000;

/** Tickets of sessions are encrypted with keys that are made with a context; who gets one later reads what was said. */
const contextLastsMs = 12 * 3_600_000;

export interface TlsKeeperOptions {
  readonly files: readonly TlsFiles[];
  readonly clients?: ClientAuthorityFiles | undefined;
  /** How the files are called where they are given. */
  readonly flags?: TlsFlags | undefined;
  readonly hasLegacySuites?: boolean | undefined;
  readonly clock: Clock;
  readonly log: Log;
}

interface Loaded {
  readonly identity: TlsIdentity;
  readonly clients: ClientAuthorities;
  /** Those that are shown now, for whoever looks after them. */
  readonly certificates: readonly ServerCertificate[];
}

/** What a listener needs to speak TLS. */
export interface KeptTls extends Loaded {
  /** Called with every change from now on, and when contexts have lasted long enough; connections stay as they are. */
  onRenewed(listener: () => void): void;
}

/**
 * The certificates of this server, for all that speak TLS with them. Looks every minute, and when it is told to, whether
 * the files have changed; until all of them are right, what was there before stays.
 */
export class TlsKeeper implements KeptTls {
  readonly #options: TlsKeeperOptions;
  readonly #listeners: (() => void)[] = [];
  #loaded: Loaded;
  #renewedAt: number;
  #complaint: string | undefined;
  #cancel: (() => void) | undefined;
  #looking: Promise<void> = Promise.resolve();
  #isClosed = false;

  private constructor(options: TlsKeeperOptions, loaded: Loaded) {
    this.#options = options;
    this.#loaded = loaded;
    this.#renewedAt = options.clock.now();
    this.#schedule();
  }

  /** @throws FleetError USAGE that says which file is wrong, and how */
  static async open(options: TlsKeeperOptions): Promise<TlsKeeper> {
    return new TlsKeeper(options, await load(options, options.log));
  }

  get identity(): TlsIdentity {
    return this.#loaded.identity;
  }

  get clients(): ClientAuthorities {
    return this.#loaded.clients;
  }

  get certificates(): readonly ServerCertificate[] {
    return this.#loaded.certificates;
  }

  onRenewed(listener: () => void): void {
    this.#listeners.push(listener);
  }

  /** Looks at the files now; what is wrong with them gets into the log. */
  reload(): Promise<void> {
    this.#complaint = undefined;
    return this.#lookNext();
  }

  close(): void {
    this.#isClosed = true;
    this.#cancel?.();
  }

  #schedule(): void {
    if (this.#isClosed) return;
    this.#cancel = this.#options.clock.schedule(lookEveryMs, () => {
      void this.#lookNext().finally(() => this.#schedule());
    });
  }

  /** One look at a time: an earlier one must not put back what a later one found. */
  #lookNext(): Promise<void> {
    this.#looking = this.#looking.then(() => this.#look());
    return this.#looking;
  }

  async #look(): Promise<void> {
    const { log } = this.#options;
    try {
      const loaded = await load(this.#options, silentLog);
      this.#complaint = undefined;
      if (this.#isClosed || isSame(loaded, this.#loaded)) return;
      this.#renew(loaded);
      const until = loaded.certificates.map(({ validTo }) => new Date(validTo).toISOString());
      log.info('the certificates have changed: new connections get them', { until: until.join(', ') });
    } catch (error) {
      const complaint = error instanceof Error ? error.message : String(error);
      // Once is enough.
      if (complaint !== this.#complaint) {
        log.warn(`the certificates of before stay in use: ${complaint}`);
      }
      this.#complaint = complaint;
    } finally {
      const age = this.#options.clock.now() - this.#renewedAt;
      if (!this.#isClosed && Math.abs(age) >= contextLastsMs) this.#renew(this.#loaded);
    }
  }

  #renew(loaded: Loaded): void {
    this.#loaded = loaded;
    this.#renewedAt = this.#options.clock.now();
    for (const listener of this.#listeners) listener();
  }
}

async function load(options: TlsKeeperOptions, log: Log): Promise<Loaded> {
  const { files, clients, flags, hasLegacySuites, clock } = options;
  const { identity, certificates } = await loadTls(files, { now: clock.now(), log, flags, hasLegacySuites });
  return {
    identity,
    certificates,
    clients: clients ? await loadClientAuthorities(clients) : { ca: [] },
  };
}

function isSame(one: Loaded, other: Loaded): boolean {
  return JSON.stringify([one.identity, one.clients]) === JSON.stringify([other.identity, other.clients]);
}
