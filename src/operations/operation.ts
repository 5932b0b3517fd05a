import type { Static, TSchema } from '@sinclair/typebox';
import type { CertificateAuthority } from '../domain/certificate/certificate-authority.js';
import type { MailProbe } from '../domain/check/mail-check.js';
import type { ServerFacts } from '../domain/check/server-facts.js';
import type { Clock, NewId, NewSecret } from '../domain/clock.js';
import type { EventFeed } from '../domain/event-feed.js';
import type { Caller } from '../domain/people/caller.js';
import type { PasswordHasher } from '../domain/people/password.js';
import type { Store } from '../domain/repositories.js';
import type { FileExchange, StoredFiles } from '../domain/station/file-exchange.js';
import type { FirmwareFiles } from '../domain/station/firmware-files.js';
import type { MessageRecord } from '../domain/station/message-record.js';
import type { ShownSecurity } from '../domain/station/security-profile.js';
import type { StoreAdmin } from '../domain/store-admin.js';
import type { Protected } from './access.js';

/** The stations that are connected right now: a port that the running server provides. */
export interface LiveFleet {
  isOnline(stationUuid: string): boolean;
  /** Of the station's present connection, another each time it connects; undefined while offline. */
  connectionId(stationUuid: string): string | undefined;
  /** When the station was last heard of on its present connection, ms since the epoch; undefined while offline. */
  lastSeenAt(stationUuid: string): number | undefined;
  /** To be called after a change of the station that its connection has to know of: its registration. */
  stationChanged(station: { uuid: string; id: string }): Promise<void>;
  /** Closes the station's connection, with 1008 unless told; it may come back. */
  disconnect(stationUuid: string, reason: string, code?: number): void;
  /** What its present connection has shown; undefined while offline. */
  shownSecurity(stationUuid: string): ShownSecurity | undefined;
  /** Why it was not let in when it came last, and when (ms since the epoch); undefined when it was, or has not come. */
  lastRefusal(stationUuid: string): { readonly reason: string; readonly at: number } | undefined;
  /** Whether this may be sent to stations. @throws FleetError USAGE when not, naming what is wrong */
  checkCall(action: string, payload: Record<string, unknown>): void;
  /**
   * Sends one OCPP call and waits for the station's answer; both are written down.
   * @param options.by who wants it; the server by itself when left out
   * @throws FleetError STATION_OFFLINE, TIMED_OUT (no answer in time) or REFUSED (CALLERROR)
   */
  call(
    station: { uuid: string; id: string },
    action: string,
    payload: Record<string, unknown>,
    options: { timeoutMs: number; signal?: AbortSignal; by?: string },
  ): Promise<Record<string, unknown>>;
  /**
   * Resolves when `check` gives a value; asked again after each change of a session or, with `stationUuid`, after each
   * message of that station that was written down and each time it connects. Undefined when time is up.
   */
  waitFor<T>(
    check: () => Promise<T | undefined>,
    options: { timeoutMs: number; signal?: AbortSignal; stationUuid?: string | undefined },
  ): Promise<T | undefined>;
}

/** What operations on certificates use beside the store. */
interface CertificateAccess {
  readonly authority: CertificateAuthority;
}

/** What operations on firmware use beside the store. */
export interface FirmwareAccess {
  readonly files: FirmwareFiles;
  /** Announces that rollouts changed; there only inside a running server. */
  readonly changes?: EventFeed | undefined;
}

/** What an operation may use. `live` is there only inside a running server. */
export interface OperationContext {
  readonly store: Store;
  /**
   * The store without the limits of its caller; there only where there are any. For what stations have to be told:
   * nothing of it may be shown.
   */
  readonly wholeStore?: Store | undefined;
  /** The same store, as those who look after it see it. */
  readonly admin: StoreAdmin;
  readonly messages: MessageRecord;
  readonly clock: Clock;
  readonly newId: NewId;
  readonly newSecret: NewSecret;
  /** Tests give one that costs less. */
  readonly passwords?: PasswordHasher | undefined;
  readonly live: LiveFleet | undefined;
  /** Announces events; there only inside a running server. */
  readonly feed?: EventFeed | undefined;
  readonly firmware?: FirmwareAccess | undefined;
  readonly certificates?: CertificateAccess | undefined;
  /** The file servers for stations; there only inside a running server. */
  readonly exchange?: FileExchange | undefined;
  /** What stations uploaded. */
  readonly diagnosticsFiles?: StoredFiles | undefined;
  /** Asks mail servers. */
  readonly mail?: MailProbe | undefined;
  /** What the running server is; there only inside it. */
  readonly server?: (() => ServerFacts) | undefined;
  /** Who wants it. The store, and whatever else is here, shows what exists for them. */
  readonly caller: Caller;
  readonly signal: AbortSignal;
}

/** What the operations of a process have in common, whoever runs them. */
export type Surroundings = Omit<OperationContext, 'wholeStore' | 'caller' | 'signal'>;

interface OperationBase<Input extends TSchema, Output extends TSchema> extends Protected {
  readonly summary: string;
  /** Needs connected stations, hence a running server. */
  readonly live?: true;
  /**
   * Of an operation that changes something: `failures` when the audit keeps no more than failed attempts, because it is
   * one of the many steps of another operation, which is kept.
   */
  readonly audit?: 'failures';
  readonly input: Input;
  readonly output: Output;
}

/** One answer for one input. */
export interface UnaryOperation<Input extends TSchema = TSchema, Output extends TSchema = TSchema>
  extends OperationBase<Input, Output> {
  readonly kind: 'unary';
  run(context: OperationContext, input: Static<Input>): Promise<Static<Output>>;
}

/**
 * Any number of items, produced as they are read: constant memory however many there are. They come in batches,
 * because a turn of the event loop for each of a million rows would take longer than reading them.
 */
export interface StreamOperation<Input extends TSchema = TSchema, Output extends TSchema = TSchema>
  extends OperationBase<Input, Output> {
  readonly kind: 'stream';
  run(context: OperationContext, input: Static<Input>): AsyncIterable<readonly Static<Output>[]>;
}

export type Operation = UnaryOperation | StreamOperation;

/** An operation that gives one result. A list belongs here when it is bounded. */
export function unary<Input extends TSchema, Output extends TSchema>(
  definition: Omit<UnaryOperation<Input, Output>, 'kind'>,
): UnaryOperation<Input, Output> {
  return { kind: 'unary', ...definition };
}

/** An operation that gives any number of items: exports, what is followed, one outcome for each station. */
export function stream<Input extends TSchema, Output extends TSchema>(
  definition: Omit<StreamOperation<Input, Output>, 'kind'>,
): StreamOperation<Input, Output> {
  return { kind: 'stream', ...definition };
}
