import { describe, expect, it } from 'vitest';
import type { Input } from '../../../src/operations/fleet.js';
import { failure } from '../../helpers/failure.js';
import { sampleSession } from '../../helpers/sample-session.js';
import { openOperations } from '../../helpers/test-operations.js';

const first = Date.UTC(2026, 4, 1);
const minute = 60_000;

async function withSessions() {
  const opened = await openOperations();
  const { fleet, write } = opened;
  const site = (await fleet.run('site.create', { name: 'Solna' })).item;
  await fleet.run('station.create', { id: 'CP3' });
  await write(async (r) => {
    await r.sessions.insert(sampleSession(1, { startedAt: first }));
    await r.sessions.insert(sampleSession(2, { startedAt: first + minute, stationId: 'CP2', connector: 2 }));
    await r.sessions.insert(
      sampleSession(3, { startedAt: first + 2 * minute, tag: 'Tag2', siteUuid: site.uuid }),
    );
    const running = { stoppedAt: null, meterStopWh: null, stopReason: null, state: 'active' } as const;
    await r.sessions.insert(
      sampleSession(4, { startedAt: first + 3 * minute, meterLastWh: 1500, ...running }),
    );
    await r.sessions.insert(sampleSession(5, { startedAt: first + 3 * minute, state: 'suspect', tag: null }));
  });
  return opened;
}

describe('session list', () => {
  it.each<[string, Input<'session.list'>, number[]]>([
    ['all, newest first', {}, [5, 4, 3, 2, 1]],
    ['by station', { stationId: 'CP2' }, [2]],
    ['of a station that never charged', { stationId: 'CP3' }, []],
    ['by connector', { connector: 2 }, [2]],
    ['by site', { site: 'solna' }, [3]],
    ['by tag in any case', { tag: 'TAG2' }, [3]],
    ['by an unknown tag', { tag: 'NOBODY' }, []],
    ['running', { state: 'active' }, [4]],
    ['suspect', { state: 'suspect' }, [5]],
    ['from an instant on', { from: first + 2 * minute }, [5, 4, 3]],
    ['before an instant', { to: first + 2 * minute }, [2, 1]],
    ['between', { from: first + minute, to: first + 2 * minute }, [2]],
    ['the newest two', { limit: 2 }, [5, 4]],
    ['the two after those', { limit: 2, offset: 2 }, [3, 2]],
    ['all but the newest three', { offset: 3 }, [2, 1]],
    ['sorted', { sort: 'transactionId', limit: 2 }, [1, 2]],
    ['filtered by a field', { filter: ['stationId=cp2'] }, [2]],
    ['filtered both ways', { filter: ['tag=TAG1'], state: 'ended', sort: '-startTime' }, [2, 1]],
  ])('%s', async (_, input, expected) => {
    const { fleet } = await withSessions();
    const { items } = await fleet.run('session.list', input);
    expect(items.map(({ transactionId }) => transactionId)).toEqual(expected);
  });

  it('by driver, also one whose user is gone, and counts them', async () => {
    const { fleet, write } = await withSessions();
    await fleet.run('user.create', { email: 'ada@example.com' });
    await write(async (r) => {
      const userUuid = (await r.users.findByEmail('ada@example.com'))?.uuid ?? null;
      await r.sessions.insert(sampleSession(6, { userUuid, userEmail: 'ada@before.example' }));
      await r.sessions.insert(sampleSession(7, { userUuid: 'gone', userEmail: 'Bob@example.com' }));
    });
    const of = async (user: string) => {
      const { items, total } = await fleet.run('session.list', { user, limit: 1 });
      return `${total}: ${items.map(({ transactionId }) => transactionId)}`;
    };
    expect([await of('ADA@example.com'), await of('bob@EXAMPLE.com')]).toEqual(['1: 6', '1: 7']);
    const exported: number[] = [];
    for await (const { transactionId } of fleet.stream('session.export', { user: 'ada@example.com' }))
      exported.push(transactionId);
    expect(exported).toEqual([6]);
    const error = await failure(of('eve@example.com'), 'NOT_FOUND');
    expect(error.message).toBe('There is no user "eve@example.com", nor a session of one.');
  });

  it('counts beyond its limit', async () => {
    const { fleet } = await withSessions();
    expect((await fleet.run('session.list', { limit: 2 })).total).toBe(5);
    expect((await fleet.run('session.list', { limit: 0, tag: 'TAG1' })).total).toBe(3);
    expect((await fleet.run('session.list', { limit: 1, sort: 'energyKwh' })).total).toBe(5);
  });

  it('does not know the station, site or field', async () => {
    const { fleet } = await withSessions();
    const error = await failure(fleet.run('session.list', { stationId: 'CP33' }), 'NOT_FOUND');
    expect(error.suggestions[0]).toBe('evfleet station show CP3');
    await failure(fleet.run('session.list', { site: 'Soln' }), 'NOT_FOUND');
    await failure(fleet.run('session.list', { sort: 'energy' }), 'USAGE');
  });
});

