import { describe, expect, it } from 'vitest';
import { nameKinds } from '../../src/domain/names.js';
import type { Caller } from '../../src/domain/people/caller.js';
import type { Input, Output } from '../../src/operations/fleet.js';
import { operations } from '../../src/operations/registry.js';
import { callerWith, foreign, openWorld, own, type World } from './scope/world.js';

const operation = operations['name.list'];

async function ask({ runner }: World, caller: Caller, query: Partial<Input<'name.list'>>) {
  const input = { kind: 'session', prefix: '', limit: 100, ...query };
  const answer = await runner.run(operation, input, { caller, signal: new AbortController().signal });
  return (answer as Output<'name.list'>).items;
}

async function listed(world: World, caller: Caller) {
  const answers = [];
  for (const kind of nameKinds) {
    const items = await ask(world, caller, { kind });
    answers.push([kind, items.map(({ name }) => name)] as const);
  }
  return Object.fromEntries(answers);
}

describe('names', () => {
  it('are those that exist for whoever asks', async () => {
    const world = await openWorld([own, foreign]);
    const all = await listed(world, callerWith('admin', null));
    for (const kind of ['station', 'site', 'floor', 'group', 'tag', 'user', 'alarm', 'alarm-rule'] as const) {
      expect(all[kind]?.length, kind).toBeGreaterThan(1);
    }
    for (const role of ['site-admin', 'support'] as const) {
      const some = await listed(world, callerWith(role, [own.siteUuid]));
      expect(some.station).toEqual([own.station]);
      expect(some.tag).toContain(own.tag);
      expect(some.session).toContain(String(own.transactionId));
      expect(some.session).not.toContain(String(foreign.transactionId));
      expect(some.alarm).toEqual([own.alarm]);
      expect(some['api-key']).toEqual([]);
      expect(some.maintenance).not.toContain(String(foreign.id));
      expect(JSON.stringify(some)).not.toMatch(/foreign|nowhere/i);
    }
    const support = await listed(world, callerWith('support', [own.siteUuid]));
    expect(support.user).toEqual([]);
    for (const caller of [callerWith('driver', [own.siteUuid]), callerWith('site-admin', [])]) {
      expect(Object.values(await listed(world, caller)).flat()).toEqual([]);
    }
  });

  it('come with what is running first, and no more than are wanted', async () => {
    const world = await openWorld([own]);
    const admin = callerWith('admin', null);
    const [first, ...others] = await ask(world, admin, {});
    expect(first?.name).toBe(String(own.transactionId));
    expect(first?.about).toContain(own.station);
    expect(others.map(({ name }) => name)).not.toContain(first?.name);
    expect(await ask(world, admin, { limit: 1 })).toHaveLength(1);
    // The long id is for who begins to type it.
    expect((await ask(world, admin, { prefix: own.session.slice(0, 9) })).map(({ name }) => name)).toEqual([
      own.session,
    ]);
  });
});
