/** OCPP 1.6 `AuthorizationStatus`. */
export type AuthorizationStatus = 'Accepted' | 'Blocked' | 'Expired' | 'Invalid' | 'ConcurrentTx';

/** OCPP 1.6 `IdTagInfo`. */
export interface IdTagInfo {
  readonly status: AuthorizationStatus;
  readonly expiryDate?: string;
  readonly parentIdTag?: string;
}

export interface LocalListUpdate {
  readonly listVersion: number;
  readonly updateType: 'Full' | 'Differential';
  readonly localAuthorizationList?: readonly { readonly idTag: string; readonly idTagInfo?: IdTagInfo }[];
}

export interface LocalListBounds {
  readonly maxPerMessage: number;
  readonly maxEntries: number;
}

/** The local authorization list (OCPP 1.6 §3.5.2, §5.15). Version 0 means that nothing was ever sent. */
export class LocalList {
  #entries: ReadonlyMap<string, IdTagInfo> = new Map();
  #version = 0;

  get version(): number {
    return this.#version;
  }

  find(idTag: string): IdTagInfo | undefined {
    return this.#entries.get(idTag.toLowerCase());
  }

  /** Applies all of an update or nothing of it. */
  update(update: LocalListUpdate, bounds: LocalListBounds): 'Accepted' | 'Failed' | 'VersionMismatch' {
    const { listVersion, updateType, localAuthorizationList: changes = [] } = update;
    if (listVersion <= 0 || changes.length > bounds.maxPerMessage) return 'Failed';
    if (updateType === 'Differential' && listVersion <= this.#version) return 'VersionMismatch';
    const entries = new Map(updateType === 'Full' ? [] : this.#entries);
    const seen = new Set<string>();
    for (const { idTag, idTagInfo } of changes) {
      const key = idTag.toLowerCase();
      // A tag twice is ambiguous; in a full list every tag needs its status.
      if (seen.has(key) || (updateType === 'Full' && idTagInfo === undefined)) return 'Failed';
      seen.add(key);
      if (idTagInfo === undefined) entries.delete(key);
      else entries.set(key, idTagInfo);
    }
    if (entries.size > bounds.maxEntries) return 'Failed';
    this.#entries = entries;
    this.#version = listVersion;
    return 'Accepted';
  }
}
