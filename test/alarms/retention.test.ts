import { expect, it, onTestFinished } from 'vitest';
import { createOutboxRetentionJob } from '../../src/server/mail-delivery.js';
import { FakeClock, testStart } from '../helpers/fake-clock.js';
import { RecordingLog } from '../helpers/recording-log.js';
import { until } from '../helpers/until.js';
import { newOutboxMessage } from '../store/support/fixtures.js';
import { temporaryStores } from '../store/support/open-store.js';

const newStore = temporaryStores();
const dayMs = 86_400_000;

it('messages go 30 days after their end, whatever it was; those that wait stay', async () => {
  const store = await newStore();
  const clock = new FakeClock();
  const old = testStart - 30 * dayMs - 1;
  await store.write(async (r) => {
    for (const state of ['sent', 'dead', 'dropped'] as const) {
      const ended = { state, nextAttemptAt: null };
      // More than one step takes.
      for (let i = 0; i < 100; i += 1) await r.outbox.insert(newOutboxMessage({ ...ended, endedAt: old }));
      await r.outbox.insert(newOutboxMessage({ ...ended, endedAt: testStart - 30 * dayMs + 60_000 }));
    }
    await r.outbox.insert(newOutboxMessage({ createdAt: old }));
  });
  const job = createOutboxRetentionJob({ store, clock, log: new RecordingLog() });
  job.start();
  onTestFinished(() => job.close());
  clock.advance(45_000);
  await until(() => clock.pending === 1);
  const left = await store.read((r) => r.outbox.list({}, { limit: 999 }));
  expect(left.map(({ state }) => state)).toEqual(['pending', 'dropped', 'dead', 'sent']);
});
