import { type Static, Type } from '@sinclair/typebox';
import type { Connector, Session } from '../../domain/model.js';
import type { Repositories, StationFilter } from '../../domain/repositories.js';
import { connectorState } from '../../domain/station/states.js';
import { staff } from '../access.js';
import { applyListQuery, fieldsOf, listOf, listQuery } from '../list.js';
import { findConnector, findSite, findStation } from '../lookup.js';
import { type LiveFleet, unary } from '../operation.js';
import { changes, instant, nullable, oneOf, state, toIso } from '../shared.js';

export const connectorView = Type.Object({
  stationId: Type.String(),
  connector: Type.Integer(),
  name: nullable(Type.String()),
  /** At a glance, `offline` while the station is; `status` keeps what was reported last. */
  state,
  status: nullable(Type.String()),
  errorCode: nullable(Type.String()),
  vendorErrorCode: nullable(Type.String()),
  info: nullable(Type.String()),
  statusSince: nullable(instant),
  mode: oneOf('rfid', 'open'),
  evseId: nullable(Type.String()),
  type: nullable(Type.String()),
  maxPowerKw: nullable(Type.Number()),
  /** The running session, if any. */
  transactionId: nullable(Type.Integer()),
});
export type ConnectorView = Static<typeof connectorView>;

export function toConnectorView(
  { stationUuid, maxPowerW, statusAt, ...connector }: Connector,
  station: { id: string; online: boolean },
  open: Session | undefined,
): ConnectorView {
  return {
    stationId: station.id,
    connector: connector.connector,
    name: connector.name,
    state: connectorState(connector.status, { online: station.online, charging: open !== undefined }),
    status: connector.status,
    errorCode: connector.errorCode,
    vendorErrorCode: connector.vendorErrorCode,
    info: connector.info,
    statusSince: toIso(statusAt),
    mode: connector.mode,
    evseId: connector.evseId,
    type: connector.type,
    maxPowerKw: maxPowerW === null ? null : maxPowerW / 1000,
    transactionId: open?.transactionId ?? null,
  };
}

async function views(
  r: Repositories,
  live: LiveFleet | undefined,
  filter: StationFilter,
): Promise<ConnectorView[]> {
  // Newest last, so that it wins where an older one was never stopped.
  const sessions = (await r.sessions.listAllOpen()).sort((a, b) => a.startedAt - b.startedAt);
  const open = new Map(sessions.map((s) => [`${s.stationUuid} ${s.connector}`, s]));
  const connectors = await r.connectors.list(filter);
  return connectors.map(({ stationId, ...connector }) =>
    toConnectorView(
      connector,
      { id: stationId, online: live?.isOnline(connector.stationUuid) ?? false },
      open.get(`${connector.stationUuid} ${connector.connector}`),
    ),
  );
}

export const connectorOperations = {
  'connector.list': unary({
    summary: 'List connectors',
    access: staff,
    effect: 'read',
    input: Type.Object({
      stationId: Type.Optional(Type.String()),
      site: Type.Optional(Type.String()),
      ...listQuery,
    }),
    output: listOf(connectorView),
    run: ({ store, live }, { stationId, site, ...query }) =>
      store.read(async (r) => {
        const station = stationId === undefined ? undefined : await findStation(r, stationId);
        const filter = site === undefined ? {} : { siteUuid: (await findSite(r, site)).uuid };
        const all = await views(r, live, filter);
        const items = station ? all.filter((connector) => connector.stationId === station.id) : all;
        return applyListQuery(items, query, fieldsOf(connectorView));
      }),
  }),

  'connector.update': unary({
    summary: 'Change how a connector is used and described',
    access: staff,
    effect: 'change',
    input: Type.Object({
      stationId: Type.String(),
      connector: Type.Integer(),
      mode: Type.Optional(oneOf('rfid', 'open')),
      evseId: Type.Optional(nullable(Type.String({ maxLength: 48 }))),
      type: Type.Optional(nullable(Type.String({ maxLength: 50 }))),
      maxPowerKw: Type.Optional(nullable(Type.Number({ exclusiveMinimum: 0, maximum: 10_000 }))),
      name: Type.Optional(nullable(Type.String({ maxLength: 100 }))),
    }),
    output: connectorView,
    run({ store, live }, { stationId, connector, mode, evseId, type, maxPowerKw, name }) {
      const maxPowerW = typeof maxPowerKw === 'number' ? Math.round(maxPowerKw * 1000) : maxPowerKw;
      const change = changes({ mode, evseId, type, maxPowerW, name });
      return store.write(async (r) => {
        const station = await findStation(r, stationId);
        const before = await findConnector(r, station, connector);
        await r.connectors.update(station.uuid, connector, change);
        const after = (await r.connectors.find(station.uuid, connector)) ?? before;
        const [open] = await r.sessions.listOpen(station.uuid, connector);
        return toConnectorView(
          after,
          { id: station.id, online: live?.isOnline(station.uuid) ?? false },
          open,
        );
      });
    },
  }),
};
