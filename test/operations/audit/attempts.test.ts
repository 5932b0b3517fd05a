import { expect, it } from 'vitest';
import { FleetError } from '../../../src/domain/errors.js';
import type { Caller } from '../../../src/domain/people/caller.js';
import { systemCaller } from '../../../src/domain/people/caller.js';
import type { LiveFleet } from '../../../src/operations/operation.js';
import { failure } from '../../helpers/failure.js';
import { testStart } from '../../helpers/fake-clock.js';
import { openAudited } from './fixture.js';

const stationIds = ['CP1', 'CP2', 'CP3'];

/** Three stations; what they answer to a reset. */
async function withStations(answers: Record<string, string | FleetError | Promise<never>> = {}) {
  const live: LiveFleet = {
    isOnline: () => true,
    connectionId: () => 'c',
    lastSeenAt: () => testStart,
    stationChanged: async () => undefined,
    disconnect: () => undefined,
    shownSecurity: () => undefined,
    lastRefusal: () => undefined,
    checkCall: () => undefined,
    async call({ id }, _action, _payload, { signal }) {
      const answer = await Promise.race([answers[id] ?? 'Accepted', aborted(signal)]);
      if (answer instanceof FleetError) throw answer;
      return { status: answer };
    },
    waitFor: async () => undefined,
  };
  const operations = await openAudited({ live });
  for (const id of stationIds) await operations.fleet.run('station.create', { id });
  return operations;
}

const reset = (...ids: string[]) =>
  ({ targets: { stationIds: ids }, kind: 'hard', timeoutMs: 1000 }) as const;

function aborted(signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_, reject) => {
    signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}

async function drained(stream: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of stream);
}

it('a command to a station is one entry: what was asked for, and how it ended', async () => {
  const { fleet, during } = await withStations({ CP2: 'Rejected' });
  const entries = await during(async () => {
    await drained(fleet.stream('remote.reset', reset('CP1')));
    await drained(fleet.stream('remote.reset', reset('CP2')));
  });
  const common = { operation: 'remote.reset', kind: null, before: null, after: null };
  expect(entries).toMatchObject([
    { ...common, target: 'CP1', input: { kind: 'hard' }, outcome: 'ok' },
    { ...common, target: 'CP2', input: { kind: 'hard' }, outcome: 'REFUSED' },
  ]);
  expect(entries[0]?.input).toEqual({ targets: { stationIds: ['CP1'] }, kind: 'hard' });
});

it('a command to many is one entry too: at how many it went well', async () => {
  const { fleet, during } = await withStations({ CP2: new FleetError('TIMED_OUT', 'no answer') });
  const entries = await during(() => drained(fleet.stream('remote.reset', reset(...stationIds))));
  expect(entries).toMatchObject([
    { target: '3 stations', after: { ok: 2, failed: 1 }, input: { kind: 'hard' }, outcome: 'SOME_FAILED' },
  ]);
});

it('who does not wait for the end is written down with what was done by then', async () => {
  const never = new Promise<never>(() => undefined);
  const { fleet, during } = await withStations({ CP2: never });
  const entries = await during(async () => {
    for await (const _ of fleet.stream('remote.reset', reset('CP1', 'CP2'))) break;
  });
  expect(entries).toMatchObject([{ operation: 'remote.reset', outcome: 'INTERRUPTED' }]);
});

it('a command that is interrupted says so', async () => {
  const { fleet, during, abort } = await withStations();
  const entries = await during(async () => {
    abort.abort(new FleetError('INTERRUPTED', 'Interrupted.'));
    await failure(drained(fleet.stream('remote.reset', reset('CP1'))), 'INTERRUPTED');
  });
  expect(entries).toMatchObject([{ target: 'CP1', outcome: 'INTERRUPTED' }]);
});

it('what stations were given and what was tried are told apart', async () => {
  const { fleet, during } = await withStations();
  const templates = [{ match: {}, configuration: { HeartbeatInterval: '60' } }];
  const entries = await during(() =>
    drained(fleet.stream('config.apply', { targets: { stationIds: ['CP1'] }, timeoutMs: 1000, templates })),
  );
  expect(entries).toMatchObject([
    { kind: 'configuration', target: 'CP1', before: null, after: { HeartbeatInterval: '60' } },
    { kind: null, target: 'CP1', operation: 'config.apply' },
  ]);
});

it('a request that makes no sense is nobody’s attempt', async () => {
  const { fleet, during } = await withStations();
  const entries = await during(async () => {
    await failure(fleet.run('station.create', { id: 'x'.repeat(300) }), 'USAGE');
    await failure(fleet.run('tag.update', { tag: 'T' }), 'USAGE');
  });
  expect(entries).toEqual([]);
});

it('who is refused again and again does not fill the disk: of the rest it is told how many there were', async () => {
  const { runner, clock, entries } = await openAudited();
  const operation = runner.find('settings.set');
  if (operation.kind !== 'unary') throw new Error('settings.set is no stream');
  const signal = new AbortController().signal;
  const as = (name: string): Caller => ({ ...systemCaller(name, 'socket'), role: 'driver' });
  const knock = (name: string, keyId: string | null = null) =>
    failure(runner.run(operation, {}, { caller: { ...as(name), keyId }, signal }), 'NOT_ALLOWED');
  // Another key gets nobody further.
  for (let i = 0; i < 100; i += 1) await knock('eve', `key${i % 10}`);
  await knock('bob');
  expect((await entries()).map(({ actor }) => actor)).toEqual([...Array(30).fill('eve'), 'bob']);

  clock.advance(60_000);
  await until(async () => (await entries()).length === 32);
  expect((await entries()).at(-1)).toMatchObject({
    actor: 'eve',
    operation: 'settings.set',
    input: { moreFailures: 70 },
    outcome: 'NOT_ALLOWED',
    at: testStart + 60_000,
  });
  await knock('eve');
  expect(await entries()).toHaveLength(33);
  expect(clock.pending).toBe(0);
});

it('how many were refused is written down before the server stops', async () => {
  const { fleet, runner, entries } = await openAudited();
  for (let i = 0; i < 31; i += 1) await failure(fleet.run('tag.block', { tag: 'T' }), 'NOT_FOUND');
  expect(await entries()).toHaveLength(30);
  await runner.stop('unary');
  expect((await entries()).at(-1)).toMatchObject({ input: { moreFailures: 1 }, outcome: 'NOT_FOUND' });
});

it('an input without end is cut, and stays JSON', async () => {
  const { fleet, write } = await withStations();
  await drained(
    fleet.stream('remote.broadcast', {
      targets: { stationIds: ['CP1'] },
      action: 'DataTransfer',
      payload: { vendorId: 'x', data: 'y'.repeat(100_000), list: Array(5000).fill({ a: 'z'.repeat(50) }) },
      timeoutMs: 1000,
    }),
  );
  const [entry] = await write((r) => r.audit.list({}, { limit: 1 }));
  expect(entry?.input?.length).toBeLessThan(8001);
  expect(JSON.parse(entry?.input ?? '')).toMatchObject({ action: 'DataTransfer' });
});

async function until(check: () => Promise<boolean>): Promise<void> {
  for (let i = 0; i < 1000 && !(await check()); i += 1);
}

it('instants that were asked for are kept as instants', async () => {
  const { fleet, during } = await openAudited();
  await fleet.run('tag.create', { tag: '04A2' });
  const [entry] = await during(async () => {
    await failure(fleet.run('tag.create', { tag: '04A2', expiresAt: testStart }), 'EXISTS');
  });
  expect(entry?.input).toEqual({ tag: '04A2', expiresAt: new Date(testStart).toISOString() });
});
