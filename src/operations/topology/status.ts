import { type Static, Type } from '@sinclair/typebox';
import { sessionEnergyWh } from '../../domain/charging/energy.js';
import type { Connector, MeterSample, Session } from '../../domain/model.js';
import type { PlacedStation, Repositories } from '../../domain/repositories.js';
import { staff } from '../access.js';
import { mailOff } from '../alarm/mail-off.js';
import { type LiveFleet, unary } from '../operation.js';
import { instant, nullable, state, toIso, toKilowatts } from '../shared.js';
import { connectorView, toConnectorView } from './connector.js';
import { stateOf, toStationView } from './station-view.js';

const runningSession = Type.Object({
  transactionId: Type.Integer(),
  startTime: instant,
  energyKwh: Type.Number(),
  /** From the latest sample that had it. */
  powerKw: nullable(Type.Number()),
  soc: nullable(Type.Number()),
  tag: nullable(Type.String()),
});

const statusConnector = Type.Composite([connectorView, Type.Object({ session: nullable(runningSession) })]);

const statusStation = Type.Object({
  id: Type.String(),
  name: nullable(Type.String()),
  state,
  online: Type.Boolean(),
  lastSeen: nullable(instant),
  offlineSince: nullable(instant),
  vendor: nullable(Type.String()),
  model: nullable(Type.String()),
  /** Open ones. */
  alarms: Type.Integer(),
  /** Somebody works at it, or at one of its connectors: nobody is told of trouble. */
  maintenance: Type.Boolean(),
  connectors: Type.Array(statusConnector),
});

const statusFloor = Type.Object({ name: Type.String(), stations: Type.Array(statusStation) });

const statusSite = Type.Object({
  name: Type.String(),
  floors: Type.Array(statusFloor),
  /** Those that stand on no floor. */
  stations: Type.Array(statusStation),
});

export const fleetStatus = Type.Object({
  time: instant,
  /** Whether a server is running; without one every station is offline. */
  served: Type.Boolean(),
  sites: Type.Array(statusSite),
  /** Stations without a site. */
  stations: Type.Array(statusStation),
  counts: Type.Object({
    sites: Type.Integer(),
    stations: Type.Integer(),
    connectors: Type.Integer(),
    online: Type.Integer(),
    offline: Type.Integer(),
    available: Type.Integer(),
    charging: Type.Integer(),
    faulted: Type.Integer(),
    activeSessions: Type.Integer(),
    /** Stations that knocked without being in the topology. */
    unknownStations: Type.Integer(),
    /** Open alarms. */
    alarms: Type.Integer(),
  }),
  /** Why nobody is told by mail; null when mail is set up. */
  mailOff: nullable(Type.String()),
});
export type FleetStatus = Static<typeof fleetStatus>;
export type StatusSite = Static<typeof statusSite>;
export type StatusStation = Static<typeof statusStation>;
export type StatusConnector = Static<typeof statusConnector>;

type Shown = { session: Session; sample: MeterSample | undefined };

function toRunning({ session, sample }: Shown): Static<typeof runningSession> {
  return {
    transactionId: session.transactionId,
    startTime: toIso(session.startedAt),
    energyKwh: sessionEnergyWh(session) / 1000,
    powerKw: toKilowatts(sample?.powerW ?? null),
    soc: sample?.soc ?? null,
    tag: session.tag,
  };
}

function toStatusStation(
  placed: PlacedStation,
  live: LiveFleet | undefined,
  {
    outlets,
    running,
    ...marks
  }: {
    readonly outlets: readonly Connector[];
    readonly running: ReadonlyMap<string, Shown>;
    readonly alarms: number;
    readonly maintenance: boolean;
  },
): StatusStation {
  const { id, name, online, lastSeen, offlineSince, vendor, model } = toStationView(placed, live);
  const connectors = outlets
    .filter(({ connector }) => connector > 0)
    .map((outlet) => {
      const shown = running.get(`${placed.uuid} ${outlet.connector}`);
      const view = toConnectorView(outlet, { id, online }, shown?.session);
      return { ...view, session: shown ? toRunning(shown) : null };
    });
  const state = stateOf(placed, online, outlets, connectors);
  return { id, name, state, online, lastSeen, offlineSince, vendor, model, ...marks, connectors };
}

