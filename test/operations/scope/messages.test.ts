import { expect, it, onTestFinished } from 'vitest';
import type { Repositories } from '../../../src/domain/repositories.js';
import { MessageLog } from '../../../src/message-log/message-log.js';
import { scopedMessages } from '../../../src/operations/scope/scoped-messages.js';
import { FakeClock } from '../../helpers/fake-clock.js';
import { RecordingLog } from '../../helpers/recording-log.js';
import { temporaryDirectory } from '../../helpers/temporary-directory.js';

/** The real log, of which somebody sees the stations in `sight`. */
async function openLog() {
  const clock = new FakeClock();
  const log = new MessageLog({
    clock,
    log: new RecordingLog(),
    limits: { maxSize: 1024 ** 3, retentionMs: 1e12 },
    dataDir: await temporaryDirectory(),
  });
  onTestFinished(() => log.close());
  const sight = new Set(['CP1']);
  const stations = {
    listIds: async () => [...sight],
    findById: async (id: string) => (sight.has(id) ? { id } : undefined),
  };
  const read = <T>(work: (r: Repositories) => Promise<T>) => work({ stations } as unknown as Repositories);
  let last = 0;
  const say = (stationId: string) => {
    last += 1;
    const text = `[2,"m${last}","Heartbeat",{}]`;
    log.frame(stationId, 'in', 'call', 'Heartbeat', `m${last}`, text, undefined);
  };
  return { clock, sight, say, log, seen: scopedMessages(log, { read, write: read }, clock) };
}

it('counts the last so many among those that are in sight', async () => {
  const { seen, say } = await openLog();
  for (const id of ['CP1', 'CP1', 'CP2', 'CP2', 'CP2']) say(id);
  const found = [];
  const { signal } = new AbortController();
  for await (const batch of seen.list({ limit: 2 }, signal)) found.push(...batch);
  expect(found.map(({ messageId }) => messageId)).toEqual(['m1', 'm2']);
});

it('follows without missing or repeating anything, while stations come and go', async () => {
  const { seen, say, sight, clock, log } = await openLog();
  for (const id of ['CP1', 'CP2', 'CP1']) say(id);
  await clock.advance(1000);
  const abort = new AbortController();
  const batches = seen.follow({ limit: 1 }, abort.signal)[Symbol.asyncIterator]();
  const next = async () =>
    (await batches.next()).value?.map(({ messageId }: { messageId: string }) => messageId);
  expect(await next()).toEqual([]);
  expect(await next()).toEqual(['m3']);
  // In the same millisecond as it was begun in.
  for (const id of ['CP1', 'CP2']) say(id);
  expect(await next()).toEqual(['m4']);
  sight.add('CP2');
  say('CP2');
  expect(await next()).toEqual(['m6']);
  sight.delete('CP1');
  say('CP1');
  say('CP2');
  expect(await next()).toEqual(['m8']);
  log.endFollowing();
  expect(await batches.next()).toEqual({ done: true, value: undefined });
});