it('keeps the names and the order of the fields that scripts rely on', async () => {
  const { fleet } = await withSessions();
  const session = await fleet.run('session.show', { id: '1' });
  expect(Object.keys(session)).toEqual([
    'sessionId',
    'transactionId',
    'startTime',
    'stopTime',
    'duration',
    'energyKwh',
    'station',
    'stationId',
    'nodeIdentity',
    'connector',
    'evseId',
    'site',
    'floor',
    'authentication',
    'tag',
    'userEmail',
    'meterStartKwh',
    'meterStopKwh',
    'stopReason',
    'state',
    'serverLogTime',
    // Beside the contract: session show says these on stderr.
    'suspicion',
    'verdict',
  ]);
  expect(session).toMatchObject({ duration: 3600, energyKwh: 10, meterStartKwh: 1, meterStopKwh: 11 });
});

it('shows a running session as far as it has come', async () => {
  const { fleet, clock } = await withSessions();
  const session = await fleet.run('session.show', { id: '4' });
  const sinceStart = Math.round((clock.now() - first) / 1000) - 180;
  expect(session).toMatchObject({ stopTime: null, energyKwh: 0.5, state: 'active', duration: sinceStart });
});

it('finds a session by either of its numbers', async () => {
  const { fleet } = await withSessions();
  const { sessionId } = await fleet.run('session.show', { id: '2' });
  expect((await fleet.run('session.show', { id: sessionId.toUpperCase() })).transactionId).toBe(2);
  for (const id of ['6', '0', '-1', 'x', '', '99999999999', '1e3']) {
    await failure(fleet.run('session.show', { id }), 'NOT_FOUND');
  }
});

it('lists what was metered', async () => {
  const { fleet, write } = await withSessions();
  const sample = {
    stationUuid: 'gone',
    connector: 1,
    transactionId: 1,
    receivedAt: first,
    context: 'Sample.Periodic',
    currentA: 16,
    voltageV: 230,
    soc: 40,
    other: null,
  };
  await write((r) =>
    r.samples.insert([
      { ...sample, takenAt: first + 2 * minute, energyWh: 2500, powerW: 3681.3, voltageV: 690.4 / 3 },
      { ...sample, takenAt: first + minute, energyWh: null, powerW: 11_040 },
    ]),
  );
  const { items, total } = await fleet.run('session.samples', { id: '1' });
  expect(total).toBe(2);
  expect(items).toMatchObject([
    {
      time: '2026-05-01T00:01:00.000Z',
      energyKwh: null,
      powerKw: 11.04,
      currentA: 16,
      voltageV: 230,
      soc: 40,
    },
    { time: '2026-05-01T00:02:00.000Z', energyKwh: 2.5, powerKw: 3.6813, voltageV: 230.133 },
  ]);
  await failure(fleet.run('session.samples', { id: '99' }), 'NOT_FOUND');
});

describe('session export', () => {
  /** Many in the same millisecond, as after an import: pages must neither repeat nor lose any. */
  async function withMany() {
    const opened = await openOperations();
    await opened.write(async (r) => {
      for (let id = 1; id <= 1700; id += 1) {
        await r.sessions.insert(
          sampleSession(id, { startedAt: first + Math.floor(id / 700), tag: `T${id % 2}` }),
        );
      }
    });
    return opened;
  }

  it('streams more than a page, each session once', async () => {
    const { fleet } = await withMany();
    const ids: number[] = [];
    for await (const { transactionId } of fleet.stream('session.export', {})) ids.push(transactionId);
    expect(ids).toHaveLength(1700);
    expect(new Set(ids).size).toBe(1700);
    expect(ids.slice(0, 2)).toEqual([1700, 1699]);
    let odd = 0;
    for await (const { tag } of fleet.stream('session.export', { tag: 't1' })) odd += tag === 'T1' ? 1 : 0;
    expect(odd).toBe(850);
  });

  it('goes on when a session is deleted or added between two pages', async () => {
    const { fleet, write } = await withMany();
    let count = 0;
    for await (const _ of fleet.stream('session.export', {})) {
      count += 1;
      if (count === 500)
        await write((r) => r.sessions.insert(sampleSession(5000, { startedAt: first + 10_000 })));
    }
    expect(count).toBe(1700);
  });

  it('stops when it is aborted', async () => {
    const { fleet, abort } = await withMany();
    const read = async () => {
      for await (const { transactionId } of fleet.stream('session.export', {})) {
        if (transactionId === 1600) abort.abort(new Error('enough'));
      }
    };
    await expect(read()).rejects.toThrow('enough');
  });

  it('fails at once for an unknown station', async () => {
    const { fleet } = await withMany();
    const stream = fleet.stream('session.export', { stationId: 'NOPE' });
    await failure(stream[Symbol.asyncIterator]().next(), 'NOT_FOUND');
  });
});
