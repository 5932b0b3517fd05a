/** Maintenance windows: times in which nobody is told of a station's troubles. Instants are milliseconds since the epoch. */

export interface MaintenanceWindow {
  /** From 1; what people name it by. Never used again. */
  readonly id: number;
  readonly stationUuid: string;
  readonly stationId: string;
  /** Null: the whole station. */
  readonly connector: number | null;
  readonly from: number;
  /** Exclusive; ending a window early corrects it. The same as `from` when it was cancelled. */
  readonly to: number;
  readonly comment: string | null;
  readonly createdBy: string;
  readonly createdAt: number;
}

export const maintenanceStates = ['planned', 'active', 'past', 'cancelled'] as const;

/** `cancelled` never began. */
export type MaintenanceState = (typeof maintenanceStates)[number];

/** `to` itself is not in it. @param now milliseconds since the epoch */
export function maintenanceState(
  { from, to }: Pick<MaintenanceWindow, 'from' | 'to'>,
  now: number,
): MaintenanceState {
  if (to <= from) return 'cancelled';
  if (now < from) return 'planned';
  return now < to ? 'active' : 'past';
}

export interface MaintenanceFilter {
  readonly stationId?: string;
  readonly siteUuid?: string;
  readonly siteUuids?: readonly string[];
  readonly state?: MaintenanceState;
}

export interface MaintenanceRepository {
  /** Gives it the next id. */
  insert(window: Omit<MaintenanceWindow, 'id'>): Promise<number>;
  update(id: number, change: Partial<Pick<MaintenanceWindow, 'from' | 'to' | 'comment'>>): Promise<void>;
  find(id: number): Promise<MaintenanceWindow | undefined>;
  /** The one that is open for this place at an instant, if there is: of the station, or of its connector when one is named. */
  findActive(
    place: { readonly stationUuid: string; readonly connector: number | null },
    at: number,
  ): Promise<MaintenanceWindow | undefined>;
  /** Those of a station that end after an instant, the first to end first; without the cancelled ones. */
  listNotOver(stationUuid: string, at: number): Promise<MaintenanceWindow[]>;
  /** Latest start first. */
  list(
    filter: MaintenanceFilter,
    now: number,
    page: { limit: number; before?: Pick<MaintenanceWindow, 'from' | 'id'> | undefined },
  ): Promise<MaintenanceWindow[]>;
  count(filter: MaintenanceFilter, now: number): Promise<number>;
}
