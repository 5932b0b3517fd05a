/** Alarms: conditions that somebody has to know of. Instants are milliseconds since the epoch. */

export const alarmKinds = [
  'not-registered',
  'connection-lost',
  'hardware-fault',
  'configuration-fault',
  'over-current',
  'voltage',
  'high-temperature',
  'connector-lock-failure',
  'power-switch-failure',
  'power-meter-failure',
  'ground-failure',
  'reader-failure',
  'weak-signal',
  'vehicle-communication',
  'firmware-failed',
  'security',
  'suspect-session',
] as const;

export type AlarmKind = (typeof alarmKinds)[number];

/** One alarm per condition, however many messages tell of it. It outlives its station. */
export interface Alarm {
  readonly uuid: string;
  readonly kind: AlarmKind;
  readonly stationUuid: string;
  readonly stationId: string;
  /** Null when it concerns the station as a whole. */
  readonly connector: number | null;
  /** Tells the conditions of one kind at one place apart: a vendor's error code, a transaction; empty where there is one. */
  readonly condition: string;
  /** What was said of it, beside its kind: in the words of the station; empty where nothing was. */
  readonly description: string;
  /** Names of the rules that were for it when it was opened; null when there were none. */
  readonly rule: string | null;
  /** Since when the condition lasts, as far as that is known; by the clock of the station, where it is believed. */
  readonly beganAt: number;
  readonly openedAt: number;
  /** How often the condition came while the alarm was open; from 1. */
  readonly count: number;
  /** Began while a maintenance window was open: nobody is told. */
  readonly maintenance: boolean;
  /** The condition is gone, and the alarm clears then unless it comes back before; null while it lasts. */
  readonly clearsAt: number | null;
  readonly clearedAt: number | null;
  /** Who cleared it by hand; null when it cleared by itself. */
  readonly clearedBy: string | null;
  readonly note: string | null;
  readonly ackedAt: number | null;
  readonly ackedBy: string | null;
}

export interface AlarmFilter {
  /** Open, or cleared. */
  readonly open?: boolean;
  readonly kind?: AlarmKind;
  readonly stationId?: string;
  /** Null: of the station as a whole. */
  readonly connector?: number | null;
  readonly siteUuid?: string;
  readonly groupUuid?: string;
  /** Where their stations stand now; for those who are for some sites only. */
  readonly siteUuids?: readonly string[];
  readonly acked?: boolean;
  /** Whether it began during maintenance. */
  readonly maintenance?: boolean;
  /** Opened at or after. */
  readonly from?: number;
  /** Opened before. */
  readonly to?: number;
}

export interface AlarmRepository {
  insert(alarm: Alarm): Promise<void>;
  update(
    uuid: string,
    change: Partial<
      Pick<
        Alarm,
        'description' | 'count' | 'clearsAt' | 'clearedAt' | 'clearedBy' | 'note' | 'ackedAt' | 'ackedBy'
      >
    >,
  ): Promise<void>;
  findByUuid(uuid: string): Promise<Alarm | undefined>;
  /** By the beginning of its uuid, at least four characters; two when it is not unique. */
  findByPrefix(prefix: string): Promise<Alarm[]>;
  /** The open alarm of a condition; there is at most one. */
  findOpen(
    condition: Pick<Alarm, 'kind' | 'stationUuid' | 'connector' | 'condition'>,
  ): Promise<Alarm | undefined>;
  /** All open alarms of a station, or of all. */
  listOpen(stationUuid?: string): Promise<Alarm[]>;
  /** Open ones whose condition has been gone for long enough. */
  listClearing(now: number, limit: number): Promise<Alarm[]>;
  /** When the next one clears by itself; undefined when none is about to. */
  findNextClearing(): Promise<number | undefined>;
  /** Stations that have never connected and were created until then, oldest first; each only until it has had an alarm for it. */
  listNeverConnected(created: {
    readonly until: number;
    readonly limit: number;
  }): Promise<{ readonly uuid: string; readonly id: string; readonly createdAt: number }[]>;
  /** Opened last first. */
  list(
    filter: AlarmFilter,
    page: { limit: number; after?: Pick<Alarm, 'openedAt' | 'uuid'> | undefined },
  ): Promise<Alarm[]>;
  count(filter: AlarmFilter): Promise<number>;
  /** Only those stations that have some. */
  countByStation(filter: AlarmFilter): Promise<{ stationUuid: string; alarms: number }[]>;
  countOpenByKind(): Promise<{ kind: AlarmKind; alarms: number }[]>;
}
