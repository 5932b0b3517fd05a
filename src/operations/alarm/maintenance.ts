import { Type } from '@sinclair/typebox';
import {
  type MaintenanceFilter,
  type MaintenanceWindow,
  maintenanceState,
  maintenanceStates,
} from '../../domain/alarm/maintenance.js';
import { FleetError } from '../../domain/errors.js';
import type { Station } from '../../domain/model.js';
import type { Repositories } from '../../domain/repositories.js';
import { staff } from '../access.js';
import { fieldsOf, listOf, listQuery } from '../list.js';
import { checkStationKnown, findSite, findStation } from '../lookup.js';
import { checkConnector } from '../naming.js';
import { unary } from '../operation.js';
import { pagedList } from '../paged-list.js';
import { given, oneOf, toIso } from '../shared.js';
import { endWindow } from './end-maintenance.js';
import { maintenanceView, toMaintenanceView } from './maintenance-view.js';

/** How long a window may be. */
const durationMaxMs = 366 * 24 * 3600_000;

/** Windows of a station that are planned or active: they are looked at with each of its faults. */
const windowsMax = 100;

const commentMaxLength = 1000;

/** The end of the year 9999. */
const latest = 253_402_300_799_999;
const when = Type.Integer({ minimum: 0, maximum: latest });

export const maintenanceOperations = {
  'maintenance.create': unary({
    summary: 'Plan maintenance, during which nobody is told of trouble',
    access: staff,
    effect: 'change',
    input: Type.Object({
      /** All of them, or none. */
      stationIds: Type.Array(Type.String(), { minItems: 1, maxItems: 1000 }),
      /** The whole station when left out. */
      connector: Type.Optional(Type.Integer({ minimum: 1 })),
      /** Milliseconds since the epoch; now when left out. */
      from: Type.Optional(when),
      /** One of these says when it ends: an instant, or how long after its beginning. */
      to: Type.Optional(when),
      lastsMs: Type.Optional(Type.Integer({ minimum: 1 })),
      comment: Type.Optional(Type.String({ maxLength: commentMaxLength })),
    }),
    output: Type.Array(maintenanceView),
    async run({ store, clock, caller }, { stationIds, connector = null, comment, ...wanted }) {
      const now = clock.now();
      const { from, to } = timesOf(wanted, now);
      return store.write(async (r) => {
        const views = [];
        for (const id of new Set(stationIds)) {
          const station = await findStation(r, id);
          if (connector !== null) await checkConnector(r, station, connector);
          await checkFree(r, station, { connector, from, to }, now);
          const window = {
            stationUuid: station.uuid,
            stationId: station.id,
            connector,
            from,
            to,
            comment: comment || null,
            createdBy: caller.name,
            createdAt: now,
          };
          views.push(toMaintenanceView({ id: await r.maintenance.insert(window), ...window }, now));
        }
        return views;
      });
    },
  }),

  'maintenance.list': unary({
    summary: 'List maintenance, that which begins last first',
    access: staff,
    effect: 'read',
    input: Type.Object({
      stationId: Type.Optional(Type.String()),
      site: Type.Optional(Type.String()),
      state: Type.Optional(oneOf(...maintenanceStates)),
      ...listQuery,
    }),
    output: listOf(maintenanceView),
    async run({ store, clock, signal }, { stationId, site, state, ...query }) {
      const now = clock.now();
      const filter = await store.read(async (r): Promise<MaintenanceFilter> => {
        await checkStation(r, stationId, now);
        const siteUuid = site === undefined ? undefined : (await findSite(r, site)).uuid;
        return given({ stationId, state, siteUuid });
      });
      const source = {
        page: (size: number, before: MaintenanceWindow | undefined) =>
          store.read((r) => r.maintenance.list(filter, now, { limit: size, before })),
        count: () => store.read((r) => r.maintenance.count(filter, now)),
        view: (window: MaintenanceWindow) => toMaintenanceView(window, now),
        fields: fieldsOf(maintenanceView),
      };
      return pagedList(query, source, signal);
    },
  }),

  'maintenance.show': unary({
    summary: 'Show maintenance',
    access: staff,
    effect: 'read',
    input: Type.Object({ id: Type.Integer() }),
    output: maintenanceView,
    run: ({ store, clock }, { id }) =>
      store.read(async (r) => toMaintenanceView(await findWindow(r, id), clock.now())),
  }),

  'maintenance.end': unary({
    summary: 'End maintenance now, or cancel it before it begins',
    access: staff,
    effect: 'change',
    input: Type.Object({ id: Type.Integer() }),
    output: maintenanceView,
    run: ({ store, clock }, { id }) =>
      store.write(async (r) => {
        const now = clock.now();
        const window = await findWindow(r, id);
        const state = maintenanceState(window, now);
        if (state === 'past' || state === 'cancelled') {
          const was = state === 'past' ? `ended at ${toIso(window.to)}` : 'was cancelled';
          throw new FleetError('CONFLICT', `Maintenance ${id} ${was} already.`, {
            suggestions: ['evfleet maintenance list --state active'],
          });
        }
        return toMaintenanceView(await endWindow(r, window, now), now);
      }),
  }),
};

