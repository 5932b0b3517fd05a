import { type Static, Type } from '@sinclair/typebox';
import { FleetError } from '../../domain/errors.js';
import type { Breach, Connector, Station, UnknownStation } from '../../domain/model.js';
import type { PlacedStation, Repositories } from '../../domain/repositories.js';
import { profileOf } from '../../domain/station/security-profile.js';
import { type State, stationState } from '../../domain/station/states.js';
import type { LiveFleet, OperationContext } from '../operation.js';
import { instant, nullable, oneOf, state, toIso } from '../shared.js';
import { type ConnectorView, connectorView, toConnectorView } from './connector.js';

const fields = {
  id: Type.String(),
  uuid: nullable(Type.String()),
  name: nullable(Type.String()),
  site: nullable(Type.String()),
  floor: nullable(Type.String()),
  registration: oneOf('accepted', 'pending', 'rejected', 'unknown'),
  online: Type.Boolean(),
  lastSeen: nullable(instant),
  offlineSince: nullable(instant),
  vendor: nullable(Type.String()),
  model: nullable(Type.String()),
  serialNumber: nullable(Type.String()),
  firmwareVersion: nullable(Type.String()),
  protocol: nullable(Type.String()),
  securityProfile: Type.Integer(),
};

export const stationView = Type.Object({
  ...fields,
  connectors: Type.Integer(),
  // Only of those that knocked without being in the topology.
  address: Type.Optional(nullable(Type.String())),
  attempts: Type.Optional(Type.Integer()),
  firstSeen: Type.Optional(instant),
});
export type StationView = Static<typeof stationView>;

/** The fields that only strangers have. */
export const strangerFields: readonly string[] = ['address', 'attempts', 'firstSeen'];

/** A habit of a station that departs from the specification and was tolerated. */
export const breachView = Type.Object({
  /** Null when the message could not be told. */
  action: nullable(Type.String()),
  /** JSON pointer into the payload, with `#` for the numbers of list elements. */
  place: Type.String(),
  rule: Type.String(),
  detail: Type.String(),
  count: Type.Integer(),
  firstSeen: instant,
  lastSeen: instant,
});
export type BreachView = Static<typeof breachView>;

/** Why it was not let in when it came last; null while it is online, and when it has not come since. */
export const refusedField = nullable(Type.Object({ time: instant, reason: Type.String() }));

export const stationDetail = Type.Object({
  ...fields,
  state,
  refused: refusedField,
  /** Seconds; null is the server's default. */
  heartbeatInterval: nullable(Type.Integer()),
  /** Seconds; null is the server's default, 0 no pings. */
  pingInterval: nullable(Type.Integer()),
  expectsPong: Type.Boolean(),
  assumedProtocol: nullable(Type.String()),
  /** Whether it has to show an AuthorizationKey; nobody can read that. */
  hasAuthKey: Type.Boolean(),
  authKeySince: nullable(instant),
  /** A new key that is on its way: `sent`, `accepted`, or `reboot` when it counts from the next boot on. */
  pendingAuthKey: nullable(oneOf('sent', 'accepted', 'reboot')),
  /** The security profile of its present connection; null while offline. */
  shownProfile: nullable(Type.Integer()),
  bootedAt: nullable(instant),
  createdAt: instant,
  groups: Type.Array(Type.String()),
  /** Kinds of tolerated breaches of the protocol, and how often they happened. */
  breaches: Type.Object({ kinds: Type.Integer(), count: Type.Integer() }),
  connectors: Type.Array(connectorView),
  /** Open ones. */
  alarms: Type.Integer(),
  /** Whether somebody works at it, or at one of its connectors, so that nobody is told of trouble. */
  maintenance: Type.Boolean(),
});
export type StationDetail = Static<typeof stationDetail>;

function common(station: PlacedStation, live: LiveFleet | undefined) {
  const online = live?.isOnline(station.uuid) ?? false;
  const lastSeenAt = live?.lastSeenAt(station.uuid) ?? station.lastSeenAt;
  return {
    id: station.id,
    uuid: station.uuid,
    name: station.name,
    site: station.siteName,
    floor: station.floorName,
    registration: station.registration,
    online,
    lastSeen: toIso(lastSeenAt),
    // A server that was killed had no time to write down the end of its connections.
    offlineSince: online ? null : toIso(station.offlineSinceAt ?? lastSeenAt),
    vendor: station.vendor,
    model: station.model,
    serialNumber: station.serialNumber,
    firmwareVersion: station.firmwareVersion,
    protocol: station.protocol,
    securityProfile: station.securityProfile,
  };
}

