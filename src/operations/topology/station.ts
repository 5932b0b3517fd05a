import { Type } from '@sinclair/typebox';
import { FleetError } from '../../domain/errors.js';
import { checkName, checkStationId } from '../../domain/identifiers.js';
import type { Station } from '../../domain/model.js';
import { newStation } from '../../domain/new-entities.js';
import type { StationFilter } from '../../domain/repositories.js';
import { siteManagers, staff } from '../access.js';
import { endAlarms } from '../alarm/end-alarms.js';
import { endMaintenance } from '../alarm/end-maintenance.js';
import { endCertificates } from '../certificate/end-certificates.js';
import { endReservations } from '../charging/end-reservations.js';
import { applyListQuery, fieldsOf, listOf, listQuery } from '../list.js';
import { findGroup, findSite, findStation } from '../lookup.js';
import { type OperationContext, unary } from '../operation.js';
import { endFaults } from '../record/end-faults.js';
import {
  changes,
  createOrElse,
  createOutput,
  deleteInput,
  deleteOrIgnore,
  deleteOutput,
  given,
  ifExists,
  nullable,
  oneOf,
} from '../shared.js';
import { noteRegistration } from './note-registration.js';
import { resolvePlace, setConnectors } from './station-place.js';
import { madeKey, type PreparedKey, prepareKey, securityChange, securityInput } from './station-security.js';
import {
  detail,
  stationDetail,
  stationView,
  strangerFields,
  toStationView,
  unknownStationView,
} from './station-view.js';

const registration = Type.Optional(oneOf('accepted', 'pending', 'rejected'));
const place = {
  site: Type.Optional(nullable(Type.String())),
  floor: Type.Optional(nullable(Type.String())),
};
const properties = {
  name: Type.Optional(Type.String()),
  /** New connectors get mode `rfid`; a smaller number removes the highest. */
  connectors: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000 })),
  registration,
  heartbeatIntervalS: Type.Optional(nullable(Type.Integer({ minimum: 1, maximum: 86_400 * 7 }))),
  /** Null is the server's default, 0 no pings at all. */
  pingIntervalS: Type.Optional(nullable(Type.Integer({ minimum: 0, maximum: 86_400 }))),
  /** Whether silence means that it is gone. */
  expectsPong: Type.Optional(Type.Boolean()),
  /** What it is taken to speak when it offers no subprotocol; null: it is refused. */
  assumedProtocol: Type.Optional(nullable(oneOf('ocpp1.6'))),
  ...securityInput,
};

/** With the key that was made for it, if one was. */
const changedStation = Type.Object({ ...stationDetail.properties, ...madeKey });

/** What its connection has to know of at once. */
const liveProperties = [
  'registration',
  'pingIntervalS',
  'expectsPong',
  'securityProfile',
  'authKey',
  'generateAuthKey',
] as const;

type Changed = Partial<Record<(typeof liveProperties)[number], unknown>>;

function concernsConnection(input: Changed): boolean {
  return liveProperties.some((property) => input[property] !== undefined);
}

