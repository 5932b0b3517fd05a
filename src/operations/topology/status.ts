import { type Static, Type } from '@sinclair/typebox';
import { byKey } from '../../domain/by-key.js';
import { parseInstant } from '../../domain/instant.js';
import { staff } from '../access.js';
import { mailOff } from '../alarm/mail-off.js';
import { findSite } from '../lookup.js';
import { unary } from '../operation.js';
import { given, instant, nullable, toIso } from '../shared.js';
import { countsOf, statusCounts } from './status-counts.js';
import { dayOf, energyOfDay, loadOf, statusDay, statusLoad } from './status-energy.js';
import { lookAtStations, type PlacedView, statusStation } from './status-station.js';

const statusFloor = Type.Object({ name: Type.String(), stations: Type.Array(statusStation) });

const statusSite = Type.Object({
  name: Type.String(),
  ...statusLoad,
  today: statusDay,
  floors: Type.Array(statusFloor),
  /** Those that stand on no floor. */
  stations: Type.Array(statusStation),
});

const fleetStatus = Type.Object({
  time: instant,
  /** Whether a server is running; without one every station is offline. */
  served: Type.Boolean(),
  ...statusLoad,
  today: Type.Composite([
    statusDay,
    Type.Object({
      /** When the day began. */
      start: instant,
      /** That ended today, or run. */
      sessions: Type.Integer(),
    }),
  ]),
  sites: Type.Array(statusSite),
  /** Stations without a site. */
  stations: Type.Array(statusStation),
  counts: statusCounts,
  /** Why nobody is told by mail; null when mail is set up. */
  mailOff: nullable(Type.String()),
});
export type FleetStatus = Static<typeof fleetStatus>;
export type StatusSite = Static<typeof statusSite>;

const dayMs = 24 * 3600_000;
/** The day on which the clock is put back. */
const dayMaxMs = 25 * 3600_000;

/**
 * When the day under way began.
 * @param from when it did by the clock of whoever asks, which may be wrong: then the same time of the day before now counts
 */
function startOfDay(from: number | undefined, now: number): number {
  const start = from ?? parseInstant('today', { nowMs: now, zone: 'local' }) ?? now;
  if (start <= now && now - start < dayMaxMs) return start;
  return start + Math.floor((now - start) / dayMs) * dayMs;
}

export const statusOperations = {
  'fleet.status': unary({
    summary: 'The fleet at a glance',
    access: staff,
    effect: 'read',
    input: Type.Object({
      /** Only of this site. */
      site: Type.Optional(Type.String()),
      /** When today began for whoever asks, milliseconds since the epoch; midnight where the server is when left out. */
      from: Type.Optional(Type.Integer()),
    }),
    output: fleetStatus,
    run: ({ store, live, clock }, { site: siteName, from }) =>
      store.read(async (r) => {
        const now = clock.now();
        const dayStart = startOfDay(from, now);
        const only = siteName === undefined ? undefined : await findSite(r, siteName);
        const filter = given({ siteUuid: only?.uuid });
        const running = await r.sessions.listAllOpen();
        const placed = await lookAtStations(r, { live, now, running, filter });
        const day = await energyOfDay(r, { dayStart, now, running, ...filter });
        const at = byKey(placed, ({ siteUuid, floorUuid }) => floorUuid ?? siteUuid);
        const floors = byKey(await r.floors.list(only?.uuid), ({ siteUuid }) => siteUuid);
        const sites = (only ? [only] : await r.sites.list()).map(({ uuid, name }) => {
          const onFloors = (floors.get(uuid) ?? []).map((floor) => ({
            name: floor.name,
            stations: viewsOf(at.get(floor.uuid)),
          }));
          const stations = viewsOf(at.get(uuid));
          const all = [...onFloors.flatMap((floor) => floor.stations), ...stations];
          return {
            name,
            ...loadOf(all),
            today: dayOf(day.bySite.get(uuid), day),
            floors: onFloors,
            stations,
          };
        });
        const all = viewsOf(placed);
        return {
          time: toIso(now),
          served: live !== undefined,
          ...loadOf(all),
          today: {
            start: toIso(dayStart),
            ...dayOf(day.whole, day),
            sessions: day.sessions,
          },
          sites,
          stations: viewsOf(at.get(null)),
          counts: {
            sites: sites.length,
            ...countsOf(all),
            unknownStations: only ? 0 : (await r.unknownStations.list()).length,
          },
          mailOff: await mailOff(r),
        };
      }),
  }),
};

function viewsOf(placed: readonly PlacedView[] = []) {
  return placed.map(({ view }) => view);
}