/** @throws FleetError USAGE when that is no time for maintenance */
function timesOf(
  wanted: { readonly from?: number; readonly to?: number; readonly lastsMs?: number },
  now: number,
): Pick<MaintenanceWindow, 'from' | 'to'> {
  const { from = now, lastsMs } = wanted;
  if ((wanted.to === undefined) === (lastsMs === undefined)) {
    throw new FleetError('USAGE', 'Either --to or --for says when maintenance ends.', {
      suggestions: ['--for 2h'],
    });
  }
  const to = wanted.to ?? from + (lastsMs ?? 0);
  if (to <= from) {
    throw new FleetError('USAGE', `--to has to be after --from: ${toIso(to)} is not after ${toIso(from)}.`, {
      suggestions: ['--for 2h'],
    });
  }
  if (to <= now) {
    throw new FleetError('USAGE', `Maintenance until ${toIso(to)} would be over already.`, {
      suggestions: ['--for 2h'],
    });
  }
  if (to - from > durationMaxMs)
    throw new FleetError('USAGE', 'Maintenance lasts a year (366 days) at most.');
  return { from, to };
}

/** @throws FleetError CONFLICT naming the maintenance of the same place at that time */
async function checkFree(
  r: Repositories,
  station: Station,
  { connector, from, to }: Pick<MaintenanceWindow, 'connector' | 'from' | 'to'>,
  now: number,
): Promise<void> {
  const windows = await r.maintenance.listNotOver(station.uuid, Math.min(from, now));
  const other = windows.find((one) => one.connector === connector && one.from < to && one.to > from);
  if (other) {
    const where = connector === null ? station.id : `Connector ${connector} of ${station.id}`;
    const time = `${toIso(other.from)} to ${toIso(other.to)}`;
    throw new FleetError('CONFLICT', `${where} has maintenance ${other.id} at that time, from ${time}.`, {
      suggestions: [`evfleet maintenance show ${other.id}`, `evfleet maintenance end ${other.id}`],
    });
  }
  if (windows.filter((one) => one.to > now).length < windowsMax) return;
  throw new FleetError('CONFLICT', `${station.id} has ${windowsMax} maintenance windows planned already.`, {
    suggestions: ['evfleet maintenance list --state planned'],
  });
}

async function findWindow(r: Repositories, id: number): Promise<MaintenanceWindow> {
  const window = await r.maintenance.find(id);
  if (window) return window;
  throw new FleetError('NOT_FOUND', `There is no maintenance ${id}.`, {
    suggestions: ['evfleet maintenance list'],
  });
}

/** Whether a station of that id is, or was, known. */
function checkStation(r: Repositories, stationId: string | undefined, now: number): Promise<void> {
  return checkStationKnown(r, stationId, (id) => r.maintenance.list({ stationId: id }, now, { limit: 1 }));
}
