import { type MaintenanceWindow, maintenanceState } from '../../domain/alarm/maintenance.js';
import type { Repositories } from '../../domain/repositories.js';

/** Ends a window now; one that has not begun is cancelled. Gives it as it is then. */
export async function endWindow(
  r: Repositories,
  window: MaintenanceWindow,
  now: number,
): Promise<MaintenanceWindow> {
  const to = maintenanceState(window, now) === 'planned' ? window.from : now;
  await r.maintenance.update(window.id, { to });
  return { ...window, to };
}

/** At a station that is no more, nobody works any longer. */
export async function endMaintenance(r: Repositories, stationUuid: string, now: number): Promise<void> {
  for (const window of await r.maintenance.listNotOver(stationUuid, now)) await endWindow(r, window, now);
}
