import { TypeGuard } from '@sinclair/typebox';
import { expect, it } from 'vitest';
import { systemCaller } from '../../src/domain/people/caller.js';
import { areaOf } from '../../src/operations/areas.js';
import type { LiveFleet } from '../../src/operations/operation.js';
import { operations } from '../../src/operations/registry.js';
import { failure } from '../helpers/failure.js';
import { openOperations } from '../helpers/test-operations.js';

const all = Object.entries(operations);

/** A running server without stations. */
const nobodyThere: LiveFleet = {
  isOnline: () => false,
  connectionId: () => undefined,
  lastSeenAt: () => undefined,
  stationChanged: async () => undefined,
  disconnect: () => undefined,
  shownSecurity: () => undefined,
  lastRefusal: () => undefined,
  checkCall: () => undefined,
  call: () => Promise.reject(new Error('nobody is there')),
  waitFor: async () => undefined,
};

it.each(all)('%s is complete', (name, operation) => {
  expect(name).toMatch(/^[a-z]+(-[a-z]+)*\.[a-z]+(-[a-z]+)*$/);
  expect(operation.summary).toMatch(/^[A-Z].*[^.]$/);
  expect(operation.access.roles).toContain('admin');
  expect(['read', 'change']).toContain(operation.effect);
  expect(TypeGuard.IsObject(operation.input)).toBe(true);
  expect(TypeGuard.IsSchema(operation.output)).toBe(true);
  expect(['unary', 'stream']).toContain(operation.kind);
});

it('a command without a server finds every operation in the area that it loads', async () => {
  for (const [name, operation] of all) {
    expect((await areaOf(name as keyof typeof operations))[name], name).toBe(operation);
  }
});

it('lets nobody but support and above touch a station in the field', () => {
  const remote = all.filter(([name]) => name.startsWith('remote.'));
  expect(remote.length).toBeGreaterThan(0);
  for (const [, operation] of remote) {
    expect(operation.access.roles).not.toContain('driver');
    expect('live' in operation && operation.live).toBe(true);
  }
});

it('lets drivers change nothing but their own keys', () => {
  const open = all.filter(([, { access, effect }]) => access.roles.includes('driver') && effect === 'change');
  expect(open.map(([name]) => name).sort()).toEqual([
    'api-key.create',
    'api-key.revoke',
    'auth.logout',
    'auth.password',
  ]);
});

it('refuses an input that is no object, whatever the operation', async () => {
  const { runner } = await openOperations({ live: nobodyThere });
  const call = { caller: systemCaller('tester', 'store'), signal: new AbortController().signal };
  for (const [name] of all) {
    const operation = runner.find(name);
    for (const input of [null, 7, 'text', []]) {
      if (operation.kind === 'unary') await failure(runner.run(operation, input, call), 'USAGE');
      else await failure(runner.stream(operation, input, call).next(), 'USAGE');
    }
  }
});

it('finds operations by name only, and suggests the nearest', async () => {
  const { runner } = await openOperations();
  const unknown = (name: string) =>
    failure(
      Promise.resolve().then(() => runner.find(name)),
      'NOT_FOUND',
    );
  expect((await unknown('station.lst')).suggestions).toEqual(['Did you mean station.list?']);
  await unknown('toString');
  await unknown('__proto__');
});

it('says how to start a server when a command needs one', async () => {
  const { fleet } = await openOperations();
  const error = await failure(
    fleet.run('remote.start', { stationId: 'CP1', tag: 'T', timeoutMs: 1000 }),
    'SERVER_UNREACHABLE',
  );
  expect(error.suggestions).toContain('evfleet serve');
});

it('names the field that is wrong', async () => {
  const { fleet } = await openOperations();
  const error = await failure(fleet.run('station.create', { id: 'A', connectors: 0 }), 'USAGE');
  expect(error.message).toMatch(/^connectors: /);
});

it('says what a value should have been where nothing is possible too', async () => {
  const { fleet } = await openOperations();
  const evseId = 'x'.repeat(49);
  const error = await failure(
    fleet.run('connector.update', { stationId: 'CP1', connector: 1, evseId }),
    'USAGE',
  );
  expect(error.message).toBe('evseId: Expected string length less or equal to 48.');
});

it('names the values that are possible', async () => {
  const { runner } = await openOperations();
  const operation = runner.find('station.list');
  if (operation.kind !== 'unary') throw new Error('station.list is no stream');
  const asked = runner.run(
    operation,
    { state: 'gone' },
    {
      caller: systemCaller('tester', 'store'),
      signal: new AbortController().signal,
    },
  );
  expect((await failure(asked, 'USAGE')).message).toMatch(/^state: Expected one of online, offline, /);
});
