import { expect, it } from 'vitest';
import { applyRetention } from '../../src/server/retention.js';
import { testStart } from '../helpers/fake-clock.js';
import { newFault, newStay } from '../store/support/fixtures.js';
import { temporaryStores } from '../store/support/open-store.js';

const newStore = temporaryStores();

const dayMs = 24 * 3600_000;
const nowMs = testStart;

it('connections and faults go when their end is older than the settings say; what lasts stays', async () => {
  const store = await newStore();
  const end = { code: 1000, initiator: 'station', reason: null } as const;
  await store.write(async ({ connections, faults }) => {
    for (const [index, age] of [90 * dayMs + 1, 90 * dayMs].entries()) {
      const openedAt = nowMs - 900 * dayMs;
      await connections.insert(newStay(`c${index}`, { openedAt, closedAt: nowMs - age, ...end }));
    }
    await connections.insert(newStay('open', { openedAt: nowMs - 900 * dayMs }));
    for (const [index, age] of [365 * dayMs + 1, 365 * dayMs].entries()) {
      await faults.insert(newFault(`f${index}`, { beganAt: nowMs - 900 * dayMs, endedAt: nowMs - age }));
    }
    await faults.insert(newFault('active', { beganAt: nowMs - 900 * dayMs }));
  });
  expect(await applyRetention({ store, nowMs })).toMatchObject({ connections: 1, faults: 1 });
  const left = await store.read(async (r) => ({
    connections: (await r.connections.list({}, { limit: 9 })).map(({ uuid }) => uuid).sort(),
    faults: (await r.faults.list({}, { limit: 9 })).map(({ uuid }) => uuid).sort(),
  }));
  expect(left).toEqual({ connections: ['c1', 'open'], faults: ['active', 'f1'] });

  await store.write(({ settings }) => settings.set('retention.connections', '1d', nowMs));
  expect(await applyRetention({ store, nowMs })).toMatchObject({ connections: 1, faults: 0 });
});

it('connections go in steps', async () => {
  const store = await newStore();
  await store.write(async ({ connections }) => {
    for (let i = 0; i < 600; i += 1) {
      const closedAt = nowMs - 100 * dayMs - i;
      await connections.insert(newStay(`c${i}`, { closedAt, code: 1006, initiator: 'lost' }));
    }
  });
  expect((await applyRetention({ store, nowMs })).connections).toBe(600);
});
