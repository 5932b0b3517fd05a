import { type Static, Type } from '@sinclair/typebox';
import { byKey } from '../../domain/by-key.js';
import { sessionEnergyWh } from '../../domain/charging/energy.js';
import { powerNow } from '../../domain/charging/power-now.js';
import type { OpenSample } from '../../domain/charging/session-repositories.js';
import type { Connector, Session } from '../../domain/model.js';
import type { PlacedStation, Repositories, StationFilter } from '../../domain/repositories.js';
import type { LiveFleet } from '../operation.js';
import { instant, nullable, oneOf, state, toIso, toKilowatts } from '../shared.js';
import { type ConnectorView, connectorView, toConnectorView } from './connector.js';
import { refusalOf, refusedField, stateOf, toStationView } from './station-view.js';

const runningSession = Type.Object({
  transactionId: Type.Integer(),
  startTime: instant,
  energyKwh: Type.Number(),
  /** Measured, or what its energy registers come to; null when it is not known now. */
  powerKw: nullable(Type.Number()),
  soc: nullable(Type.Number()),
  tag: nullable(Type.String()),
  userEmail: nullable(Type.String()),
});

const statusConnector = Type.Composite([connectorView, Type.Object({ session: nullable(runningSession) })]);
export type StatusConnector = Static<typeof statusConnector>;

export const statusStation = Type.Object({
  id: Type.String(),
  name: nullable(Type.String()),
  /** Only what is accepted may charge. */
  registration: oneOf('accepted', 'pending', 'rejected', 'unknown'),
  state,
  online: Type.Boolean(),
  lastSeen: nullable(instant),
  offlineSince: nullable(instant),
  refused: refusedField,
  vendor: nullable(Type.String()),
  model: nullable(Type.String()),
  /** Open ones. */
  alarms: Type.Integer(),
  /** Somebody works at it, or at one of its connectors: nobody is told of trouble. */
  maintenance: Type.Boolean(),
  connectors: Type.Array(statusConnector),
});
export type StatusStation = Static<typeof statusStation>;

/** A station as it is shown, and where it stands. */
export interface PlacedView {
  readonly siteUuid: string | null;
  readonly floorUuid: string | null;
  readonly view: StatusStation;
}

/** More maintenance than all stations together have at a time. */
const windowsRead = 100_000;

interface Around {
  readonly live: LiveFleet | undefined;
  readonly now: number;
  /** All sessions without a stop. */
  readonly running: readonly Session[];
  readonly filter: StationFilter;
}

/** All stations that the filter lets through: a query for each kind of thing, however many there are. */
export async function lookAtStations(
  r: Repositories,
  { live, now, running, filter }: Around,
): Promise<PlacedView[]> {
  const outlets = byKey(
    await r.connectors.list(filter, { withStation: true }),
    ({ stationUuid }) => stationUuid,
  );
  // Newest last, so that it wins where an older one was never stopped.
  const sessions = new Map(
    [...running]
      .sort((a, b) => a.startedAt - b.startedAt)
      .map((session) => [`${session.stationUuid} ${session.connector}`, session]),
  );
  const samples = byKey(await r.samples.listLatestOfOpen(), ({ transactionId }) => transactionId);
  const alarms = new Map(
    (await r.alarms.countByStation({ open: true })).map((count) => [count.stationUuid, count.alarms]),
  );
  const serviced = new Set(
    (await r.maintenance.list({ state: 'active' }, now, { limit: windowsRead })).map(
      ({ stationUuid }) => stationUuid,
    ),
  );
  return (await r.stations.list(filter)).map((station) => {
    const of = outlets.get(station.uuid) ?? [];
    const connectors = of
      .filter(({ connector }) => connector > 0)
      .map((outlet) => {
        const session = sessions.get(`${station.uuid} ${outlet.connector}`);
        const metered = session && samples.get(session.transactionId);
        return toStatusConnector(outlet, station, { live, now, session, samples: metered ?? [] });
      });
    const view = toStatusStation(station, live, {
      outlets: of,
      connectors,
      alarms: alarms.get(station.uuid) ?? 0,
      maintenance: serviced.has(station.uuid),
    });
    return { siteUuid: station.siteUuid, floorUuid: station.floorUuid, view };
  });
}

function toStatusStation(
  placed: PlacedStation,
  live: LiveFleet | undefined,
  {
    outlets,
    ...rest
  }: {
    readonly outlets: readonly Connector[];
    readonly connectors: StatusConnector[];
    readonly alarms: number;
    readonly maintenance: boolean;
  },
): StatusStation {
  const view = toStationView(placed, live);
  const { id, name, registration, online, lastSeen, offlineSince, vendor, model } = view;
  const refused = refusalOf(placed, view, live);
  const state = stateOf(placed, online, outlets, rest.connectors);
  const { alarms, maintenance, connectors } = rest;
  const seen = { online, lastSeen, offlineSince, refused };
  return { id, name, registration, state, ...seen, vendor, model, alarms, maintenance, connectors };
}

function toStatusConnector(
  outlet: Connector,
  station: PlacedStation,
  {
    live,
    now,
    session,
    samples,
  }: {
    readonly live: LiveFleet | undefined;
    readonly now: number;
    readonly session: Session | undefined;
    readonly samples: readonly OpenSample[];
  },
): StatusConnector {
  const online = live?.isOnline(station.uuid) ?? false;
  const view = toConnectorView(outlet, { id: station.id, online }, session);
  if (!session) return { ...view, session: null };
  return {
    ...view,
    session: {
      transactionId: session.transactionId,
      startTime: toIso(session.startedAt),
      energyKwh: sessionEnergyWh(session) / 1000,
      powerKw: toKilowatts(powerAt(view, samples, now)),
      soc: samples.findLast(({ soc }) => soc !== null)?.soc ?? null,
      tag: session.tag,
      userEmail: session.userEmail,
    },
  };
}

function powerAt(
  { state, statusSince }: ConnectorView,
  samples: readonly OpenSample[],
  now: number,
): number | null {
  if (state === 'offline') return null;
  const takenAt = samples.at(-1)?.takenAt ?? 0;
  // Until the next sample tells it.
  const hasPaused = state === 'suspended' && statusSince !== null && Date.parse(statusSince) > takenAt;
  return hasPaused ? 0 : powerNow(samples, now);
}
