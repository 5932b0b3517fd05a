import { expect, it } from 'vitest';
import type { Session } from '../../../src/domain/model.js';
import { newMaintenance, newSession } from '../../store/support/fixtures.js';
import { hourMs, minuteMs, WatchBench } from '../watch-bench.js';

/** Somebody wants to know of charging at CP1. */
async function fleet() {
  const bench = await WatchBench.start();
  await bench.add(['CP1'], { lastSeenAt: bench.clock.now() });
  await bench.rule('Charging', { triggers: ['charging-started', 'charging-stopped'] });
  const now = () => bench.clock.now();
  const note = async (kind: string, at = now()) => {
    const place = { stationUuid: 'station-CP1', stationId: 'CP1', connector: 1 };
    const detail = JSON.stringify({ transactionId: 7 });
    await bench.write((r) => r.events.insert({ at, receivedAt: now(), ...place, kind, detail }));
    await bench.settled();
  };
  const session = (change: Partial<Session> = {}) => {
    const begun = { startedAt: now(), stoppedAt: null, meterStopWh: null, state: 'active' } as const;
    return bench.write((r) =>
      r.sessions.insert(newSession(7, { ...begun, userEmail: 'ada@example.org', ...change })),
    );
  };
  const end = (change: Partial<Session> = {}) =>
    bench.write(async (r) => {
      const known = await r.sessions.findByTransactionId(7);
      const ended = {
        stoppedAt: now(),
        meterStopWh: (known?.meterStartWh ?? 0) + 12_345,
        state: 'ended',
      } as const;
      if (known) await r.sessions.update(known.uuid, { ...ended, ...change });
    });
  return { bench, note, session, end };
}

it('tells who charges where, and how much it was in the end, in one conversation', async () => {
  const { bench, note, session, end } = await fleet();
  await session();
  await note('session.started');
  await bench.pass(90 * minuteMs, 30 * minuteMs);
  await end();
  await note('session.ended');
  expect(bench.told).toEqual([
    'ada@example.org: Charging started: Station CP1 (CP1), connector 1',
    'ada@example.org: Charging ended: Station CP1 (CP1), connector 1',
  ]);
  const [started, stopped] = bench.bin.mails;
  expect(started?.text).toMatch(/User: +ada@example.org/);
  expect(started?.text).toMatch(/Tag: +/);
  expect(stopped?.text).toMatch(/Energy: +12\.345 kWh/);
  expect(stopped?.text).toMatch(/Duration: +1 hour(,| and)? 30 minutes/);
  expect(stopped?.inReplyTo).toBe(started?.messageId);
});

it('says nothing of energy that makes no sense', async () => {
  const { bench, note, session, end } = await fleet();
  await session();
  await end({ meterStopWh: 0, state: 'suspect' });
  await note('session.ended');
  expect(bench.bin.mails[0]?.text).not.toMatch(/kWh/);
});

it.each<[string, Partial<Session>]>([
  ['a start that was refused', { verdict: 'Blocked' }],
  ['a start with a tag that charges elsewhere', { verdict: 'ConcurrentTx' }],
])('tells nothing of %s', async (_, change) => {
  const { bench, note, session, end } = await fleet();
  await session(change);
  await note('session.started');
  await end();
  await note('session.ended');
  expect(bench.told).toEqual([]);
});

it('tells nothing of what a station kept for more than an hour, but of an end that is news', async () => {
  const { bench, note, session, end } = await fleet();
  const startedAt = bench.clock.now() - hourMs - 1;
  await session({ startedAt });
  await note('session.started', startedAt);
  expect(bench.told).toEqual([]);
  await end();
  await note('session.ended');
  expect(bench.told).toHaveLength(1);
});

it('tells of an end once, though a later stop corrects it', async () => {
  const { bench, note, session, end } = await fleet();
  await session();
  await note('session.started');
  await note('session.started');
  await end();
  await note('session.ended');
  await note('session.corrected');
  await note('session.ended');
  expect(bench.told).toHaveLength(2);
});

it('tells nothing while there is maintenance', async () => {
  const { bench, note, session } = await fleet();
  const window = { from: bench.clock.now(), to: bench.clock.now() + hourMs, connector: null };
  await bench.write(async (r) => void (await r.maintenance.insert(newMaintenance(window))));
  await session();
  await note('session.started');
  expect(bench.told).toEqual([]);
});
