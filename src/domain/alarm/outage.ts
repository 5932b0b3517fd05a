/** How long stations have been out of contact, and who was told of it. Instants are milliseconds since the epoch. */

/** One absence of a station, until it is back. */
export interface Outage {
  readonly uuid: string;
  readonly stationUuid: string;
  readonly stationId: string;
  /** The end of its last connection. */
  readonly since: number;
  /**
   * When it counts as having begun: `since`, put off by the time that the server itself was down and by jumps of its
   * clock, which are no fault of the station.
   */
  readonly countsFrom: number;
  /** The station said goodbye. */
  readonly deliberate: boolean;
  /** When the next step of some rule is due; null when there is none left. */
  readonly nextStepAt: number | null;
  /** The first step, ms, that came while nobody was to be told, and is still to be told of; null when there is none. */
  readonly heldMs: number | null;
  /** Of the first of many that began at the same time and are told of together; null when it stands alone. */
  readonly stormUuid: string | null;
  readonly endedAt: number | null;
  /** When those who know of it are told that it is over; null when nobody is, or was already. */
  readonly backAt: number | null;
}

/** Outages that began at nearly the same time, and have a step at the same time. */
export interface Together {
  /** When those have their step that began first, and last. */
  readonly from: number;
  readonly to: number;
  readonly stepMs: number;
}

/** Word that was sent to one recipient, of an outage, an alarm or a session. */
export interface Notice {
  /** Of the outage, alarm or session. */
  readonly subjectUuid: string;
  /**
   * Milliseconds of an outage; 0 for what has no steps. Negative, of many outages: those that were over by this time
   * of the clock are over.
   */
  readonly stepMs: number;
  /** E-mail address or URL, case-folded. */
  readonly recipientKey: string;
  readonly ruleUuid: string;
  readonly at: number;
}

export interface OutageRepository {
  insert(outage: Outage): Promise<void>;
  update(
    uuid: string,
    change: Partial<
      Pick<Outage, 'since' | 'countsFrom' | 'deliberate' | 'nextStepAt' | 'heldMs' | 'endedAt' | 'backAt'>
    >,
  ): Promise<void>;
  /** Accepted stations that are out of contact without an outage; since their last contact. */
  listUnwatched(
    limit: number,
  ): Promise<{ readonly stationUuid: string; readonly stationId: string; readonly since: number }[]>;
  /** There is at most one. */
  findOpen(stationUuid: string): Promise<Outage | undefined>;
  listOpen(): Promise<Outage[]>;
  /** By uuid, from after one. */
  listOpenAfter(page: { readonly after: string; readonly limit: number }): Promise<Outage[]>;
  /** Open ones with a step that is due, the longest overdue first. */
  listDue(now: number, limit: number): Promise<Outage[]>;
  /** When the next step is due; undefined when none is. */
  findNextStep(): Promise<number | undefined>;
  /** Open ones that stand alone and were told of in time. */
  countTogether(about: Together): Promise<number>;
  /** Makes one storm of them: they count from when the last of them began. */
  joinStorm(stormUuid: string, about: Together): Promise<void>;
  /** Open ones of a storm with a step that is due, but none that is held; by uuid, from after one. */
  listStormDue(
    stormUuid: string,
    page: { readonly now: number; readonly after: string; readonly limit: number },
  ): Promise<Outage[]>;
  /** The same ones have their next step then. */
  moveStorm(stormUuid: string, now: number, nextStepAt: number | null): Promise<void>;
  /** When those of a storm are told of next that are over already; undefined when none is. */
  findStormBack(stormUuid: string): Promise<number | undefined>;
  /** Ended ones of which somebody is to be told by now, the longest overdue first. */
  listBack(now: number, limit: number): Promise<Outage[]>;
  /** Those of a storm of which somebody is to be told at that time; by uuid, from after one. */
  listStormBack(
    stormUuid: string,
    page: { readonly backAt: number; readonly after: string; readonly limit: number },
  ): Promise<Outage[]>;
  /** They were told of. */
  endStormBack(stormUuid: string, backAt: number): Promise<void>;
  /** When somebody is to be told next that an outage is over. */
  findNextBack(): Promise<number | undefined>;
  /** All open ones count from that much later, and so are their steps. */
  putOff(byMs: number): Promise<void>;
  /** Ends some open ones whose station is no more; gives how many. */
  endOrphans(now: number, limit: number): Promise<number>;
  /** Removes some of those that ended before, with their notices; gives how many. */
  removeEnded(before: { readonly endedBefore: number; readonly limit: number }): Promise<number>;
}

export interface NoticeRepository {
  /** False when this recipient had this step already. */
  note(notice: Notice): Promise<boolean>;
  listBySubject(subjectUuid: string): Promise<Notice[]>;
  /** What belongs to a subject is not needed any more. */
  forget(subjectUuid: string): Promise<void>;
}

/** Numbers that the watcher keeps between runs: the last event that it has seen, when it was last alive. */
export interface WatchStateRepository {
  find(name: 'lastEvent' | 'aliveAt' | 'digestAt'): Promise<number | undefined>;
  set(name: 'lastEvent' | 'aliveAt' | 'digestAt', value: number): Promise<void>;
}