export function toStationView(station: PlacedStation, live: LiveFleet | undefined): StationView {
  return { ...common(station, live), connectors: station.connectors };
}

/** A station that knocked without being in the topology, in the shape of one that is. */
export function unknownStationView({
  id,
  protocol,
  lastSeenAt,
  firstSeenAt,
  address,
  attempts,
}: UnknownStation): StationView {
  return {
    id,
    uuid: null,
    name: null,
    site: null,
    floor: null,
    registration: 'unknown',
    online: false,
    lastSeen: toIso(lastSeenAt),
    offlineSince: null,
    vendor: null,
    model: null,
    serialNumber: null,
    firmwareVersion: null,
    protocol,
    securityProfile: 0,
    connectors: 0,
    address,
    attempts,
    firstSeen: toIso(firstSeenAt),
  };
}

export function toBreachView({ action, place, rule, detail, count, firstAt, lastAt }: Breach): BreachView {
  return { action, place, rule, detail, count, firstSeen: toIso(firstAt), lastSeen: toIso(lastAt) };
}

export async function detail(
  r: Repositories,
  { live, clock }: Pick<OperationContext, 'live' | 'clock'>,
  { id }: Station,
): Promise<StationDetail> {
  const station = await r.stations.findPlaced(id);
  if (!station) throw new FleetError('NOT_FOUND', `Station ${id} has just been deleted.`);
  const now = clock.now();
  const view = common(station, live);
  const shown = live?.shownSecurity(station.uuid);
  const outlets = await r.connectors.listByStation(station.uuid, { withStation: true });
  const open = await r.sessions.listOpen(station.uuid);
  const breaches = await r.breaches.listByStation(station.uuid);
  const connectors = outlets
    .filter(({ connector }) => connector > 0)
    .map((outlet) => {
      const session = open.find(({ connector }) => connector === outlet.connector);
      return toConnectorView(outlet, { id, online: view.online }, session);
    });
  return {
    ...view,
    state: stateOf(station, view.online, outlets, connectors),
    refused: refusalOf(station, view, live),
    heartbeatInterval: station.heartbeatIntervalS,
    pingInterval: station.pingIntervalS,
    expectsPong: station.expectsPong,
    assumedProtocol: station.assumedProtocol,
    hasAuthKey: station.authKeyHash !== null,
    authKeySince: toIso(station.authKeyAt),
    pendingAuthKey: station.pendingAuthKeyState,
    shownProfile: shown ? profileOf(shown) : null,
    bootedAt: toIso(station.bootedAt),
    createdAt: toIso(station.createdAt),
    groups: await r.groups.listNamesByStation(station.uuid),
    breaches: {
      kinds: breaches.length,
      count: breaches.reduce((sum, { count }) => sum + count, 0),
    },
    connectors,
    alarms: await r.alarms.count({ open: true, stationId: id }),
    maintenance: (await r.maintenance.listNotOver(station.uuid, now)).some(({ from }) => from <= now),
  };
}

/** What keeps a station away that tries to come: known since the server started. */
export function refusalOf(
  { uuid }: Pick<Station, 'uuid'>,
  { online, offlineSince }: Pick<StationView, 'online' | 'offlineSince'>,
  live: LiveFleet | undefined,
): Static<typeof refusedField> {
  const last = online ? undefined : live?.lastRefusal(uuid);
  if (!last || (offlineSince !== null && last.at < Date.parse(offlineSince))) return null;
  return { time: toIso(last.at), reason: last.reason };
}

/** The state of a station by its own report (connector 0) and the states of its connectors. */
export function stateOf(
  { lastSeenAt }: Pick<Station, 'lastSeenAt'>,
  online: boolean,
  outlets: readonly Connector[],
  connectors: readonly ConnectorView[],
): State {
  return stationState({
    online,
    lastSeenAt,
    connectors: connectors.map(({ state }) => state),
    status: outlets.find(({ connector }) => connector === 0)?.status ?? null,
  });
}
