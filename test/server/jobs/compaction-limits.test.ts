import { expect, it, onTestFinished } from 'vitest';
import {
  createCompactionLimitsJob,
  defaultCompactionLimits,
} from '../../../src/server/jobs/compaction-limits.js';
import type { CompactionLimits } from '../../../src/store/store-files.js';
import { FakeClock } from '../../helpers/fake-clock.js';
import { RecordingLog } from '../../helpers/recording-log.js';
import { until } from '../../helpers/until.js';
import { temporaryStores } from '../../store/support/open-store.js';

const newStore = temporaryStores();

it('the store learns of its settings at the start and within a minute of a change', async () => {
  const store = await newStore();
  const clock = new FakeClock();
  const told: CompactionLimits[] = [];
  const listening = {
    read: store.read.bind(store),
    write: store.write.bind(store),
    setCompactionLimits: (limits: CompactionLimits) => void told.push(limits),
  };
  const job = createCompactionLimitsJob({ store: listening, clock, log: new RecordingLog() });
  job.start();
  onTestFinished(() => job.close());
  clock.advance(0);
  await until(() => told.length === 1 && clock.pending === 1);
  await store.write(async ({ settings }) => {
    await settings.set('store.compact-bytes', '1GiB', clock.now());
    await settings.set('store.compact-segments', '3', clock.now());
  });
  clock.advance(60_000);
  await until(() => told.length === 2);
  expect(told).toEqual([defaultCompactionLimits, { bytes: 2 ** 30, segments: 3 }]);
});
