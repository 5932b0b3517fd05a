import { Value } from '@sinclair/typebox/value';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Caller } from '../../../src/domain/people/caller.js';
import type { Repositories } from '../../../src/domain/repositories.js';
import { checkAccess } from '../../../src/operations/access.js';
import { itemsOf } from '../../../src/operations/batches.js';
import type { Operation } from '../../../src/operations/operation.js';
import { operations } from '../../../src/operations/registry.js';
import { testStart } from '../../helpers/fake-clock.js';
import {
  newConnector,
  newDiagnostics,
  newFault,
  newFloor,
  newGroup,
  newImage,
  newProfile,
  newReservation,
  newRollout,
  newSession,
  newSite,
  newStation,
  newStay,
  newTag,
  newTarget,
  newUser,
} from '../../store/support/fixtures.js';
import { callerWith, openWorld } from './world.js';

const site = fc.nat({ max: 4 });

/** Where everything is, by the number of the site. */
interface Topology {
  /** Null: at no site. */
  readonly stations: readonly (number | null)[];
  /** Numbers of stations. */
  readonly groups: readonly (readonly number[])[];
  readonly rollouts: readonly (readonly number[])[];
  /** For which sites they are. */
  readonly users: readonly (readonly number[])[];
  readonly tags: readonly { readonly user: number | null; readonly sites: readonly number[] }[];
  readonly role: 'site-admin' | 'support' | 'driver';
  readonly sites: readonly number[];
}

const few = <T>(item: fc.Arbitrary<T>, maxLength = 4) => fc.array(item, { maxLength });
const topologies: fc.Arbitrary<Topology> = fc.record({
  stations: fc.array(fc.option(site, { freq: 6 }), { minLength: 1, maxLength: 8 }),
  groups: few(few(fc.nat({ max: 7 }))),
  rollouts: few(few(fc.nat({ max: 7 }))),
  users: fc.array(few(site, 2), { minLength: 1, maxLength: 5 }),
  tags: few(fc.record({ user: fc.option(fc.nat({ max: 4 })), sites: few(site, 2) }), 6),
  role: fc.constantFrom('site-admin', 'support', 'driver'),
  sites: few(site, 3),
});

// No name is part of another one.
const siteOf = (n: number) => `Site${n}x`;
const siteUuidOf = (n: number) => `site-${siteOf(n)}`;
const stationOf = (n: number) => `Station${n}x`;
const stationUuidOf = (n: number) => `station-${stationOf(n)}`;
const emailOf = (n: number) => `user${n}x@example.org`;
const tagOf = (n: number) => `Tag${n}x`;
const groupOf = (n: number) => `Group${n}x`;

async function furnish(r: Repositories, topology: Topology): Promise<void> {
  const { stations, groups, rollouts, users, tags } = topology;
  const at = testStart;
  for (let n = 0; n <= 4; n += 1) {
    await r.sites.insert(newSite(siteOf(n)));
    await r.floors.insert(newFloor(siteUuidOf(n), `Floor of ${siteOf(n)}`));
  }
  for (const [n, sites] of users.entries()) {
    await r.users.insert(newUser(emailOf(n), { siteUuids: [...new Set(sites)].map(siteUuidOf) }));
  }
  for (const [n, { user, sites }] of tags.entries()) {
    const isSomebodys = user !== null && user < users.length;
    const userUuid = isSomebodys ? `user-${emailOf(user)}` : null;
    await r.tags.insert(newTag(tagOf(n), { userUuid, siteUuids: [...new Set(sites)].map(siteUuidOf) }));
  }
  for (const [n, siteNumber] of stations.entries()) {
    const siteUuid = siteNumber === null ? null : siteUuidOf(siteNumber);
    const where = { stationUuid: stationUuidOf(n), stationId: stationOf(n) };
    await r.stations.insert(newStation(stationOf(n), { siteUuid }));
    await r.connectors.insert(newConnector(where.stationUuid, 1));
    const driver = n % users.length;
    const userUuid = `user-${emailOf(driver)}`;
    const siteName = siteNumber === null ? null : siteOf(siteNumber);
    const session = { ...where, siteUuid, siteName, userUuid, userEmail: emailOf(driver), tag: `Used${n}x` };
    await r.sessions.insert(newSession(n + 1, session));
    await r.connections.insert(newStay(`stay-${n}`, where));
    await r.faults.insert(newFault(`fault-${n}`, where));
    await r.diagnostics.insert(newDiagnostics(where));
    await r.reservations.insert(newReservation({ ...where, expiresAt: at + 1000 }));
    await r.chargingProfiles.put(newProfile(1, {}, { stationUuid: where.stationUuid }));
    await r.tags.noteUnknown(`Lost${n}x`, where.stationId, at);
    await r.events.insert({ at, receivedAt: at, ...where, connector: 1, kind: 'fault.began', detail: '{}' });
  }
  const there = (numbers: readonly number[]) => new Set(numbers.filter((n) => n < stations.length));
  for (const [n, members] of groups.entries()) {
    await r.groups.insert(newGroup(groupOf(n)));
    for (const member of there(members))
      await r.groups.addStation(`group-${groupOf(n)}`, stationUuidOf(member));
  }
  if (rollouts.length > 0) await r.firmwareImages.insert(newImage('7.0'));
  for (const [n, numbers] of rollouts.entries()) {
    const ended = { state: 'failed' as const, endedAt: at };
    const targets = [...there(numbers)].map((number) => newTarget(n + 1, stationOf(number), ended));
    await r.firmwareRollouts.insert(newRollout(n + 1), targets);
  }
}

