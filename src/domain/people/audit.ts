import type { ErrorCode } from '../errors.js';
import type { Way } from './caller.js';
import type { Role } from './people.js';

/** One change, or one attempt at it. It outlives whoever made it and what was changed. */
export interface AuditEntry {
  readonly at: number;
  /** E-mail address, or the name of the system's user. */
  readonly actor: string;
  readonly role: Role;
  readonly way: Way;
  readonly address: string | null;
  readonly keyId: string | null;
  /** `station.update` */
  readonly operation: string;
  /** What kind of thing was changed: `station`; null where nothing in the store was (a remote command). */
  readonly kind: string | null;
  /** What people call it: `CP1`, `ada@example.org`, `CP1 2` for a connector. */
  readonly target: string | null;
  /**
   * JSON texts of objects with what differs, secrets masked; null before it was there, and after it is gone. Of a
   * command to many stations, `after` is at how many it went well: `{"ok":410,"failed":2}`.
   */
  readonly before: string | null;
  readonly after: string | null;
  /** JSON text of what was asked for, secrets masked; only where nothing in the store was changed. */
  readonly input: string | null;
  readonly outcome: 'ok' | ErrorCode;
}

/** An entry with its place in the order; numbers may be missing. */
export type RecordedAuditEntry = AuditEntry & { readonly sequence: number };

export interface AuditFilter {
  /** Case-insensitive. */
  readonly actor?: string;
  /** The operation itself, or its noun: `station` is also `station.update`. */
  readonly operation?: string;
  readonly kind?: string;
  /** The connectors of a station with it. */
  readonly target?: string;
  /** `failed`: any but ok. */
  readonly outcome?: AuditEntry['outcome'] | 'failed';
  /** At or after. */
  readonly from?: number;
  /** Before. */
  readonly to?: number;
}

export interface AuditRepository {
  /** Gives them the next numbers. */
  insert(entries: readonly AuditEntry[]): Promise<void>;
  /** Newest first; from before the entry with the number `before`. */
  list(
    filter: AuditFilter,
    page: { limit: number; before?: number | undefined },
  ): Promise<RecordedAuditEntry[]>;
  count(filter: AuditFilter): Promise<number>;
}
