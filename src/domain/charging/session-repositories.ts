import type { MeterSample, RemoteStart, Session, SessionState } from '../model.js';

export interface SessionFilter {
  readonly stationId?: string;
  readonly connector?: number;
  readonly siteUuid?: string;
  /** At one of these sites, as `siteUuid` is where the station stood then. */
  readonly siteUuids?: readonly string[];
  readonly userUuid?: string;
  /** Of the user as it was then, case-insensitive. */
  readonly userEmail?: string;
  readonly tag?: string;
  readonly state?: SessionState;
  /** Sessions that started at or after this instant. */
  readonly from?: number;
  /** Sessions that started before this instant. */
  readonly to?: number;
}

export type SessionRegister = Pick<Session, 'transactionId' | 'stationUuid' | 'meterStartWh' | 'meterLastWh'>;

/** What the energy of a session is told from. */
export type MeteredSession = Pick<
  Session,
  'transactionId' | 'siteUuid' | 'startedAt' | 'stoppedAt' | 'meterStartWh' | 'meterStopWh' | 'meterLastWh'
>;

/** Sessions that started at one instant or later and ended at another or later. */
export interface EndedSince {
  readonly startedFrom: number;
  readonly endedFrom: number;
}

interface SessionPage {
  readonly limit?: number;
  /** Skip so many first. */
  readonly offset?: number;
  /** Go on behind this session. */
  readonly after?: Pick<Session, 'startedAt' | 'transactionId'>;
}

export interface SessionRepository {
  nextTransactionId(): Promise<number>;
  findByUuid(uuid: string): Promise<Session | undefined>;
  findByTransactionId(transactionId: number): Promise<Session | undefined>;
  /** What MeterValues needs of a session, without the rest: the hot path. */
  findRegister(transactionId: number): Promise<SessionRegister | undefined>;
  /** The same start sent again (field trap 17): station, connector, tag, station time and register agree. */
  findRepeatedStart(
    start: Pick<Session, 'stationUuid' | 'connector' | 'tag' | 'startedAt' | 'meterStartWh'>,
  ): Promise<Session | undefined>;
  /**
   * A session of the station that stopped from one instant to another (both included) at this register, and whose stop
   * named `stoppedAs` when that is given. Only those that started at `startedFrom` or later are looked through.
   */
  findStop(stop: {
    readonly stationUuid: string;
    readonly meterStopWh: number;
    readonly from: number;
    readonly to: number;
    readonly startedFrom: number;
    readonly stoppedAs?: number;
  }): Promise<Session | undefined>;
  /** Sessions of the station with exactly this stop, that named another transaction: guesses and orphans. */
  listGuesses(
    stationUuid: string,
    stop: { readonly stoppedAt: number; readonly meterStopWh: number },
  ): Promise<Session[]>;
  /** Stops without a start, of a station, from one instant to another (both included), oldest first. */
  listOrphanStops(stationUuid: string, span: { from: number; to: number }): Promise<Session[]>;
  /** Sessions without a stop on this connector (all connectors when left out), newest first. */
  listOpen(stationUuid: string, connector?: number): Promise<Session[]>;
  /** Sessions without a stop that began with this tag, case-insensitive, anywhere; in the order in which they were recorded. */
  listOpenByTag(tag: string): Promise<Session[]>;
  /** All sessions without a stop. */
  listAllOpen(): Promise<Session[]>;
  /** The first of them to start, no more than `limit`. */
  listEndedSince(since: EndedSince, limit: number): Promise<MeteredSession[]>;
  /** Newest start first. */
  list(filter: SessionFilter, page?: SessionPage): Promise<Session[]>;
  count(filter: SessionFilter): Promise<number>;
  insert(session: Session): Promise<void>;
  update(uuid: string, change: Partial<Omit<Session, 'uuid' | 'transactionId'>>): Promise<void>;
}

export type OpenSample = Pick<MeterSample, 'takenAt' | 'receivedAt' | 'energyWh' | 'powerW' | 'soc'> & {
  readonly transactionId: number;
};

export interface RegisterAt {
  readonly transactionId: number;
  readonly at: number;
  readonly energyWh: number | null;
}

export interface SampleRepository {
  insert(samples: readonly MeterSample[]): Promise<void>;
  findLatest(transactionId: number): Promise<MeterSample | undefined>;
  /** The last few of every session without a stop: those of its four latest instants, oldest first in each session. */
  listLatestOfOpen(): Promise<OpenSample[]>;
  /**
   * The energy registers of sessions as last metered until each of some instants at which they ran; null where nothing was
   * metered before. Of sessions without a stop, and of those that ended since.
   */
  listRegistersAt(instants: readonly number[], ended: EndedSince | undefined): Promise<RegisterAt[]>;
  /** Oldest first. */
  listBySession(transactionId: number, page?: { limit?: number; offset?: number }): Promise<MeterSample[]>;
  /** Readings outside of any session, newest first. */
  listOrphans(
    stationUuid: string,
    filter: { connector?: number; from?: number; to?: number; limit: number },
  ): Promise<MeterSample[]>;
  /** Of all stations. */
  countOrphans(): Promise<number>;
}

export interface RemoteStartRepository {
  insert(start: RemoteStart): Promise<void>;
  /** The oldest matching request made at or after `since`, removed; undefined when there is none. */
  take(stationUuid: string, connector: number, tag: string, since: number): Promise<RemoteStart | undefined>;
  /** Withdraws a request that the station refused. */
  remove(stationUuid: string, tag: string, requestedAt: number): Promise<void>;
  removeBefore(olderThan: number): Promise<void>;
}
