import type { Configuration } from '../configuration.js';
import type { StationTime } from '../station-time.js';
import type { IdTagInfo } from './local-list.js';
import { LocalList } from './local-list.js';

export interface AuthorizationOptions {
  readonly configuration: Configuration;
  readonly time: StationTime;
  isOnline(): boolean;
  /** Authorize at the central system. @throws what the call throws */
  ask(idTag: string): Promise<IdTagInfo>;
}

const MAX_CACHED_TAGS = 500;

/** Who may charge: the central system, and without it the local list, the cache, or good faith (OCPP 1.6 §3.5). */
export class Authorization {
  readonly localList = new LocalList();
  readonly #options: AuthorizationOptions;
  readonly #cache = new Map<string, IdTagInfo>();

  constructor(options: AuthorizationOptions) {
    this.#options = options;
  }

  /** The verdict on a tag. Never rejects: a central system that fails to answer counts as offline. */
  async authorize(idTag: string): Promise<IdTagInfo> {
    const { configuration, isOnline, ask } = this.#options;
    const known = this.#find(idTag);
    if (!isOnline()) return this.#offline(known);
    if (known?.status === 'Accepted' && configuration.flag('LocalPreAuthorize')) return known;
    try {
      const info = await ask(idTag);
      this.remember(idTag, info);
      return info;
    } catch {
      return this.#offline(known);
    }
  }

  /** Notes what the central system said of a tag, in whatever answer. */
  remember(idTag: string, info: IdTagInfo): void {
    if (!this.#options.configuration.flag('AuthorizationCacheEnabled')) return;
    const key = idTag.toLowerCase();
    this.#cache.delete(key);
    // Being busy elsewhere says nothing about the next time.
    if (info.status === 'ConcurrentTx') return;
    this.#cache.set(key, info);
    for (const oldest of this.#cache.keys()) {
      if (this.#cache.size <= MAX_CACHED_TAGS) break;
      this.#cache.delete(oldest);
    }
  }

  clearCache(): void {
    this.#cache.clear();
  }

  #find(idTag: string): IdTagInfo | undefined {
    const { configuration } = this.#options;
    const listed = configuration.flag('LocalAuthListEnabled') ? this.localList.find(idTag) : undefined;
    if (listed !== undefined) return this.#withExpiry(listed);
    if (!configuration.flag('AuthorizationCacheEnabled')) return undefined;
    const cached = this.#cache.get(idTag.toLowerCase());
    return cached === undefined ? undefined : this.#withExpiry(cached);
  }

  #offline(known: IdTagInfo | undefined): IdTagInfo {
    const { configuration } = this.#options;
    if (known !== undefined && configuration.flag('LocalAuthorizeOffline')) return known;
    const trusting = known === undefined && configuration.flag('AllowOfflineTxForUnknownId');
    return { status: trusting ? 'Accepted' : 'Invalid' };
  }

  #withExpiry(info: IdTagInfo): IdTagInfo {
    const expired = info.expiryDate !== undefined && Date.parse(info.expiryDate) <= this.#options.time.now();
    return expired && info.status === 'Accepted' ? { ...info, status: 'Expired' } : info;
  }
}
