import { type Static, Type } from '@sinclair/typebox';
import type { RuleScope } from '../../domain/alarm/alarm-rule.js';
import { FleetError } from '../../domain/errors.js';
import { checkName } from '../../domain/identifiers.js';
import type { Site } from '../../domain/model.js';
import { plural } from '../../domain/plural.js';
import type { Repositories } from '../../domain/repositories.js';
import { quoteForShell } from '../../domain/shell.js';
import { admins, siteManagers, staff } from '../access.js';
import { checkNoRuleFor } from '../alarm/alarm-rules-for.js';
import { applyListQuery, fieldsOf, listOf, listQuery } from '../list.js';
import { findSite } from '../lookup.js';
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
  named,
  nullable,
  toIso,
} from '../shared.js';

const siteView = Type.Object({
  name: Type.String(),
  uuid: Type.String(),
  address: nullable(Type.String()),
  lat: nullable(Type.Number()),
  lon: nullable(Type.Number()),
  floors: Type.Integer(),
  stations: Type.Integer(),
  createdAt: instant,
});
export type SiteView = Static<typeof siteView>;

const properties = {
  address: Type.Optional(nullable(Type.String({ maxLength: 500 }))),
  /** WGS 84, decimal degrees. */
  lat: Type.Optional(nullable(Type.Number({ minimum: -90, maximum: 90 }))),
  lon: Type.Optional(nullable(Type.Number({ minimum: -180, maximum: 180 }))),
};

function toView({ createdAt, ...site }: Site & { floors: number; stations: number }): SiteView {
  const { name, uuid, address, lat, lon, floors, stations } = site;
  return { name, uuid, address, lat, lon, floors, stations, createdAt: toIso(createdAt) };
}

async function view(r: Repositories, uuid: string): Promise<SiteView> {
  const site = (await r.sites.list()).find((known) => known.uuid === uuid);
  if (!site) throw new FleetError('NOT_FOUND', 'The site has just been deleted.');
  return toView(site);
}

async function checkNobodyFor(r: Repositories, { uuid, name }: Site): Promise<void> {
  const users = await r.users.list({ siteUuids: [uuid] });
  const tags = (await r.tags.list({ siteUuids: [uuid] })).filter((tag) => tag.siteUuids.includes(uuid));
  if (users.length + tags.length === 0) return;
  const who = [...users.map(({ email }) => email), ...tags.map(({ tag }) => `tag ${tag}`)];
  const suggestions = [
    ...(users.length > 0 ? [`evfleet user list --site ${quoteForShell(name)}`] : []),
    ...tags.slice(0, 2).map(({ tag }) => `evfleet tag show ${quoteForShell(tag)}`),
  ];
  throw new FleetError('HAS_CHILDREN', `Some are for site ${name}: ${named(who)}.`, { suggestions });
}

export const siteOperations = {
  'site.list': unary({
    summary: 'List sites',
    access: staff,
    effect: 'read',
    input: Type.Object(listQuery),
    output: listOf(siteView),
    run: ({ store }, query) =>
      store.read(async (r) => applyListQuery((await r.sites.list()).map(toView), query, fieldsOf(siteView))),
  }),

  'site.show': unary({
    summary: 'Show a site',
    access: staff,
    effect: 'read',
    input: Type.Object({ name: Type.String() }),
    output: siteView,
    run: ({ store }, { name }) => store.read(async (r) => view(r, (await findSite(r, name)).uuid)),
  }),

  'site.create': unary({
    summary: 'Create a site',
    access: admins,
    effect: 'change',
    input: Type.Object({ name: Type.String(), ...properties, ifExists }),
    output: createOutput(siteView),
    run({ store, newId, clock }, { name, address, lat, lon, ifExists }) {
      checkName('site name', name);
      return store.write(async (r) => {
        const existing = await r.sites.findByName(name);
        const uuid = existing?.uuid ?? newId();
        const outcome = await createOrElse({
          what: `site ${existing?.name ?? name}`,
          existing,
          ifExists,
          create: () =>
            r.sites.insert({
              uuid,
              name,
              address: address ?? null,
              lat: lat ?? null,
              lon: lon ?? null,
              createdAt: clock.now(),
            }),
          update: () => r.sites.update(uuid, given({ address, lat, lon })),
        });
        return { outcome, item: await view(r, uuid) };
      });
    },
  }),

  'site.update': unary({
    summary: 'Change a site',
    access: siteManagers,
    effect: 'change',
    input: Type.Object({ name: Type.String(), newName: Type.Optional(Type.String()), ...properties }),
    output: siteView,
    run({ store }, { name, newName, address, lat, lon }) {
      if (newName !== undefined) checkName('site name', newName);
      const change = changes({ name: newName, address, lat, lon });
      return store.write(async (r) => {
        const site = await findSite(r, name);
        const namesake = newName === undefined ? undefined : await r.sites.findByName(newName);
        if (namesake && namesake.uuid !== site.uuid) {
          throw new FleetError('EXISTS', `There is a site ${namesake.name} already.`);
        }
        await r.sites.update(site.uuid, change);
        return view(r, site.uuid);
      });
    },
  }),

  'site.delete': unary({
    summary: 'Delete an empty site',
    access: admins,
    effect: 'change',
    input: Type.Object({ name: Type.String(), ...deleteInput }),
    output: deleteOutput,
    run: ({ store }, { name, ignoreNotFound }) =>
      store.write((r) =>
        deleteOrIgnore(ignoreNotFound, async () => {
          const site = await findSite(r, name);
          const { floors, stations } = await view(r, site.uuid);
          if (floors + stations > 0) throw siteHasChildren(site.name, { floors, stations });
          await checkNobodyFor(r, site);
          const isFor = (scope: RuleScope) => scope.kind === 'site' && scope.siteUuid === site.uuid;
          await checkNoRuleFor(r, isFor, `site ${site.name}`);
          await r.sites.delete(site.uuid);
        }),
      ),
  }),
};

/** Only what is there is named: nobody looks for floors that are not in the way. */
function siteHasChildren(name: string, counts: Readonly<Record<'floors' | 'stations', number>>): FleetError {
  const children = [
    ['station', counts.stations],
    ['floor', counts.floors],
  ] as const;
  const there = children.filter(([, count]) => count > 0);
  const named = there.map(([noun, count]) => plural(count, noun)).join(' and ');
  return new FleetError('HAS_CHILDREN', `Site ${name} still has ${named}.`, {
    suggestions: there.map(([noun]) => `evfleet ${noun} list --site ${quoteForShell(name)}`),
  });
}