async function runningSessions(r: Repositories): Promise<Map<string, Shown>> {
  const running = new Map<string, Shown>();
  // Newest last, so that it wins where an older one was never stopped.
  for (const session of (await r.sessions.listAllOpen()).sort((a, b) => a.startedAt - b.startedAt)) {
    const sample = await r.samples.findLatest(session.transactionId);
    running.set(`${session.stationUuid} ${session.connector}`, { session, sample });
  }
  return running;
}

function count(stations: readonly StatusStation[]): Pick<FleetStatus['counts'], CountedByStation> {
  const connectors = stations.flatMap((station) => station.connectors);
  const inState = (...states: string[]) => connectors.filter(({ state }) => states.includes(state)).length;
  return {
    stations: stations.length,
    connectors: connectors.length,
    online: stations.filter(({ online }) => online).length,
    offline: stations.filter(({ online }) => !online).length,
    available: inState('available'),
    charging: inState('charging', 'suspended'),
    faulted: inState('faulted'),
  };
}

type CountedByStation =
  | 'stations'
  | 'connectors'
  | 'online'
  | 'offline'
  | 'available'
  | 'charging'
  | 'faulted';

/** More maintenance than all stations together have at a time. */
const windowsRead = 100_000;

export const statusOperations = {
  'fleet.status': unary({
    summary: 'The fleet at a glance',
    access: staff,
    effect: 'read',
    input: Type.Object({}),
    output: fleetStatus,
    run: ({ store, live, clock }) =>
      store.read(async (r) => {
        const outlets = groupBy(
          await r.connectors.list({}, { withStation: true }),
          ({ stationUuid }) => stationUuid,
        );
        const running = await runningSessions(r);
        const alarms = new Map(
          (await r.alarms.countByStation({ open: true })).map((count) => [count.stationUuid, count.alarms]),
        );
        const serviced = new Set(
          (await r.maintenance.list({ state: 'active' }, clock.now(), { limit: windowsRead })).map(
            ({ stationUuid }) => stationUuid,
          ),
        );
        const placed = (await r.stations.list()).map((station) => ({
          ...station,
          view: toStatusStation(station, live, {
            outlets: outlets.get(station.uuid) ?? [],
            running,
            alarms: alarms.get(station.uuid) ?? 0,
            maintenance: serviced.has(station.uuid),
          }),
        }));
        const views = (wanted: (station: (typeof placed)[number]) => boolean) =>
          placed.filter(wanted).map(({ view }) => view);
        const floors = groupBy(await r.floors.list(), ({ siteUuid }) => siteUuid);
        const sites = (await r.sites.list()).map((site) => ({
          name: site.name,
          floors: (floors.get(site.uuid) ?? []).map((floor) => ({
            name: floor.name,
            stations: views(({ floorUuid }) => floorUuid === floor.uuid),
          })),
          stations: views(({ siteUuid, floorUuid }) => siteUuid === site.uuid && floorUuid === null),
        }));
        return {
          time: toIso(clock.now()),
          served: live !== undefined,
          sites,
          stations: views(({ siteUuid }) => siteUuid === null),
          counts: {
            sites: sites.length,
            ...count(views(() => true)),
            activeSessions: running.size,
            unknownStations: (await r.unknownStations.list()).length,
            alarms: [...alarms.values()].reduce((sum, count) => sum + count, 0),
          },
          mailOff: await mailOff(r),
        };
      }),
  }),
};

function groupBy<K, T>(items: readonly T[], key: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const group = groups.get(key(item));
    if (group) group.push(item);
    else groups.set(key(item), [item]);
  }
  return groups;
}
