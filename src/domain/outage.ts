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
  readonly endedAt: number | null;
}

/** Word that was sent to one recipient, of an outage, an alarm or a session. */
export interface Notice {
  /** Of the outage, alarm or session. */
  readonly subjectUuid: string;
  /** Milliseconds of an outage; 0 for what has no steps. */
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
    change: Partial<Pick<Outage, 'since' | 'countsFrom' | 'deliberate' | 'nextStepAt' | 'endedAt'>>,
  ): Promise<void>;
  /** There is at most one. */
  findOpen(stationUuid: string): Promise<Outage | undefined>;
  listOpen(): Promise<Outage[]>;
  /** Open ones with a step that is due, the longest overdue first. */
  listDue(now: number, limit: number): Promise<Outage[]>;
  /** When the next step is due; undefined when none is. */
  findNextStep(): Promise<number | undefined>;
  /** All open ones count from that much later, and so are their steps. */
  putOff(byMs: number): Promise<void>;
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
