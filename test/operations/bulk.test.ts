import { describe, expect, it } from 'vitest';
import { FleetError } from '../../src/domain/errors.js';
import { newStation } from '../../src/domain/new-entities.js';
import type { Store } from '../../src/domain/repositories.js';
import { type Act, type BulkOutcome, bulk } from '../../src/operations/bulk.js';
import { Refusal } from '../../src/operations/remote/refusal.js';
import { failure } from '../helpers/failure.js';
import { openOperations } from '../helpers/test-operations.js';
import { until } from '../helpers/until.js';

const yes: Act = async () => ({ status: 'Accepted' });

/** A fleet of CP01, CP02, ... and what an action on all of them gives. */
async function fleetOf(count: number) {
  const operations = await openOperations();
  const ids = Array.from({ length: count }, (_, index) => `CP${String(index + 1).padStart(2, '0')}`);
  await operations.write(async (r) => {
    for (const id of ids) await r.stations.insert(newStation({ uuid: `u-${id}`, id, createdAt: 0 }));
  });
  const store: Store = { read: operations.write, write: operations.write };
  const abort = new AbortController();
  const context = { store, live: undefined, signal: abort.signal };
  const start = (act: Act, concurrency?: number, targets: object = { all: true }) =>
    bulk(context, targets, { concurrency }, act);
  const run = async (act: Act, concurrency?: number, targets?: object) => {
    const outcomes: BulkOutcome[] = [];
    for await (const batch of start(act, concurrency, targets)) outcomes.push(...batch);
    return outcomes;
  };
  return { ...operations, ids, abort, start, run };
}

describe('an action on many stations', () => {
  it('has an outcome for each', async () => {
    const { run, ids } = await fleetOf(3);
    const outcomes = await run(yes);
    expect(outcomes.map(({ stationId }) => stationId)).toEqual(ids);
    expect(outcomes[0]).toEqual({
      stationId: 'CP01',
      ok: true,
      status: 'Accepted',
      message: 'CP01 answered Accepted.',
      code: null,
      detail: null,
      suggestions: [],
    });
  });

  it('goes on after failures, and says of each what it was', async () => {
    const { run } = await fleetOf(5);
    const outcomes = await run(async ({ id }) => {
      if (id === 'CP01')
        throw new FleetError('STATION_OFFLINE', 'CP01 is offline.', { suggestions: ['wait'] });
      if (id === 'CP02') throw new Refusal('CP02', 'Rejected', 'CP02 refused.');
      if (id === 'CP03') throw new TypeError('oops');
      if (id === 'CP04') {
        const cause = Object.assign(new Error('no'), { code: 'NotSupported' });
        throw new FleetError('REFUSED', 'CP04 refused.', { cause });
      }
      return { status: null, message: 'CP05 is fine.', detail: { a: 1 } };
    });
    expect(outcomes.map(({ ok, status, code, message }) => [ok, status, code, message])).toEqual([
      [false, null, 'STATION_OFFLINE', 'CP01 is offline.'],
      [false, 'Rejected', 'REFUSED', 'CP02 refused.'],
      [false, null, 'UNEXPECTED', 'CP03: the server failed: oops'],
      [false, 'NotSupported', 'REFUSED', 'CP04 refused.'],
      [true, null, null, 'CP05 is fine.'],
    ]);
    expect(outcomes[0]?.suggestions).toEqual(['wait']);
    expect(outcomes[4]?.detail).toEqual({ a: 1 });
  });

  it.each([
    [1, 1],
    [3, 3],
    [20, 12],
    [undefined, 12],
  ])('has %s under way at a time', async (concurrency, expected) => {
    const { run } = await fleetOf(12);
    let underWay = 0;
    let most = 0;
    await run(async () => {
      underWay += 1;
      most = Math.max(most, underWay);
      await new Promise((resolve) => setImmediate(resolve));
      underWay -= 1;
      return { status: null };
    }, concurrency);
    expect(most).toBe(expected);
  });

  it('tells of a station when it is done, not when all are', async () => {
    const { start } = await fleetOf(3);
    let finish = (): void => undefined;
    const slow = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const outcomes = start(async ({ id }) => {
      if (id === 'CP01') await slow;
      return { status: null };
    });
    const first: string[] = [];
    while (first.length < 2) {
      const { value } = await outcomes.next();
      first.push(...value.map(({ stationId }: BulkOutcome) => stationId));
    }
    expect(first).toEqual(['CP02', 'CP03']);
    finish();
    const second = await outcomes.next();
    expect(second.value?.map(({ stationId }: BulkOutcome) => stationId)).toEqual(['CP01']);
    expect((await outcomes.next()).done).toBe(true);
  });

  it('begins no further station once it is interrupted, and gives up those under way', async () => {
    const { start, abort } = await fleetOf(10);
    const begun: string[] = [];
    const outcomes = start(async ({ id }, signal) => {
      begun.push(id);
      await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
      return { status: null };
    }, 2);
    const first = failure(outcomes.next(), 'INTERRUPTED');
    await until(() => begun.length === 2);
    abort.abort(new FleetError('INTERRUPTED', 'Interrupted.'));
    await first;
    expect(begun).toEqual(['CP01', 'CP02']);
  });

  it('begins no further station when nobody reads on', async () => {
    const { start } = await fleetOf(10);
    const begun: string[] = [];
    for await (const _ of start(async ({ id }) => {
      begun.push(id);
      await new Promise((resolve) => setImmediate(resolve));
      return { status: null };
    }, 2)) {
      break;
    }
    const atEnd = begun.length;
    expect(atEnd).toBeLessThan(10);
    await new Promise((resolve) => setImmediate(resolve));
    expect(begun).toHaveLength(atEnd);
  });

  it('ends when the disk fails: then it is not the station', async () => {
    const { run } = await fleetOf(5);
    const begun: string[] = [];
    const running = run(async ({ id }) => {
      begun.push(id);
      throw new FleetError('STORE_FAILED', 'The disk is full.');
    }, 1);
    expect((await failure(running, 'STORE_FAILED')).message).toBe('The disk is full.');
    expect(begun).toEqual(['CP01']);
  });
});

