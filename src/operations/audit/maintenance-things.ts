import type { MaintenanceWindow } from '../../domain/alarm/maintenance.js';
import type { Picture, Thing } from './look.js';

/** What the audit shows of maintenance windows. */

export function maintenance(id: number): Thing {
  return {
    kind: 'maintenance',
    key: String(id),
    async picture({ r }) {
      const found = await r.maintenance.find(id);
      return found && pictureOf(found);
    },
  };
}

/** One that has no id yet: at one place, no two begin at the same instant. */
export function newMaintenance(window: Omit<MaintenanceWindow, 'id'>): Thing {
  const { stationUuid, connector, from } = window;
  return {
    kind: 'maintenance',
    key: `${stationUuid} ${connector} ${from}`,
    async picture({ r }) {
      const windows = await r.maintenance.listNotOver(stationUuid, from);
      const found = windows.find((one) => one.connector === connector && one.from === from);
      return found && pictureOf(found);
    },
  };
}

function pictureOf({ id, stationId, connector, from, to, comment }: MaintenanceWindow): Picture {
  return {
    target: String(id),
    fields: {
      station: stationId,
      connector,
      from: new Date(from).toISOString(),
      to: new Date(to).toISOString(),
      comment,
    },
  };
}