export const stationOperations = {
  'station.list': unary({
    summary: 'List stations',
    access: staff,
    effect: 'read',
    input: Type.Object({
      site: Type.Optional(Type.String()),
      group: Type.Optional(Type.String()),
      state: Type.Optional(oneOf('online', 'offline', 'accepted', 'pending', 'rejected', 'unknown')),
      ...listQuery,
    }),
    output: listOf(stationView),
    run: ({ store, live }, { site, group, state, ...query }) =>
      store.read(async (r) => {
        const fields = fieldsOf(stationView).filter((field) => !strangerFields.includes(field));
        if (state === 'unknown') {
          const strangers = await r.unknownStations.list();
          return applyListQuery(strangers.map(unknownStationView), query, fieldsOf(stationView));
        }
        const filter: StationFilter = {
          ...(site !== undefined && { siteUuid: (await findSite(r, site)).uuid }),
          ...(group !== undefined && { groupUuid: (await findGroup(r, group)).uuid }),
        };
        const views = (await r.stations.list(filter)).map((station) => toStationView(station, live));
        const wanted = views.filter(({ online, registration }) => {
          if (state === undefined) return true;
          return state === 'online' || state === 'offline'
            ? online === (state === 'online')
            : registration === state;
        });
        return applyListQuery(wanted, query, fields);
      }),
  }),

  'station.show': unary({
    summary: 'Show a station with its connectors',
    access: staff,
    effect: 'read',
    input: Type.Object({ id: Type.String() }),
    output: stationDetail,
    run: ({ store, live, clock }, { id }) =>
      store.read(async (r) => detail(r, { live, clock }, await findStation(r, id))),
  }),

  'station.create': unary({
    summary: 'Create a station',
    access: siteManagers,
    effect: 'change',
    input: Type.Object({ id: Type.String(), ...place, ...properties, ifExists }),
    output: createOutput(changedStation),
    async run(context, { id, site, floor, ifExists, securityProfile, authKey, generateAuthKey, ...input }) {
      const { store, live, newId, clock, caller } = context;
      checkStationId(id);
      if (input.name !== undefined) checkName('station name', input.name);
      const security = { securityProfile, authKey, generateAuthKey };
      const key = await prepareKey(context, 'station.create with keys or security profiles', security);
      const created = await store.write(async (r) => {
        const existing = await r.stations.findById(id);
        const { connectors, ...properties } = input;
        const where = await resolvePlace(r, { site, floor }, existing);
        const plain = existing ?? newStation({ uuid: newId(), id, createdAt: clock.now() });
        const change = () => ({
          ...where,
          ...given(properties),
          ...securityChange(plain, security, { ...key, ...at(context, plain) }),
        });
        const station: Station = existing ?? { ...plain, ...change() };
        const outcome = await createOrElse({
          what: `station ${id}`,
          existing,
          ifExists,
          async create() {
            await r.stations.insert(station);
            await setConnectors(r, station.uuid, connectors ?? 1);
            await r.unknownStations.forget(id);
          },
          async update() {
            await r.stations.update(station.uuid, change());
            await noteRegistration(r, station, properties.registration, { caller, clock });
            if (connectors !== undefined) await setConnectors(r, station.uuid, connectors);
          },
        });
        return {
          outcome,
          uuid: station.uuid,
          item: await detail(r, { live, clock }, await findStation(r, id)),
        };
      });
      const { outcome, uuid, item } = created;
      if (outcome === 'updated' && concernsConnection({ ...input, ...security })) {
        await live?.stationChanged({ uuid, id });
      }
      return { outcome, item: { ...item, ...(outcome !== 'skipped' && made(key)) } };
    },
  }),

  'station.update': unary({
    summary: 'Change a station',
    access: staff,
    effect: 'change',
    input: Type.Object({ id: Type.String(), ...place, ...properties }),
    output: changedStation,
    async run(context, { id, site, floor, securityProfile, authKey, generateAuthKey, ...input }) {
      const { store, live, clock, caller } = context;
      if (input.name !== undefined) checkName('station name', input.name);
      const security = { securityProfile, authKey, generateAuthKey };
      changes({ site, floor, ...security, ...input });
      const key = await prepareKey(context, 'station.update with keys or security profiles', security);
      const { uuid } = await store.write(async (r) => {
        const station = await findStation(r, id);
        const { connectors, ...properties } = input;
        const where = await resolvePlace(r, { site, floor }, station);
        const secured = securityChange(station, security, { ...key, ...at(context, station) });
        await r.stations.update(station.uuid, { ...where, ...given(properties), ...secured });
        await noteRegistration(r, station, properties.registration, { caller, clock });
        if (connectors !== undefined) await setConnectors(r, station.uuid, connectors);
        return station;
      });
      if (concernsConnection({ ...input, ...security })) await live?.stationChanged({ uuid, id });
      const item = await store.read(async (r) => detail(r, { live, clock }, await findStation(r, id)));
      return { ...item, ...made(key) };
    },
  }),

  'station.move': unary({
    summary: 'Move a station to another site or floor',
    access: siteManagers,
    effect: 'change',
    input: Type.Object({ id: Type.String(), site: Type.String(), floor: Type.Optional(Type.String()) }),
    output: stationDetail,
    run: ({ store, live, clock }, { id, site, floor }) =>
      store.write(async (r) => {
        const station = await findStation(r, id);
        await r.stations.update(station.uuid, await resolvePlace(r, { site, floor: floor ?? null }, station));
        return detail(r, { live, clock }, await findStation(r, id));
      }),
  }),

  'station.delete': unary({
    summary: 'Delete a station; its sessions are kept',
    access: siteManagers,
    effect: 'change',
    input: Type.Object({ id: Type.String(), ...deleteInput }),
    output: deleteOutput,
    async run({ store, live, clock }, { id, ignoreNotFound }) {
      let uuid: string | undefined;
      const result = await store.write((r) =>
        deleteOrIgnore(ignoreNotFound, async () => {
          const station = await findStation(r, id);
          const open = (await r.sessions.listOpen(station.uuid)).find(({ state }) => state === 'active');
          if (open) {
            throw new FleetError(
              'HAS_CHILDREN',
              `Station ${id} has a running session (${open.transactionId}).`,
              {
                suggestions: [`evfleet remote stop ${open.transactionId}`],
              },
            );
          }
          uuid = station.uuid;
          await r.connectors.deleteByStation(station.uuid);
          await r.breaches.deleteByStation(station.uuid);
          await endFaults(r, id, clock.now());
          await endAlarms(r, station.uuid, clock.now());
          await endReservations(r, station.uuid, clock.now());
          await endMaintenance(r, station.uuid, clock.now());
          await endCertificates(r, station, clock.now());
          await r.localLists.deleteByStation(station.uuid);
          await r.configurations.deleteByStation(station.uuid);
          await r.chargingProfiles.deleteByStation(station.uuid);
          await r.alarmRules.forgetStation(station.uuid);
          await r.stations.delete(station.uuid);
        }),
      );
      if (uuid !== undefined) live?.disconnect(uuid, 'the station was deleted');
      return result;
    },
  }),
};

/** When it is changed, and what it has shown of itself. */
function at({ clock, live }: OperationContext, { uuid }: Station) {
  return { now: clock.now(), shown: live?.shownSecurity(uuid) };
}

function made({ made }: PreparedKey): { authKey?: string } {
  return made === undefined ? {} : { authKey: made };
}
