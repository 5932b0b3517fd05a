import { type Static, Type } from '@sinclair/typebox';
import type { RuleScope } from '../../domain/alarm/alarm-rule.js';
import { FleetError } from '../../domain/errors.js';
import { checkName } from '../../domain/identifiers.js';
import type { Group, Station } from '../../domain/model.js';
import type { Repositories } from '../../domain/repositories.js';
import { quoteForShell } from '../../domain/shell.js';
import { fleetStaff, staff } from '../access.js';
import { checkNoRuleFor } from '../alarm/alarm-rules-for.js';
import { applyListQuery, fieldsOf, listOf, listQuery } from '../list.js';
import { findGroup, findStation } from '../lookup.js';
import { unary } from '../operation.js';
import {
  createOrElse,
  createOutput,
  deleteInput,
  deleteOrIgnore,
  deleteOutput,
  ifExists,
  instant,
  named,
  toIso,
} from '../shared.js';

const groupView = Type.Object({
  name: Type.String(),
  uuid: Type.String(),
  stations: Type.Integer(),
  createdAt: instant,
});
export type GroupView = Static<typeof groupView>;

const groupDetail = Type.Object({
  name: Type.String(),
  uuid: Type.String(),
  createdAt: instant,
  /** Station ids, sorted. */
  stations: Type.Array(Type.String()),
});
export type GroupDetail = Static<typeof groupDetail>;

const members = {
  name: Type.String(),
  stationIds: Type.Array(Type.String(), { minItems: 1, maxItems: 10_000 }),
};

async function detail(r: Repositories, { name, uuid, createdAt }: Group): Promise<GroupDetail> {
  return { name, uuid, createdAt: toIso(createdAt), stations: await r.groups.listStationIds(uuid) };
}

/** All or none: an unknown station id changes nothing. */
async function findStations(r: Repositories, ids: readonly string[]): Promise<Station[]> {
  const stations: Station[] = [];
  for (const id of ids) stations.push(await findStation(r, id));
  return stations;
}

async function checkNoTagFor(r: Repositories, { uuid, name }: Group): Promise<void> {
  const tags = await r.tags.list({ groupUuid: uuid });
  if (tags.length === 0) return;
  throw new FleetError(
    'HAS_CHILDREN',
    `Some tags are accepted at stations of group ${name}: ${named(tags.map(({ tag }) => tag))}.`,
    { suggestions: tags.slice(0, 2).map(({ tag }) => `evfleet tag show ${quoteForShell(tag)}`) },
  );
}

export const groupOperations = {
  'group.list': unary({
    summary: 'List groups of stations',
    access: staff,
    effect: 'read',
    input: Type.Object(listQuery),
    output: listOf(groupView),
    run: ({ store }, query) =>
      store.read(async (r) => {
        const views = (await r.groups.list()).map(({ name, uuid, stations, createdAt }) => ({
          name,
          uuid,
          stations,
          createdAt: toIso(createdAt),
        }));
        return applyListQuery(views, query, fieldsOf(groupView));
      }),
  }),

  'group.show': unary({
    summary: 'Show a group with its stations',
    access: staff,
    effect: 'read',
    input: Type.Object({ name: Type.String() }),
    output: groupDetail,
    run: ({ store }, { name }) => store.read(async (r) => detail(r, await findGroup(r, name))),
  }),

  'group.create': unary({
    summary: 'Create a group',
    access: fleetStaff,
    effect: 'change',
    input: Type.Object({ name: Type.String(), ifExists }),
    output: createOutput(groupDetail),
    run({ store, newId, clock }, { name, ifExists }) {
      checkName('group name', name);
      return store.write(async (r) => {
        const existing = await r.groups.findByName(name);
        const group = existing ?? { uuid: newId(), name, createdAt: clock.now() };
        const outcome = await createOrElse({
          what: `group ${group.name}`,
          existing,
          ifExists,
          create: () => r.groups.insert(group),
          // A group has nothing but its name and its stations, which have commands of their own.
          update: async () => undefined,
        });
        return { outcome, item: await detail(r, group) };
      });
    },
  }),

  'group.add': unary({
    summary: 'Add stations to a group',
    access: fleetStaff,
    effect: 'change',
    input: Type.Object(members),
    output: groupDetail,
    run: ({ store }, { name, stationIds }) =>
      store.write(async (r) => {
        const group = await findGroup(r, name);
        for (const { uuid } of await findStations(r, stationIds)) await r.groups.addStation(group.uuid, uuid);
        return detail(r, group);
      }),
  }),

  'group.remove': unary({
    summary: 'Remove stations from a group',
    access: fleetStaff,
    effect: 'change',
    input: Type.Object(members),
    output: groupDetail,
    run: ({ store }, { name, stationIds }) =>
      store.write(async (r) => {
        const group = await findGroup(r, name);
        for (const { uuid } of await findStations(r, stationIds))
          await r.groups.removeStation(group.uuid, uuid);
        return detail(r, group);
      }),
  }),

  'group.delete': unary({
    summary: 'Delete a group; its stations stay',
    access: fleetStaff,
    effect: 'change',
    input: Type.Object({ name: Type.String(), ...deleteInput }),
    output: deleteOutput,
    run: ({ store }, { name, ignoreNotFound }) =>
      store.write((r) =>
        deleteOrIgnore(ignoreNotFound, async () => {
          const group = await findGroup(r, name);
          await checkNoTagFor(r, group);
          const isFor = (scope: RuleScope) => scope.kind === 'group' && scope.groupUuid === group.uuid;
          await checkNoRuleFor(r, isFor, `group ${group.name}`);
          await r.groups.delete(group.uuid);
        }),
      ),
  }),
};