describe('which stations are meant', () => {
  async function places() {
    const fleet = await fleetOf(4);
    await fleet.fleet.run('site.create', { name: 'Solna' });
    await fleet.fleet.run('group.create', { name: 'depot' });
    for (const id of ['CP01', 'CP02']) await fleet.fleet.run('station.update', { id, site: 'Solna' });
    await fleet.fleet.run('group.add', { name: 'depot', stationIds: ['CP02', 'CP03'] });
    const reached = async (targets: object) => (await fleet.run(yes, 1, targets)).map((o) => o.stationId);
    return { ...fleet, reached };
  }

  it('says each way, and all that is given must hold', async () => {
    const { reached } = await places();
    expect(await reached({ stationIds: ['CP03', 'CP01', 'CP03'] })).toEqual(['CP03', 'CP01']);
    expect(await reached({ site: 'solna' })).toEqual(['CP01', 'CP02']);
    expect(await reached({ group: 'depot' })).toEqual(['CP02', 'CP03']);
    expect(await reached({ site: 'Solna', group: 'depot' })).toEqual(['CP02']);
    expect(await reached({ where: 'id=CP0*,id!=CP02' })).toEqual(['CP01', 'CP03', 'CP04']);
    expect(await reached({ where: 'site=' })).toEqual(['CP03', 'CP04']);
    expect(await reached({ where: 'status=offline,status=new' })).toHaveLength(4);
    expect(
      await reached({ stationIds: ['CP01', 'CP04'], group: 'depot', all: false }).catch(String),
    ).toContain('No station fits');
    expect(await reached({ stationIds: ['CP02', 'CP04'], group: 'depot' })).toEqual(['CP02']);
    expect(await reached({ all: true })).toHaveLength(4);
  });

  it.each([
    [{}, 'USAGE', /Nothing says which stations/],
    [{ all: false }, 'USAGE', /Nothing says which stations/],
    [{ stationIds: [] }, 'NOT_FOUND', /No station fits/],
    [{ stationIds: ['CP1'] }, 'NOT_FOUND', /no station "CP1"/],
    [{ stationIds: ['CP01', 'CPX'] }, 'NOT_FOUND', /no station "CPX"/],
    [{ site: 'Sulna' }, 'NOT_FOUND', /no site "Sulna"/],
    [{ group: 'x' }, 'NOT_FOUND', /no group "x"/],
    [{ where: 'vendor=Acme' }, 'NOT_FOUND', /No station fits/],
    [{ where: 'vendor' }, 'USAGE', /no condition/],
  ] as const)('%j is an error before anything is done', async (targets, code, message) => {
    const { run } = await places();
    const begun: string[] = [];
    const running = run(
      async ({ id }) => {
        begun.push(id);
        return { status: null };
      },
      1,
      targets,
    );
    expect((await failure(running, code)).message).toMatch(message);
    expect(begun).toEqual([]);
  });

  it('can be asked beforehand, names that do not exist included', async () => {
    const { fleet } = await places();
    expect(await fleet.run('station.select', { targets: { site: 'Solna' } })).toEqual({
      stations: [
        { stationId: 'CP01', online: false },
        { stationId: 'CP02', online: false },
      ],
      unknown: [],
    });
    const ids = ['CP01', 'X', 'Y', 'X'];
    expect(await fleet.run('station.select', { targets: { stationIds: ids } })).toEqual({
      stations: [{ stationId: 'CP01', online: false }],
      unknown: ['X', 'Y'],
    });
  });
});
