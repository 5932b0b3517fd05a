import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SessionFilter } from '../../../src/domain/charging/session-repositories.js';
import type { Session } from '../../../src/domain/model.js';
import { storeEngines } from '../support/engines.js';
import { createdAt, newSample, newSession } from '../support/fixtures.js';

const engines = storeEngines();

function numbers(sessions: readonly Session[]): number[] {
  return sessions.map(({ transactionId }) => transactionId);
}

describe.each(engines)('transaction ids on $name', ({ newStore }) => {
  it('count from 1, are never given twice, and are given back by a write that fails', async () => {
    const store = await newStore();
    const next = () => store.write(({ sessions }) => sessions.nextTransactionId());
    expect([await next(), await next()]).toEqual([1, 2]);
    const failing = store.write(async ({ sessions }) => {
      expect(await sessions.nextTransactionId()).toBe(3);
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(await next()).toBe(3);
  });
});

describe.each(engines)('sessions on $name', ({ within, newStore }) => {
  it('are found by either of their numbers', () =>
    within(async ({ sessions }) => {
      const session = newSession(7, { siteName: 'Depot', userEmail: 'ada@example.org', meterLastWh: 5 });
      await sessions.insert(session);
      expect(await sessions.findByUuid('session-7')).toEqual(session);
      expect(await sessions.findByTransactionId(7)).toEqual(session);
      expect(await sessions.findByUuid('session-8')).toBeUndefined();
      expect(await sessions.findByTransactionId(8)).toBeUndefined();
    }));

  it.each([newSession(7, { uuid: 'x' }), newSession(8, { uuid: 'session-7' })])(
    'have each number once: $transactionId, $uuid',
    async (session) => {
      const twice = within(async ({ sessions }) => {
        await sessions.insert(newSession(7));
        await sessions.insert(session);
      });
      await expect(twice).rejects.toThrow(/unique/i);
    },
  );

  it.each(['CAFE', null])('with tag %s are recognized when the start is sent again', (tag) =>
    within(async ({ sessions }) => {
      const session = newSession(1, { tag });
      await sessions.insert(session);
      await sessions.insert(
        newSession(2, { tag: tag === null ? 'CAFE' : null, startedAt: session.startedAt }),
      );
      expect(await sessions.findRepeatedStart(session)).toEqual(session);
      expect(await sessions.findRepeatedStart({ ...session, tag: tag?.toLowerCase() ?? null })).toEqual(
        session,
      );
      for (const change of [
        { tag: 'BEEF' },
        { connector: 2 },
        { stationUuid: 'station-CP2' },
        { startedAt: session.startedAt + 1 },
        { meterStartWh: 1001 },
      ]) {
        expect(await sessions.findRepeatedStart({ ...session, ...change })).toBeUndefined();
      }
    }),
  );

  it('without a stop are open', () =>
    within(async ({ sessions }) => {
      await sessions.insert(newSession(1, { connector: 2 }));
      await sessions.insert(newSession(2, { stoppedAt: createdAt, state: 'ended' }));
      await sessions.insert(newSession(3, { connector: 1 }));
      await sessions.insert(newSession(4, { stationUuid: 'other' }));
      // A clock that was set back: the order is that of the station's time.
      await sessions.insert(newSession(5, { startedAt: createdAt }));
      expect(numbers(await sessions.listOpen('station-CP1'))).toEqual([3, 1, 5]);
      expect(numbers(await sessions.listOpen('station-CP1', 2))).toEqual([1]);
      expect(await sessions.listOpen('nowhere')).toEqual([]);
      expect(numbers(await sessions.listAllOpen()).sort()).toEqual([1, 3, 4, 5]);
    }));

  it('take changes; those that are not there take none', () =>
    within(async ({ sessions }) => {
      await sessions.insert(newSession(1));
      await sessions.update('session-1', { meterLastWh: 1500 });
      await sessions.update('session-1', { stoppedAt: 5, state: 'suspect', suspicion: 'no stop' });
      await sessions.update('session-1', {});
      await sessions.update('session-2', { state: 'ended' });
      expect(await sessions.list({})).toEqual([
        newSession(1, { meterLastWh: 1500, stoppedAt: 5, state: 'suspect', suspicion: 'no stop' }),
      ]);
    }));

  it('are found by the tag they were given later', () =>
    within(async ({ sessions }) => {
      await sessions.insert(newSession(1, { tag: null }));
      await sessions.update('session-1', { tag: 'Beef' });
      expect(numbers(await sessions.list({ tag: 'BEEF' }))).toEqual([1]);
      await sessions.update('session-1', { tag: null });
      expect(await sessions.count({ tag: 'BEEF' })).toBe(0);
    }));

  const filters: [string, SessionFilter, number[]][] = [
    ['nothing', {}, [4, 3, 2, 1]],
    ['the station', { stationId: 'CP1' }, [4, 2, 1]],
    ['a station in another case', { stationId: 'cp1' }, []],
    ['the connector', { stationId: 'CP1', connector: 2 }, [2]],
    ['the site', { siteUuid: 's' }, [3]],
    ['the tag in any case', { tag: 'beef' }, [4]],
    ['the state', { state: 'ended' }, [2]],
    ['the start, included', { from: createdAt + 3000 }, [4, 3]],
    ['the end, excluded', { to: createdAt + 3000 }, [2, 1]],
    [
      'all of it',
      { stationId: 'CP1', connector: 1, state: 'active', from: createdAt, to: createdAt + 4000 },
      [1],
    ],
  ];
  it.each(filters)('are filtered by %s', (_, filter, expected) =>
    within(async ({ sessions }) => {
      await sessions.insert(newSession(1));
      await sessions.insert(newSession(2, { connector: 2, state: 'ended', stoppedAt: 9 }));
      await sessions.insert(newSession(3, { stationId: 'CP2', siteUuid: 's' }));
      await sessions.insert(newSession(4, { tag: 'Beef' }));
      expect(numbers(await sessions.list(filter))).toEqual(expected);
      expect(await sessions.count(filter)).toBe(expected.length);
    }),
  );

  it('come page by page, each once, newest start first, also when many start at the same instant', async () => {
    const store = await newStore();
    let from = 0;
    const starts = fc.array(fc.nat(4), { maxLength: 25 });
    await fc.assert(
      fc.asyncProperty(starts, fc.integer({ min: 1, max: 7 }), async (startedAt, limit) => {
        const stationId = `CP${from}`;
        const inserted = startedAt.map((at) => {
          from += 1;
          return newSession(from, { stationId, startedAt: at });
        });
        const pages = await store.write(async ({ sessions }) => {
          for (const session of inserted) await sessions.insert(session);
          const seen: Session[] = [];
          for (;;) {
            const after = seen.at(-1);
            const page = await sessions.list({ stationId }, { limit, ...(after && { after }) });
            expect(page.length).toBeLessThanOrEqual(limit);
            if (page.length === 0) return seen;
            seen.push(...page);
          }
        });
        from += 1;
        const expected = inserted.sort(
          (a, b) => b.startedAt - a.startedAt || b.transactionId - a.transactionId,
        );
        expect(numbers(pages)).toEqual(numbers(expected));
      }),
      { numRuns: 40 },
    );
  });
});

describe.each(engines)('samples on $name', ({ within }) => {
  it('of a session come oldest first, with its station and connector, page by page', () =>
    within(async ({ sessions, samples }) => {
      await sessions.insert(newSession(1, { stationUuid: 'a', connector: 3 }));
      await sessions.insert(newSession(2));
      const at = (takenAt: number) => newSample(1, takenAt, { stationUuid: 'a', connector: 3, other: '[]' });
      await samples.insert([at(30), at(10), newSample(2, 15), at(20), newSample(null, 17)]);
      await samples.insert([]);
      expect(await samples.listBySession(1)).toEqual([at(10), at(20), at(30)]);
      const page = async (options: { limit?: number; offset?: number }) =>
        (await samples.listBySession(1, options)).map(({ takenAt }) => takenAt);
      expect(await page({ limit: 2 })).toEqual([10, 20]);
      expect(await page({ limit: 2, offset: 2 })).toEqual([30]);
      expect(await page({ offset: 1 })).toEqual([20, 30]);
      expect(await page({ limit: 0 })).toEqual([]);
      expect(await page({ offset: 9 })).toEqual([]);
      expect(await samples.findLatest(1)).toEqual(at(30));
      expect(await samples.findLatest(9)).toBeUndefined();
      expect(await samples.listBySession(9)).toEqual([]);
    }));
});

describe.each(engines)('remote starts on $name', ({ within }) => {
  const request = (requestedAt: number, connector: number | null = 1, tag = 'Cafe') => ({
    stationUuid: 's',
    connector,
    tag,
    requestedAt,
    profile: null,
  });

  it('are taken once, the oldest first, whatever the case of the tag', () =>
    within(async ({ remoteStarts }) => {
      for (const at of [20, 10]) await remoteStarts.insert(request(at));
      expect(await remoteStarts.take('s', 1, 'CAFE', 0)).toEqual(request(10));
      expect(await remoteStarts.take('s', 1, 'cafe', 0)).toEqual(request(20));
      expect(await remoteStarts.take('s', 1, 'cafe', 0)).toBeUndefined();
    }));

  it('match by station, tag, connector (or any) and age', () =>
    within(async ({ remoteStarts }) => {
      await remoteStarts.insert(request(10));
      expect(await remoteStarts.take('t', 1, 'Cafe', 0)).toBeUndefined();
      expect(await remoteStarts.take('s', 2, 'Cafe', 0)).toBeUndefined();
      expect(await remoteStarts.take('s', 1, 'Beef', 0)).toBeUndefined();
      expect(await remoteStarts.take('s', 1, 'Cafe', 11)).toBeUndefined();
      expect(await remoteStarts.take('s', 1, 'Cafe', 10)).toEqual(request(10));
      await remoteStarts.insert(request(12, null));
      expect(await remoteStarts.take('s', 5, 'Cafe', 0)).toEqual(request(12, null));
    }));

  it('of two connectors at the same instant are two', () =>
    within(async ({ remoteStarts }) => {
      await remoteStarts.insert(request(10, 1));
      await remoteStarts.insert(request(10, 2));
      expect(await remoteStarts.take('s', 1, 'Cafe', 0)).toEqual(request(10, 1));
      expect(await remoteStarts.take('s', 2, 'Cafe', 0)).toEqual(request(10, 2));
    }));

  it('are withdrawn, or go when they are too old', () =>
    within(async ({ remoteStarts }) => {
      for (const at of [10, 20, 30]) await remoteStarts.insert(request(at));
      await remoteStarts.remove('s', 'CAFE', 20);
      await remoteStarts.remove('s', 'CAFE', 21);
      await remoteStarts.removeBefore(11);
      expect(await remoteStarts.take('s', 1, 'Cafe', 0)).toEqual(request(30));
      expect(await remoteStarts.take('s', 1, 'Cafe', 0)).toBeUndefined();
    }));
});

describe.each(engines)('events on $name', ({ within }) => {
  it('are listed in the order in which they came, the last first, of one station or of all', () =>
    within(async ({ events }) => {
      const event = (receivedAt: number, stationId: string) => ({
        at: receivedAt - 1,
        receivedAt,
        stationUuid: stationId,
        stationId,
        connector: null,
        kind: 'station.booted',
        detail: '{}',
      });
      for (const at of [1, 3, 2]) await events.insert(event(at, at === 2 ? 'b' : 'a'));
      const [first, second, third] = [event(1, 'a'), event(3, 'a'), event(2, 'b')].map((each, index) => ({
        ...each,
        sequence: index + 1,
      }));
      expect(await events.list({}, { limit: 2 })).toEqual([third, second]);
      expect(await events.list({ stationId: 'a' }, { limit: 9 })).toEqual([second, first]);
      expect(await events.list({ stationId: 'c' }, { limit: 9 })).toEqual([]);
    }));
});

describe.each(engines)('retention on $name', ({ within }) => {
  it('lists the sessions that ended and were not thinned, the longest ended first', () =>
    within(async ({ sessions, retention }) => {
      for (const [id, stoppedAt] of [
        [1, 30],
        [2, 10],
        [3, null],
        [4, 10],
        [5, 31],
      ] as const) {
        await sessions.insert(newSession(id, { stoppedAt, startedAt: id }));
      }
      expect(await retention.listUnthinned(30, 9)).toEqual(
        [2, 4, 1].map((transactionId) => ({ transactionId, startedAt: transactionId })),
      );
      expect((await retention.listUnthinned(30, 1)).length).toBe(1);
      await retention.markThinned(2, createdAt);
      await retention.markThinned(9, createdAt);
      expect((await retention.listUnthinned(10, 9)).map(({ transactionId }) => transactionId)).toEqual([4]);
    }));

  it('lists the instants of a session once each, page by page, and removes from one to another', () =>
    within(async ({ sessions, samples, retention }) => {
      await sessions.insert(newSession(1));
      await samples.insert([20, 10, 20, -5, 40, 30].map((at) => newSample(1, at)));
      await samples.insert([newSample(2, 15), newSample(null, 15)]);
      expect(await retention.listInstants(1, { limit: 9 })).toEqual([-5, 10, 20, 30, 40]);
      expect(await retention.listInstants(1, { after: 10, limit: 2 })).toEqual([20, 30]);
      expect(await retention.removeSamples(1, { from: 10, to: 20 })).toBe(3);
      expect(await retention.removeSamples(1, { from: 10, to: 20 })).toBe(0);
      expect(await retention.listInstants(1, { limit: 9 })).toEqual([-5, 30, 40]);
      expect(await retention.listInstants(2, { limit: 9 })).toEqual([15]);
    }));

  it('removes the oldest samples without a session, with those of the same instant', () =>
    within(async ({ samples, retention }) => {
      const received = (receivedAt: number) => newSample(null, 0, { receivedAt });
      await samples.insert([10, 20, 20, 20, 30, 40].map(received));
      await samples.insert([newSample(1, 0, { receivedAt: 5 })]);
      const oldest = { receivedBefore: 40, limit: 2 };
      expect(await retention.removeOrphanSamples(oldest)).toBe(4);
      expect(await retention.removeOrphanSamples(oldest)).toBe(1);
      expect(await retention.removeOrphanSamples(oldest)).toBe(0);
      expect(await retention.removeOrphanSamples({ receivedBefore: 41, limit: 2 })).toBe(1);
      expect(await retention.listInstants(1, { limit: 9 })).toEqual([0]);
    }));

  it('removes the oldest events, with those of the same instant', () =>
    within(async ({ events, retention }) => {
      for (const receivedAt of [10, 20, 20, 30]) {
        const station = { stationUuid: 's', stationId: 'CP1', connector: null };
        await events.insert({ at: 0, receivedAt, ...station, kind: 'station.booted', detail: '{}' });
      }
      expect(await retention.removeEvents({ receivedBefore: 30, limit: 2 })).toBe(3);
      expect(await retention.removeEvents({ receivedBefore: 30, limit: 2 })).toBe(0);
      expect((await events.list({}, { limit: 9 })).map(({ receivedAt }) => receivedAt)).toEqual([30]);
    }));
});
