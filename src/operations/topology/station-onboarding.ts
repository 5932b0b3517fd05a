import { type Static, Type } from '@sinclair/typebox';
import { checkName, checkStationId } from '../../domain/identifiers.js';
import { newStation } from '../../domain/new-entities.js';
import { staff } from '../access.js';
import { applyListQuery, fieldsOf, listOf, listQuery } from '../list.js';
import { findStation } from '../lookup.js';
import { unary } from '../operation.js';
import { given, oneOf } from '../shared.js';
import { noteRegistration } from './note-registration.js';
import { resolvePlace, setConnectors } from './station-place.js';
import { breachView, detail, stationDetail, toBreachView } from './station-view.js';

/** `unchanged`: it was accepted already. */
const outcome = oneOf('created', 'accepted', 'unchanged');
type Outcome = Static<typeof outcome>;

/** How a station becomes one of the fleet, and what it does otherwise than the others. */
export const stationOnboardingOperations = {
  'station.accept': unary({
    summary: 'Take a station in that knocked, or accept one that waits',
    access: staff,
    effect: 'change',
    input: Type.Object({
      id: Type.String(),
      site: Type.Optional(Type.String()),
      floor: Type.Optional(Type.String()),
      name: Type.Optional(Type.String()),
      connectors: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000 })),
    }),
    output: Type.Object({
      outcome,
      /** Whether it had knocked before it was created. */
      knocked: Type.Boolean(),
      item: stationDetail,
    }),
    async run({ store, live, newId, clock, caller }, { id, site, floor, name, connectors }) {
      checkStationId(id);
      if (name !== undefined) checkName('station name', name);
      const accepted = await store.write(async (r) => {
        const existing = await r.stations.findById(id);
        const where = await resolvePlace(r, { site, floor }, existing);
        const change = { ...where, ...given({ name }), registration: 'accepted' as const };
        if (existing) {
          await r.stations.update(existing.uuid, change);
          await noteRegistration(r, existing, change.registration, { caller, clock });
          if (connectors !== undefined) await setConnectors(r, existing.uuid, connectors);
          const outcome: Outcome = existing.registration === 'accepted' ? 'unchanged' : 'accepted';
          return { outcome, knocked: false, uuid: existing.uuid };
        }
        const station = { ...newStation({ uuid: newId(), id, createdAt: clock.now() }), ...change };
        const knocked = (await r.unknownStations.list()).some((stranger) => stranger.id === id);
        await r.stations.insert(station);
        await setConnectors(r, station.uuid, connectors ?? 1);
        await r.unknownStations.forget(id);
        const outcome: Outcome = 'created';
        return { outcome, knocked, uuid: station.uuid };
      });
      const { outcome, knocked, uuid } = accepted;
      if (outcome === 'accepted') await live?.stationChanged({ uuid, id });
      const item = await store.read(async (r) => detail(r, { live, clock }, await findStation(r, id)));
      return { outcome, knocked, item };
    },
  }),

  'station.breaches': unary({
    summary:
      'List what a station does otherwise than the specification says, and was understood all the same',
    access: staff,
    effect: 'read',
    input: Type.Object({ id: Type.String(), ...listQuery }),
    output: listOf(breachView),
    run: ({ store }, { id, ...query }) =>
      store.read(async (r) => {
        const { uuid } = await findStation(r, id);
        const views = (await r.breaches.listByStation(uuid)).map(toBreachView);
        return applyListQuery(views, query, fieldsOf(breachView));
      }),
  }),
};
