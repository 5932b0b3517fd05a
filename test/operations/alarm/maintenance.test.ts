import { describe, expect, it } from 'vitest';
import { systemCaller } from '../../../src/domain/people/caller.js';
import { failure } from '../../helpers/failure.js';
import { testStart } from '../../helpers/fake-clock.js';
import { openOperations } from '../../helpers/test-operations.js';

const [minuteMs, hourMs, dayMs] = [60_000, 3600_000, 86_400_000];
const at = (ms: number) => new Date(ms).toISOString();

async function fixture() {
  const operations = await openOperations();
  const { fleet, clock, write } = operations;
  await fleet.run('site.create', { name: 'Solna' });
  await fleet.run('station.create', { id: 'CP1', connectors: 2, site: 'Solna' });
  await fleet.run('station.create', { id: 'CP2' });
  const create = async (change: object = {}) => {
    const made = await fleet.run('maintenance.create', {
      stationIds: ['CP1'],
      ...('to' in change || 'lastsMs' in change ? {} : { lastsMs: hourMs }),
      ...change,
    });
    return made.map(({ id }) => id);
  };
  const list = async (filter: object = {}) => {
    const { items } = await fleet.run('maintenance.list', filter);
    return items.map(({ id, state }) => `${id} ${state}`);
  };
  const isFor = async (stationId: string, connector: number | null = null, ms = clock.now()) => {
    const { uuid } = await fleet.run('station.show', { id: stationId });
    const found = await write((r) => r.maintenance.findActive({ stationUuid: uuid ?? '', connector }, ms));
    return found !== undefined;
  };
  return { ...operations, create, list, isFor };
}

