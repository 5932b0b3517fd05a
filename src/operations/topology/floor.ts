import { type Static, Type } from '@sinclair/typebox';
import { FleetError } from '../../domain/errors.js';
import { checkName } from '../../domain/identifiers.js';
import { plural } from '../../domain/plural.js';
import type { Repositories } from '../../domain/repositories.js';
import { quoteForShell } from '../../domain/shell.js';
import { siteManagers, staff } from '../access.js';
import { applyListQuery, fieldsOf, listOf, listQuery } from '../list.js';
import { findFloor, findSite } from '../lookup.js';
import { unary } from '../operation.js';
import {
  changes,
  createOrElse,
  createOutput,
  deleteInput,
  deleteOrIgnore,
  deleteOutput,
  given,
  ifExists,
  instant,
  nullable,
  toIso,
} from '../shared.js';

const floorView = Type.Object({
  name: Type.String(),
  uuid: Type.String(),
  site: Type.String(),
  level: nullable(Type.Integer()),
  stations: Type.Integer(),
  createdAt: instant,
});
export type FloorView = Static<typeof floorView>;

const key = { site: Type.String(), name: Type.String() };
const level = Type.Optional(nullable(Type.Integer({ minimum: -100, maximum: 1000 })));

async function views(r: Repositories, siteUuid?: string): Promise<FloorView[]> {
  const floors = await r.floors.list(siteUuid);
  return floors.map(({ name, uuid, siteName, level, stations, createdAt }) => ({
    name,
    uuid,
    site: siteName,
    level,
    stations,
    createdAt: toIso(createdAt),
  }));
}

async function view(r: Repositories, uuid: string): Promise<FloorView> {
  const floor = (await views(r)).find((known) => known.uuid === uuid);
  if (!floor) throw new FleetError('NOT_FOUND', 'The floor has just been deleted.');
  return floor;
}

export const floorOperations = {
  'floor.list': unary({
    summary: 'List floors',
    access: staff,
    effect: 'read',
    input: Type.Object({ site: Type.Optional(Type.String()), ...listQuery }),
    output: listOf(floorView),
    run: ({ store }, { site, ...query }) =>
      store.read(async (r) => {
        const siteUuid = site === undefined ? undefined : (await findSite(r, site)).uuid;
        return applyListQuery(await views(r, siteUuid), query, fieldsOf(floorView));
      }),
  }),

  'floor.show': unary({
    summary: 'Show a floor',
    access: staff,
    effect: 'read',
    input: Type.Object(key),
    output: floorView,
    run: ({ store }, { site, name }) =>
      store.read(async (r) => view(r, (await findFloor(r, await findSite(r, site), name)).uuid)),
  }),

  'floor.create': unary({
    summary: 'Create a floor of a site',
    access: siteManagers,
    effect: 'change',
    input: Type.Object({ ...key, level, ifExists }),
    output: createOutput(floorView),
    run({ store, newId, clock }, { site, name, level, ifExists }) {
      checkName('floor name', name);
      return store.write(async (r) => {
        const parent = await findSite(r, site);
        const existing = await r.floors.findByName(parent.uuid, name);
        const uuid = existing?.uuid ?? newId();
        const outcome = await createOrElse({
          what: `floor ${existing?.name ?? name} in ${parent.name}`,
          existing,
          ifExists,
          create: () =>
            r.floors.insert({
              uuid,
              siteUuid: parent.uuid,
              name,
              level: level ?? null,
              createdAt: clock.now(),
            }),
          update: () => r.floors.update(uuid, given({ level })),
        });
        return { outcome, item: await view(r, uuid) };
      });
    },
  }),

  'floor.update': unary({
    summary: 'Change a floor',
    access: siteManagers,
    effect: 'change',
    input: Type.Object({ ...key, newName: Type.Optional(Type.String()), level }),
    output: floorView,
    run({ store }, { site, name, newName, level }) {
      if (newName !== undefined) checkName('floor name', newName);
      const change = changes({ name: newName, level });
      return store.write(async (r) => {
        const parent = await findSite(r, site);
        const floor = await findFloor(r, parent, name);
        const namesake = newName === undefined ? undefined : await r.floors.findByName(parent.uuid, newName);
        if (namesake && namesake.uuid !== floor.uuid) {
          throw new FleetError('EXISTS', `There is a floor ${namesake.name} in ${parent.name} already.`);
        }
        await r.floors.update(floor.uuid, change);
        return view(r, floor.uuid);
      });
    },
  }),

  'floor.delete': unary({
    summary: 'Delete an empty floor',
    access: siteManagers,
    effect: 'change',
    input: Type.Object({ ...key, ...deleteInput }),
    output: deleteOutput,
    run: ({ store }, { site, name, ignoreNotFound }) =>
      store.write((r) =>
        deleteOrIgnore(ignoreNotFound, async () => {
          const floor = await findFloor(r, await findSite(r, site), name);
          const { stations } = await view(r, floor.uuid);
          if (stations > 0) {
            throw new FleetError(
              'HAS_CHILDREN',
              `Floor ${floor.name} still has ${plural(stations, 'station')}.`,
              {
                suggestions: [`evfleet station list --site ${quoteForShell(site)}`],
              },
            );
          }
          await r.floors.delete(floor.uuid);
        }),
      ),
  }),
};