/** Everything that lists without being told what. */
const lists = Object.entries(operations).filter(
  ([, { effect, input }]) => effect === 'read' && Value.Check(input, {}),
) as [string, Operation][];

async function everythingFor(world: Awaited<ReturnType<typeof openWorld>>, caller: Caller): Promise<string> {
  const call = { caller, signal: new AbortController().signal };
  const said: unknown[] = [];
  for (const [name, operation] of lists) {
    if (!isAllowed(name, operation, caller)) continue;
    if (operation.kind === 'unary') said.push(await world.runner.run(operation, {}, call));
    else for await (const item of itemsOf(world.runner.stream(operation, {}, call))) said.push(item);
  }
  return JSON.stringify(said);
}

function isAllowed(name: string, operation: Operation, caller: Caller): boolean {
  try {
    checkAccess(name, operation, caller);
    return true;
  } catch {
    return false;
  }
}

it('shows nothing of what is elsewhere, and all that is theirs, whatever the fleet', async () => {
  expect(lists.map(([name]) => name)).toEqual(
    expect.arrayContaining(['station.list', 'session.export', 'fleet.status', 'event.follow', 'tag.unknown']),
  );
  await fc.assert(
    fc.asyncProperty(topologies, async (topology) => {
      const { role, sites, stations, users, tags, groups } = topology;
      const world = await openWorld([]);
      await world.write((r) => furnish(r, topology));
      const self = { name: emailOf(0), userUuid: `user-${emailOf(0)}` };
      const caller = callerWith(role, [...new Set(sites)].map(siteUuidOf), self);
      const said = await everythingFor(world, caller);
      const isStaff = role !== 'driver';
      const isOwn = (n: number | null | undefined) => n != null && sites.includes(n);
      const has = (n: number) => isStaff && isOwn(stations[n]);
      const drives = (n: number) => !isStaff && n % users.length === 0;

      for (let n = 0; n <= 4; n += 1) if (isStaff && isOwn(n)) expect(said).toContain(siteOf(n));
      for (let n = 0; n <= 4; n += 1) if (isStaff && !isOwn(n)) expect(said).not.toContain(siteOf(n));
      for (const n of stations.keys()) {
        const isSeen = has(n) || drives(n);
        for (const word of [stationOf(n), `Used${n}x`]) expect(said.includes(word), word).toBe(isSeen);
        expect(said.includes(`Lost${n}x`), `Lost${n}x`).toBe(has(n));
      }
      for (const [n, members] of groups.entries()) {
        expect(said.includes(groupOf(n)), groupOf(n)).toBe(members.some(has));
      }
      for (const [n, { user, sites: accepting }] of tags.entries()) {
        const owner = user === null ? undefined : users[user];
        const isSeen = isStaff
          ? accepting.some(isOwn) || (owner?.some(isOwn) ?? false) || user === 0
          : user === 0;
        // Their own tags a site-admin for nothing finds by name, not in lists.
        if (isStaff && user === 0) continue;
        expect(said.includes(tagOf(n)), tagOf(n)).toBe(isSeen);
      }
    }),
    { numRuns: 20 },
  );
});