describe('maintenance', () => {
  it('begins at once unless it is said when, and closes by itself', async () => {
    const { fleet, clock, create, list, isFor } = await fixture();
    const [made] = await fleet.run('maintenance.create', {
      stationIds: ['CP1'],
      lastsMs: hourMs,
      comment: 'new cable',
    });
    expect(made).toEqual({
      id: 1,
      stationId: 'CP1',
      connector: null,
      state: 'active',
      from: at(testStart),
      to: at(testStart + hourMs),
      comment: 'new cable',
      createdBy: 'tester',
      createdAt: at(testStart),
    });
    await create({ from: testStart + 2 * hourMs, to: testStart + 3 * hourMs });
    expect(await list()).toEqual(['2 planned', '1 active']);
    clock.advance(hourMs - 1);
    expect([await isFor('CP1'), await isFor('CP1', 2), await isFor('CP2')]).toEqual([true, true, false]);
    clock.advance(1);
    expect([await list(), await isFor('CP1')]).toEqual([['2 planned', '1 past'], false]);
    clock.advance(hourMs);
    expect([await list(), await isFor('CP1')]).toEqual([['2 active', '1 past'], true]);
    clock.advance(dayMs);
    expect(await list()).toEqual(['2 past', '1 past']);
  });

  it('of a connector is for that one only', async () => {
    const { create, isFor } = await fixture();
    await create({ connector: 1 });
    expect([await isFor('CP1', 1), await isFor('CP1', 2), await isFor('CP1')]).toEqual([true, false, false]);
  });

  it('that ends early ends now, and what comes later is told again', async () => {
    const { fleet, clock, create, list, isFor } = await fixture();
    await create();
    clock.advance(10 * minuteMs);
    const ended = await fleet.run('maintenance.end', { id: 1 });
    expect(ended).toMatchObject({ state: 'past', to: at(testStart + 10 * minuteMs) });
    expect(await fleet.run('maintenance.show', { id: 1 })).toEqual(ended);
    expect([await isFor('CP1'), await isFor('CP1', null, testStart + minuteMs)]).toEqual([false, true]);
    const error = await failure(fleet.run('maintenance.end', { id: 1 }), 'CONFLICT');
    expect(error.message).toBe(`Maintenance 1 ended at ${at(testStart + 10 * minuteMs)} already.`);
    expect(await create()).toEqual([2]);
    expect(await list()).toEqual(['2 active', '1 past']);
  });

  it('that has not begun is cancelled by its end, and stays listed', async () => {
    const { fleet, clock, create, list, isFor } = await fixture();
    await create({ from: testStart + hourMs });
    expect(await fleet.run('maintenance.end', { id: 1 })).toMatchObject({
      state: 'cancelled',
      from: at(testStart + hourMs),
    });
    const error = await failure(fleet.run('maintenance.end', { id: 1 }), 'CONFLICT');
    expect(error.message).toBe('Maintenance 1 was cancelled already.');
    expect(await create({ from: testStart + hourMs / 2 })).toEqual([2]);
    clock.advance(1.6 * hourMs);
    expect([await list(), await isFor('CP1')]).toEqual([['1 cancelled', '2 past'], false]);
  });

  it('is listed by station, site and state', async () => {
    const { create, list } = await fixture();
    await create();
    await create({ stationIds: ['CP2'] });
    await create({ from: testStart + dayMs });
    expect(await list({ stationId: 'CP2' })).toEqual(['2 active']);
    expect(await list({ site: 'Solna' })).toEqual(['3 planned', '1 active']);
    expect(await list({ state: 'active' })).toEqual(['2 active', '1 active']);
    expect(await list({ state: 'past' })).toEqual([]);
    expect(await list({ state: 'planned', limit: 1 })).toEqual(['3 planned']);
  });

  it('of several stations is for all of them, or for none', async () => {
    const { fleet, create, list } = await fixture();
    await failure(create({ stationIds: ['CP1', 'CP3'] }), 'NOT_FOUND');
    expect(await list()).toEqual([]);
    expect(await create({ stationIds: ['CP1', 'CP2', 'CP1'] })).toEqual([1, 2]);
    expect((await fleet.run('station.show', { id: 'CP2' })).maintenance).toBe(true);
  });

  it('overlaps with no other of the same place, and says with which it would', async () => {
    const { fleet, create, list } = await fixture();
    await create({ from: testStart + hourMs });
    const overlapping = create({ connector: undefined, from: testStart, to: testStart + hourMs + 1 });
    const error = await failure(overlapping, 'CONFLICT');
    const time = `from ${at(testStart + hourMs)} to ${at(testStart + 2 * hourMs)}`;
    expect(error.message).toBe(`CP1 has maintenance 1 at that time, ${time}.`);
    expect(error.suggestions).toContain('evfleet maintenance end 1');
    await create({ connector: 1, from: testStart, to: testStart + dayMs });
    await create({ connector: 2, from: testStart, to: testStart + dayMs });
    await create({ from: testStart, to: testStart + hourMs });
    await failure(create({ connector: 1 }), 'CONFLICT');
    expect(await list({ stationId: 'CP1' })).toHaveLength(4);
    expect((await fleet.run('station.show', { id: 'CP2' })).maintenance).toBe(false);
  });

  it.each([
    [{ to: testStart }, '--to has to be after --from'],
    [{ from: testStart + hourMs, to: testStart + 1 }, '--to has to be after --from'],
    [{ from: testStart - hourMs, to: testStart }, 'would be over already'],
    [{ lastsMs: 366 * dayMs + 1 }, 'Maintenance lasts a year (366 days) at most.'],
    [{ to: testStart + 1, lastsMs: 1 }, 'Either --to or --for says when maintenance ends.'],
  ])('cannot be at any time: %o', async (change, message) => {
    const { create } = await fixture();
    expect((await failure(create(change), 'USAGE')).message).toContain(message);
  });

  it('may have begun before it was told of, and last a year', async () => {
    const { create, isFor } = await fixture();
    await create({ from: testStart - hourMs, lastsMs: 366 * dayMs });
    expect(await isFor('CP1', null, testStart - hourMs)).toBe(true);
  });

  it('needs a connector that there is', async () => {
    const { create } = await fixture();
    const { message } = await failure(create({ connector: 3 }), 'NOT_FOUND');
    expect(message).toBe('--connector 3: Station CP1 has no connector 3; it has 1, 2.');
  });

  it('is planned a hundred times for a station, no more', async () => {
    const { create, clock } = await fixture();
    for (let n = 1; n <= 100; n += 1)
      await create({ from: testStart + n * hourMs, to: testStart + n * hourMs + 1 });
    await failure(create({ lastsMs: 1 }), 'CONFLICT');
    clock.advance(hourMs + 1);
    expect(await create({ lastsMs: 1 })).toEqual([101]);
  });

  it('ends with its station, and stays listed', async () => {
    const { fleet, create, list } = await fixture();
    await create({ from: testStart - minuteMs });
    await create({ from: testStart + dayMs });
    await fleet.run('station.delete', { id: 'CP1' });
    expect(await list({ stationId: 'CP1' })).toEqual(['2 cancelled', '1 past']);
    await fleet.run('station.create', { id: 'CP1' });
    expect((await fleet.run('station.show', { id: 'CP1' })).maintenance).toBe(false);
  });

  it('is nothing that one sees, plans or ends at the sites of others', async () => {
    const { fleet, fleetOf, create } = await fixture();
    await create();
    await create({ stationIds: ['CP2'] });
    const [solna] = (await fleet.run('site.list', {})).items;
    const theirs = fleetOf({
      ...systemCaller('ada@example.org', 'store'),
      role: 'site-admin',
      siteUuids: [solna?.uuid ?? ''],
    });
    expect((await theirs.run('maintenance.list', {})).items.map(({ id }) => id)).toEqual([1]);
    await failure(theirs.run('maintenance.show', { id: 2 }), 'NOT_FOUND');
    await failure(theirs.run('maintenance.end', { id: 2 }), 'NOT_FOUND');
    await failure(theirs.run('maintenance.create', { stationIds: ['CP2'], lastsMs: 1 }), 'NOT_FOUND');
    expect(await theirs.run('maintenance.end', { id: 1 })).toMatchObject({ id: 1 });
  });

  it('is kept by the audit: what was planned, and how its end changed', async () => {
    const { fleet, create, clock } = await fixture();
    await create({ connector: 2, comment: 'paint' });
    clock.advance(minuteMs);
    await fleet.run('maintenance.end', { id: 1 });
    const { items } = await fleet.run('audit.list', {});
    expect(items.filter(({ kind }) => kind === 'maintenance')).toMatchObject([
      {
        target: '1',
        operation: 'maintenance.create',
        before: null,
        after: { station: 'CP1', connector: 2, comment: 'paint' },
      },
      {
        target: '1',
        operation: 'maintenance.end',
        before: { to: at(testStart + hourMs) },
        after: { to: at(testStart + minuteMs) },
      },
    ]);
  });
});
