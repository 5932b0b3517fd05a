import type { Breach, ConnectionInitiator, ConnectionStay, Fault, FleetEvent } from './model.js';

export interface BreachRepository {
  /** Adds to what is counted of one station already; the 100 kinds seen last are kept. At most 100 at a time. */
  note(stationUuid: string, breaches: readonly Breach[]): Promise<void>;
  /** Seen last first, at most 100. */
  listByStation(stationUuid: string): Promise<Breach[]>;
  deleteByStation(stationUuid: string): Promise<void>;
}

/** Stays that touch the period from `from` to before `to`. */
export interface ConnectionFilter {
  readonly stationId?: string;
  /** Of stations that stand at one of these sites now. */
  readonly siteUuids?: readonly string[];
  readonly from?: number;
  readonly to?: number;
  readonly code?: number;
  readonly initiator?: ConnectionInitiator;
  readonly open?: boolean;
}

export type ConnectionEnding = Pick<ConnectionStay, 'uuid' | 'reason'> & {
  readonly closedAt: number;
  readonly code: number;
  readonly initiator: ConnectionInitiator;
};

export interface ConnectionRepository {
  insert(stay: ConnectionStay): Promise<void>;
  /** False when there is no such stay, or it had ended already. */
  end(ending: ConnectionEnding): Promise<boolean>;
  findByUuid(uuid: string): Promise<ConnectionStay | undefined>;
  /** Stays without an end, at most `limit`, each with the last sign of life of its station. */
  listOpen(limit: number): Promise<(ConnectionStay & { lastSeenAt: number | null })[]>;
  /** Opened last first. */
  list(
    filter: ConnectionFilter,
    page: { limit: number; after?: Pick<ConnectionStay, 'openedAt' | 'uuid'> | undefined },
  ): Promise<ConnectionStay[]>;
  count(filter: ConnectionFilter): Promise<number>;
}

/** Faults that touch the period from `from` to before `to`. */
export interface FaultFilter {
  readonly stationId?: string;
  /** Of stations that stand at one of these sites now. */
  readonly siteUuids?: readonly string[];
  readonly connector?: number;
  /** Case-insensitive: the error code, or that of the vendor. */
  readonly error?: string;
  readonly from?: number;
  readonly to?: number;
  readonly active?: boolean;
}

export interface FaultRepository {
  insert(fault: Fault): Promise<void>;
  update(
    uuid: string,
    change: Partial<Pick<Fault, 'vendorErrorCode' | 'vendorId' | 'info' | 'status' | 'endedAt'>>,
  ): Promise<void>;
  findByUuid(uuid: string): Promise<Fault | undefined>;
  /** The fault of a connector that began last, over or not. */
  findLatest(stationUuid: string, connector: number): Promise<Fault | undefined>;
  /** Began last first. */
  list(
    filter: FaultFilter,
    page: { limit: number; after?: Pick<Fault, 'beganAt' | 'uuid'> | undefined },
  ): Promise<Fault[]>;
  count(filter: FaultFilter): Promise<number>;
}

/** An event with its place in the order in which the server learned of them; numbers may be missing. */
export type RecordedEvent = FleetEvent & { readonly sequence: number };

export interface EventFilter {
  readonly stationId?: string;
  /** Where the station stands now. */
  readonly siteUuid?: string;
  /** Of stations that stand at one of these sites now. */
  readonly siteUuids?: readonly string[];
  /** The kind itself, or what it begins with up to a dot: `session` is also `session.started`. */
  readonly kind?: string;
  /** Happened at or after this instant. */
  readonly from?: number;
  /** Happened before this instant. */
  readonly to?: number;
}

export interface EventRepository {
  /** Gives it the next number. */
  insert(event: FleetEvent): Promise<void>;
  /** Newest first; from before the event with the number `before`. */
  list(filter: EventFilter, page: { limit: number; before?: number | undefined }): Promise<RecordedEvent[]>;
  /** Oldest first, from after the event with the number `after`. */
  listAfter(filter: EventFilter, page: { limit: number; after: number }): Promise<RecordedEvent[]>;
  /** 0 when there is none. */
  lastSequence(): Promise<number>;
  count(filter: EventFilter): Promise<number>;
}
