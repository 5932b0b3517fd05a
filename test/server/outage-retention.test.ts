import { expect, it } from 'vitest';
import { createOutageRetentionJob } from '../../src/server/alarms.js';
import { minuteMs, WatchBench } from '../alarms/watch-bench.js';
import { newOutage } from '../store/support/fixtures.js';

const dayMs = 24 * 60 * minuteMs;

it('outages that were over a month ago are forgotten with what was told of them; those of deleted stations are over', async () => {
  const bench = await WatchBench.start({ mail: false });
  await bench.add(['CP1']);
  const now = bench.clock.now();
  const storm = { stormUuid: 'storm', nextStepAt: null };
  await bench.write(async (r) => {
    await r.outages.insert(newOutage('old', { endedAt: now - 31 * dayMs, ...storm }));
    await r.outages.insert(newOutage('young', { endedAt: now - 29 * dayMs, ...storm }));
    await r.outages.insert(newOutage('open', { stationUuid: 'station-CP1', countsFrom: now }));
    await r.outages.insert(newOutage('orphan', { stationUuid: 'station-gone', countsFrom: now }));
    for (const subjectUuid of ['old', 'young', 'storm']) {
      await r.notices.note({ subjectUuid, stepMs: 1, recipientKey: 'a', ruleUuid: 'r', at: now });
    }
  });
  const told = (subject: string) => bench.store.read((r) => r.notices.listBySubject(subject));
  const { store, clock, log } = bench;
  const job = createOutageRetentionJob({ store, clock, log });
  job.start();
  clock.advance(minuteMs);
  await job.close();
  expect((await store.read((r) => r.outages.listOpen())).map(({ uuid }) => uuid)).toEqual(['open']);
  // One of the storm is kept, and with it what was told of all.
  expect([await told('old'), await told('young'), await told('storm')].map(({ length }) => length)).toEqual([
    0, 1, 1,
  ]);

  clock.advance(2 * dayMs);
  const later = createOutageRetentionJob({ store, clock, log });
  later.start();
  clock.advance(minuteMs);
  await later.close();
  expect([await told('young'), await told('storm')]).toEqual([[], []]);
  expect(log.find(/outages:/)).toEqual([]);
});
