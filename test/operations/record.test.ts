import { describe, expect, it } from 'vitest';
import type { Input } from '../../src/operations/fleet.js';
import { failure } from '../helpers/failure.js';
import { testStart } from '../helpers/fake-clock.js';
import { openOperations } from '../helpers/test-operations.js';
import { newFault, newStay } from '../store/support/fixtures.js';

const minute = 60_000;
const at = (minutes: number) => testStart - (60 - minutes) * minute;

/** Four stays: 1 to 5, 10 to 20 (lost), 15 to 16 (of CP2), 30 and still open. */
async function withStays() {
  const opened = await openOperations();
  await opened.fleet.run('station.create', { id: 'CP3' });
  await opened.write(async ({ connections }) => {
    const goodbye = { code: 1000, initiator: 'station', reason: null } as const;
    await connections.insert(newStay('a', { openedAt: at(1), closedAt: at(5), ...goodbye }));
    const lost = { code: 1006, initiator: 'lost', reason: null } as const;
    await connections.insert(newStay('b', { openedAt: at(10), closedAt: at(20), ...lost }));
    const killed = { code: 1, initiator: 'server', reason: 'killed', stationId: 'CP2' } as const;
    await connections.insert(newStay('c', { openedAt: at(15), closedAt: at(16), ...killed }));
    await connections.insert(newStay('d', { openedAt: at(30) }));
  });
  return opened;
}

describe('connection list', () => {
  it.each<[string, Input<'connection.list'>, number[]]>([
    ['all, newest first', {}, [30, 15, 10, 1]],
    ['of a station', { stationId: 'CP2' }, [15]],
    ['of a station that never came', { stationId: 'CP3' }, []],
    ['that were lost', { initiator: 'lost' }, [10]],
    ['by code', { code: 1 }, [15]],
    ['that last', { open: true }, [30]],
    ['that are over', { open: false }, [15, 10, 1]],
    ['that touch the time from an instant on', { from: at(16) }, [30, 15, 10]],
    ['that touch the time before an instant', { to: at(15) }, [10, 1]],
    ['that touch a period', { from: at(11), to: at(12) }, [10]],
    ['the newest two', { limit: 2 }, [30, 15]],
    ['sorted', { sort: '-duration', limit: 1 }, [30]],
    ['filtered by a field', { filter: ['code=0001'] }, [15]],
  ])('%s', async (_, input, expected) => {
    const { fleet } = await withStays();
    const { items } = await fleet.run('connection.list', input);
    expect(items.map(({ openedAt }) => (Date.parse(openedAt) - at(0)) / minute)).toEqual(expected);
  });

  it('keeps the names and the order of the fields that scripts rely on', async () => {
    const { fleet } = await withStays();
    const { items, total } = await fleet.run('connection.list', { limit: 1, stationId: 'CP2' });
    expect(total).toBe(1);
    expect(items.map((item) => Object.entries(item))).toEqual([
      [
        ['stationId', 'CP2'],
        ['openedAt', '2026-05-04T09:15:00.000Z'],
        ['closedAt', '2026-05-04T09:16:00.000Z'],
        ['code', '0001'],
        ['initiator', 'server'],
        ['reason', 'killed'],
        ['description', 'server restart'],
        ['duration', 60],
        ['address', '127.0.0.1'],
        ['protocol', 'ocpp1.6'],
      ],
    ]);
    expect((await fleet.run('connection.list', { open: true })).items).toMatchObject([
      { closedAt: null, code: null, initiator: null, reason: null, description: null, duration: 1800 },
    ]);
  });

  it.each([
    [0, '0000', 'unknown'],
    [1003, '1003', 'unsupported data'],
    [1011, '1011', 'server error'],
    [1012, '1012', 'service restart'],
    [4001, '4001', 'code 4001'],
  ])('calls code %d by the name that operators use', async (code, shown, description) => {
    const { fleet, write } = await openOperations();
    await write((r) =>
      r.connections.insert(newStay('x', { closedAt: testStart, code, initiator: 'server' })),
    );
    expect((await fleet.run('connection.list', {})).items).toMatchObject([{ code: shown, description }]);
  });

  it('reads more than a page, each connection once, many of the same millisecond', async () => {
    const { fleet, write } = await openOperations();
    await write(async ({ connections }) => {
      for (let i = 0; i < 1203; i += 1)
        await connections.insert(newStay(`s${i}`, { openedAt: testStart + (i % 2), address: String(i) }));
    });
    const { items, total } = await fleet.run('connection.list', {});
    expect([new Set(items.map(({ address }) => address)).size, items.length, total]).toEqual([
      1203, 1203, 1203,
    ]);
    expect((await fleet.run('connection.list', { limit: 501 })).items).toHaveLength(501);
    expect(await fleet.run('connection.list', { limit: 0 })).toEqual({ items: [], total: 1203 });
    const page = await fleet.run('connection.list', { offset: 601, limit: 602 });
    expect(page.items).toEqual((await fleet.run('connection.list', {})).items.slice(601));
    expect(page.total).toBe(1203);
    expect(await fleet.run('connection.list', { offset: 1300 })).toEqual({ items: [], total: 1203 });
  });

  it('does not know the station', async () => {
    const { fleet } = await withStays();
    const error = await failure(fleet.run('connection.list', { stationId: 'CP33' }), 'NOT_FOUND');
    expect(error.suggestions[0]).toBe('evfleet station show CP3');
  });
});

describe('fault list', () => {
  async function withFaults() {
    const opened = await openOperations();
    await opened.write(async ({ faults }) => {
      await faults.insert(newFault('a', { beganAt: at(1), endedAt: at(5) }));
      await faults.insert(newFault('b', { beganAt: at(10), endedAt: at(20), vendorErrorCode: 'E7' }));
      await faults.insert(newFault('c', { beganAt: at(15), errorCode: 'WeakSignal', connector: 0 }));
      await faults.insert(newFault('d', { beganAt: at(30), stationId: 'CP2' }));
    });
    return opened;
  }

  it.each<[string, Input<'fault.list'>, number[]]>([
    ['all, newest first', {}, [30, 15, 10, 1]],
    ['of a station', { stationId: 'CP2' }, [30]],
    ['of a connector', { connector: 0 }, [15]],
    ['by error, in any case', { error: 'groundfailure' }, [30, 10, 1]],
    ['by the error of the vendor', { error: 'e7' }, [10]],
    ['that last', { active: true }, [30, 15]],
    ['that are over', { active: false }, [10, 1]],
    ['that touch a period', { from: at(16), to: at(17) }, [15, 10]],
    ['the newest', { limit: 1 }, [30]],
  ])('%s', async (_, input, expected) => {
    const { fleet } = await withFaults();
    const { items } = await fleet.run('fault.list', input);
    expect(items.map(({ since }) => (Date.parse(since) - at(0)) / minute)).toEqual(expected);
  });

  it('keeps the names and the order of the fields that scripts rely on', async () => {
    const { fleet } = await withFaults();
    const { items } = await fleet.run('fault.list', { error: 'E7' });
    expect(Object.keys(items[0] ?? {})).toEqual([
      'since',
      'until',
      'duration',
      'stationId',
      'connector',
      'errorCode',
      'vendorErrorCode',
      'vendorId',
      'info',
      'status',
      'maintenance',
    ]);
    expect(items[0]).toMatchObject({ duration: 600, until: '2026-05-04T09:20:00.000Z' });
    await failure(fleet.run('fault.list', { stationId: 'NOPE' }), 'NOT_FOUND');
  });
});
