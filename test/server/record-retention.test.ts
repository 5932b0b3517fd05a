import { expect, it } from 'vitest';
import { note } from '../../src/csms/rules/rule-context.js';
import { applyRetention } from '../../src/server/jobs/retention.js';
import { testStart } from '../helpers/fake-clock.js';
import {
  newAlarm,
  newAuditEntry,
  newFault,
  newSample,
  newSession,
  newStay,
} from '../store/support/fixtures.js';
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

it('a station that reconnects without end cannot fill the memory: the oldest rows go when there are too many', async () => {
  const store = await newStore();
  await store.write(async (r) => {
    await r.settings.set('retention.max-rows', '1000', nowMs);
    const end = { code: 1006, initiator: 'lost' } as const;
    for (let i = 0; i < 1300; i += 1) {
      const at = nowMs - 2000 + i;
      await r.connections.insert(newStay(`c${i}`, { openedAt: at, closedAt: at, ...end }));
      const station = { uuid: 'station-CP1', id: 'CP1' };
      await note({ r, station, receivedAt: at }, 'station.connected', {});
    }
    await r.connections.insert(newStay('open', { openedAt: nowMs - 9000 }));
    await r.faults.insert(newFault('f', { endedAt: nowMs }));
  });
  expect(await applyRetention({ store, nowMs })).toMatchObject({ connections: 300, events: 300, faults: 0 });
  const left = await store.read(async (r) => ({
    connections: await r.connections.count({ open: false }),
    oldest: (await r.connections.list({}, { limit: 2000 })).slice(-2).map(({ uuid }) => uuid),
    events: await r.events.count({}),
  }));
  expect(left).toEqual({ connections: 1000, oldest: ['c300', 'open'], events: 1000 });
  expect(await applyRetention({ store, nowMs })).toMatchObject({ connections: 0, events: 0 });
});

it('nor can one whose readings belong to no session', async () => {
  const store = await newStore();
  await store.write(async (r) => {
    await r.settings.set('retention.max-rows', '1000', nowMs);
    await r.samples.insert(Array.from({ length: 1300 }, (_, i) => newSample(null, nowMs - 2000 + i)));
  });
  expect((await applyRetention({ store, nowMs })).samples).toBe(300);
  expect(await store.read((r) => r.samples.countOrphans())).toBe(1000);
});

it('who changed what is kept for two years, or for as long as the settings say', async () => {
  const store = await newStore();
  await store.write((r) => r.audit.insert([731, 730, 10].map((days) => newAuditEntry(nowMs - days * dayMs))));
  expect(await applyRetention({ store, nowMs })).toMatchObject({ audit: 1 });
  await store.write(({ settings }) => settings.set('retention.audit', '30d', nowMs));
  expect(await applyRetention({ store, nowMs })).toMatchObject({ audit: 1 });
  const left = await store.read((r) => r.audit.list({}, { limit: 9 }));
  expect(left.map(({ at }) => at)).toEqual([nowMs - 10 * dayMs]);
  // Numbers go on, so that who reads by them misses nothing.
  await store.write((r) => r.audit.insert([newAuditEntry(nowMs)]));
  expect((await store.read((r) => r.audit.list({}, { limit: 1 })))[0]?.sequence).toBe(4);
});

it('who changes things without end cannot fill the memory either', async () => {
  const store = await newStore();
  await store.write(async (r) => {
    await r.settings.set('retention.max-rows', '1000', nowMs);
    await r.audit.insert(Array.from({ length: 1300 }, (_, i) => newAuditEntry(nowMs - 2000 + i)));
  });
  expect((await applyRetention({ store, nowMs })).audit).toBe(300);
});

it('alarms go a year after they were cleared, with what was noted of who was told; open ones stay', async () => {
  const store = await newStore();
  await store.write(async (r) => {
    for (const [uuid, clearedAt] of [
      ['old', nowMs - 366 * dayMs],
      ['young', nowMs - 364 * dayMs],
      ['open', null],
    ] as const) {
      await r.alarms.insert(newAlarm(uuid, { openedAt: nowMs - 900 * dayMs, clearedAt }));
      await r.notices.note(newNotice(uuid, nowMs - 900 * dayMs));
    }
    await r.sessions.insert(newSession(1, { uuid: 'session' }));
    await r.notices.note(newNotice('session', nowMs - 31 * dayMs));
    await r.notices.note({ ...newNotice('session', nowMs - 29 * dayMs), stepMs: 1 });
  });
  expect(await applyRetention({ store, nowMs })).toMatchObject({ alarms: 1 });
  const left = await store.read(async (r) => ({
    alarms: (await r.alarms.list({}, { limit: 9 })).map(({ uuid }) => uuid).sort(),
    notices: await Promise.all(
      ['old', 'young', 'open', 'session'].map(async (uuid) => (await r.notices.listBySubject(uuid)).length),
    ),
  }));
  expect(left).toEqual({ alarms: ['open', 'young'], notices: [0, 1, 1, 1] });
});

function newNotice(subjectUuid: string, at: number) {
  return { subjectUuid, stepMs: 0, recipientKey: 'ada@example.org', ruleUuid: 'rule', at };
}
