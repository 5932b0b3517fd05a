import fs from 'node:fs/promises';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import type { MessageQuery, RecordedMessage } from '../../src/domain/station/message-record.js';
import { MessageLog, type MessageLogOptions, messageFiles } from '../../src/message-log/message-log.js';
import { FakeClock, testStart } from '../helpers/fake-clock.js';
import { RecordingLog } from '../helpers/recording-log.js';
import { temporaryDirectory } from '../helpers/temporary-directory.js';
import { until } from '../helpers/until.js';
import { Breaker, interceptedFiles, systemError } from '../store/support/intercepted-files.js';

const dayMs = 24 * 3600_000;
const unlimited = { maxSize: 1024 ** 3, retentionMs: 36_500 * dayMs };

async function openLog(options: Partial<MessageLogOptions> = {}) {
  const dataDir = options.dataDir ?? (await temporaryDirectory());
  const clock = new FakeClock();
  const log = new RecordingLog();
  const messages = new MessageLog({ clock, log, limits: unlimited, ...options, dataDir });
  onTestFinished(() => messages.close());
  let lastId = 0;
  return {
    messages,
    clock,
    log,
    dataDir,
    directory: path.join(dataDir, 'messages'),
    /** One heartbeat, `size` characters or so. */
    heartbeat(stationId = 'CP001', size = 0) {
      lastId += 1;
      const text = `[2,"m${lastId}","Heartbeat",{"x":"${'x'.repeat(size)}"}]`;
      messages.frame(stationId, 'in', 'call', 'Heartbeat', `m${lastId}`, text, undefined);
    },
    list: (query: MessageQuery = {}) => collect(messages.list(query, new AbortController().signal)),
  };
}

async function collect(batches: AsyncIterable<readonly RecordedMessage[]>): Promise<RecordedMessage[]> {
  const all: RecordedMessage[] = [];
  for await (const batch of batches) all.push(...batch);
  return all;
}

const ids = (messages: readonly RecordedMessage[]) => messages.map(({ messageId }) => messageId);
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => `m${from + i}`);

it('files have one line of JSON for each frame, and only this user can read them', async () => {
  const { messages, directory, list } = await openLog();
  messages.frame('CP 1"', 'in', 'call', 'Heartbeat', 'é"1', '[2,"é\\"1",\r\n"Heartbeat",{}]', undefined);
  messages.frame('CP 1"', 'out', 'result', 'Heartbeat', 'é"1', '[3,"é\\"1",{"a":1.0}]', 12);
  messages.frame('CP 1"', 'in', 'other', undefined, undefined, 'hello\nworld', undefined);
  const found = await list();
  const [name = ''] = await fs.readdir(directory);
  expect(name).toBe('2026-05-04T100000.000Z-0000.ndjson');
  const [dir, file] = [await fs.stat(directory), await fs.stat(path.join(directory, name))];
  expect([dir.mode & 0o777, file.mode & 0o777]).toEqual([0o700, 0o600]);
  const lines = (await fs.readFile(path.join(directory, name), 'utf8')).split('\n');
  expect(lines.length).toBe(4);
  expect(JSON.parse(lines[1] ?? '')).toEqual({
    time: '2026-05-04T10:00:00.000Z',
    stationId: 'CP 1"',
    direction: 'out',
    type: 'result',
    action: 'Heartbeat',
    messageId: 'é"1',
    latencyMs: 12,
    frame: [3, 'é"1', { a: 1 }],
  });
  expect(found.map(({ frame }) => frame)).toEqual([
    '[2,"é\\"1",  "Heartbeat",{}]',
    '[3,"é\\"1",{"a":1.0}]',
    'hello\nworld',
  ]);
  expect(found[2]).toEqual({
    time: testStart,
    stationId: 'CP 1"',
    direction: 'in',
    type: 'other',
    action: null,
    messageId: null,
    latencyMs: null,
    frame: 'hello\nworld',
    cutFrom: null,
  });
  await messages.close();
});

it('frames are written a tenth of a second later, many at once', async () => {
  const breaker = new Breaker();
  let writes = 0;
  breaker.breakOn(({ operation }) => {
    if (operation === 'write') writes += 1;
    return false;
  });
  const { heartbeat, clock, directory } = await openLog({ files: breaker.files });
  for (let i = 0; i < 100; i += 1) heartbeat();
  clock.advance(99);
  expect(await fs.readdir(directory).catch(() => 'none')).toBe('none');
  clock.advance(1);
  await until(() => writes === 1);
  expect(clock.pending).toBe(0);
});

it('a frame of megabytes is cut and says so', async () => {
  const { messages, directory, list } = await openLog();
  const text = `[2,"m1","StopTransaction",{"transactionData":"${'x'.repeat(8_000_000)}"}]`;
  messages.frame('CP001', 'in', 'call', 'StopTransaction', 'm1', text, undefined);
  const [found] = await list();
  expect(found?.cutFrom).toBe(text.length);
  expect(found?.frame).toBe(text.slice(0, 65_536));
  const [name = ''] = await fs.readdir(directory);
  expect((await fs.stat(path.join(directory, name))).size).toBeLessThan(67_000);
});

it('a new file begins when one is full, at midnight, and with every start', async () => {
  const { heartbeat, clock, directory, list, messages, dataDir } = await openLog({
    limits: { ...unlimited, maxSize: 80_000 },
  });
  for (let i = 0; i < 3; i += 1) {
    heartbeat('CP001', 4_000);
    expect((await list()).length).toBe(i + 1);
  }
  expect(await fs.readdir(directory)).toEqual([
    '2026-05-04T100000.000Z-0000.ndjson',
    '2026-05-04T100000.000Z-0001.ndjson',
  ]);
  clock.advance(14 * 3600_000);
  heartbeat();
  await messages.close();
  const again = await openLog({ dataDir });
  again.clock.advance(14 * 3600_000);
  again.heartbeat();
  expect(ids(await again.list())).toEqual(['m1', 'm2', 'm3', 'm4', 'm1']);
  expect((await fs.readdir(directory)).slice(2)).toEqual([
    '2026-05-05T000000.000Z-0000.ndjson',
    '2026-05-05T000000.000Z-0001.ndjson',
  ]);
});

it('never takes more space than allowed', async () => {
  const maxSize = 1024 * 1024;
  const { heartbeat, directory, list, messages } = await openLog({ limits: { ...unlimited, maxSize } });
  for (let i = 0; i < 200; i += 1) {
    heartbeat('CP001', 15_000);
    await list({ limit: 1 });
    const sizes = await Promise.all(
      (await fs.readdir(directory)).map(async (name) => (await fs.stat(path.join(directory, name))).size),
    );
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(maxSize);
  }
  const kept = ids(await list());
  expect(kept.length).toBeGreaterThan(45);
  expect(kept).toEqual(range(201 - kept.length, 200));
  await messages.close();
});

it('removes what is older than allowed, also when nothing new comes', async () => {
  const { heartbeat, clock, list, messages, directory } = await openLog({
    limits: { ...unlimited, retentionMs: 2 * dayMs },
  });
  await fs.mkdir(directory);
  await fs.writeFile(path.join(directory, 'notes.txt'), 'mine');
  for (let day = 0; day < 4; day += 1) {
    heartbeat();
    await list();
    clock.advance(dayMs);
  }
  expect(await messages.tidy()).toBe(1);
  expect(ids(await list())).toEqual(['m2', 'm3', 'm4']);
  clock.advance(2 * dayMs);
  expect(await messages.tidy()).toBe(2);
  clock.advance(2 * dayMs);
  expect(await messages.tidy()).toBe(1);
  expect(await fs.readdir(directory)).toEqual(['notes.txt']);
  heartbeat();
  expect(ids(await list())).toEqual(['m5']);
});

it('a clock that is set back loses nothing', async () => {
  const { heartbeat, list, messages, dataDir } = await openLog();
  heartbeat();
  await messages.close();
  const earlier = new FakeClock();
  earlier.advance(-3600_000);
  const again = new MessageLog({ dataDir, clock: earlier, log: new RecordingLog(), limits: unlimited });
  again.frame('CP001', 'in', 'call', 'Heartbeat', 'later', '[2,"later","Heartbeat",{}]', undefined);
  await again.close();
  expect(ids(await list())).toEqual(['m1', 'later']);
});

it('a line that a crash left torn is skipped, and nothing is written behind it', async () => {
  const { heartbeat, list, dataDir, directory } = await openLog();
  for (let i = 0; i < 3; i += 1) heartbeat();
  await list();
  const [name = ''] = await fs.readdir(directory);
  await fs.truncate(path.join(directory, name), (await fs.stat(path.join(directory, name))).size - 20);
  const again = await openLog({ dataDir });
  again.heartbeat('CP002');
  expect(ids(await again.list())).toEqual(['m1', 'm2', 'm1']);
  expect(ids(await again.list({ limit: 2 }))).toEqual(['m2', 'm1']);
});

it('off records nothing and keeps what there is', async () => {
  const { heartbeat, list, messages } = await openLog();
  heartbeat();
  await list();
  messages.setLimits({ ...unlimited, maxSize: 'off' });
  heartbeat();
  expect(await messages.tidy()).toBe(0);
  expect(ids(await list())).toEqual(['m1']);
  messages.setLimits(unlimited);
  heartbeat();
  expect(ids(await list())).toEqual(['m1', 'm3']);
});

it('can be read without a server, and while files disappear', async () => {
  const { heartbeat, messages, dataDir, directory } = await openLog();
  heartbeat();
  await messages.close();
  const { signal } = new AbortController();
  const files = messageFiles(dataDir);
  expect(ids(await collect(files.list({}, signal)))).toEqual(['m1']);
  expect(() => files.follow({}, signal)).toThrow('No server is running');
  await fs.rm(directory, { recursive: true });
  expect(await collect(files.list({}, signal))).toEqual([]);
  expect(await collect(files.list({ limit: 3 }, signal))).toEqual([]);
});

it('a full disk costs nobody anything but the messages, which are counted', async () => {
  const breaker = new Breaker();
  const { heartbeat, clock, log, list, directory } = await openLog({ files: breaker.files });
  heartbeat();
  await list();
  breaker.breakOn(({ operation }) => operation === 'write', 'ENOSPC');
  for (let i = 0; i < 3; i += 1) heartbeat();
  clock.advance(100);
  await until(() => log.lines.length === 1 && clock.pending === 1, 'the failure');
  expect(log.lines[0]).toEqual({
    level: 'warn',
    message: 'OCPP messages are not recorded for now: ENOSPC: made to fail',
  });
  expect(ids(await list())).toEqual(['m1']);
  heartbeat();
  clock.advance(1000);
  breaker.mend();
  clock.advance(4000);
  await until(async () => (await fs.readdir(directory)).length === 2);
  const found = await list();
  expect(ids(found)).toEqual(['m1', null, 'm5']);
  expect(found[1]).toMatchObject({ type: 'gap', frame: '{"messages":3,"reason":"not recorded"}' });
  clock.advance(10_000);
  heartbeat();
  await list();
  expect(log.lines.slice(1)).toEqual([
    { level: 'info', message: 'OCPP messages are recorded again', unrecorded: 3 },
  ]);
});

it('a disk that fails for long makes one line in the log and leaves no empty files', async () => {
  const breaker = new Breaker();
  const { heartbeat, clock, log, list, directory } = await openLog({ files: breaker.files });
  breaker.breakOn(({ operation }) => operation === 'write');
  for (let minute = 1; minute <= 5; minute += 1) {
    heartbeat();
    clock.advance(60_000);
    await until(() => breaker.failed.length === minute && clock.pending === 1, 'the failure');
  }
  expect(log.lines.length).toBe(1);
  expect(await fs.readdir(directory)).toEqual([]);
  breaker.mend();
  clock.advance(60_000);
  heartbeat();
  const found = await list();
  expect(found.map(({ frame }) => frame)).toEqual([
    '{"messages":5,"reason":"not recorded"}',
    expect.stringContaining('m6'),
  ]);
});

it('a write that stops in the middle of a line keeps the lines before it', async () => {
  const breaker = new Breaker();
  let writes = 0;
  const files = interceptedFiles(({ operation }) => {
    if (operation !== 'write') return undefined;
    writes += 1;
    if (writes === 2) throw systemError('ENOSPC');
    return writes === 1 ? 400 : undefined;
  }, breaker.files);
  const { heartbeat, clock, list, log } = await openLog({ files });
  for (let i = 0; i < 5; i += 1) heartbeat();
  clock.advance(100);
  await until(() => log.lines.length === 1 && clock.pending === 1, 'the failure');
  heartbeat();
  clock.advance(5000);
  await until(() => writes >= 4);
  const found = await list();
  expect(ids(found)).toEqual(['m1', 'm2', null, 'm6']);
  expect(found[2]?.frame).toBe('{"messages":3,"reason":"not recorded"}');
  expect(ids(await list({ limit: 3 }))).toEqual(['m2', null, 'm6']);
});

it('a disk that is too slow: memory stays bounded, and what was dropped is counted', async () => {
  let release = (): void => undefined;
  const stuck = new Promise<void>((resolve) => {
    release = resolve;
  });
  const files = {
    ...fs,
    mkdir: async (...args: Parameters<typeof fs.mkdir>) => {
      await stuck;
      return fs.mkdir(...args);
    },
  } as typeof fs;
  const { heartbeat, clock, list, log } = await openLog({ files, unwrittenMaxBytes: 1024 * 1024 });
  for (let i = 0; i < 100; i += 1) heartbeat('CP001', 20_000);
  clock.advance(100);
  release();
  const found = await list();
  const kept = found.length - 1;
  expect(kept).toBeGreaterThanOrEqual(40);
  expect(kept).toBeLessThan(55);
  expect(ids(found)).toEqual([...range(1, kept), null]);
  expect(found.at(-1)?.frame).toBe(`{"messages":${100 - kept},"reason":"not recorded"}`);
  expect(log.lines).toEqual([
    { level: 'warn', message: 'OCPP messages are not recorded for now: the disk is too slow' },
  ]);
});

it('closing writes what is left, and does not wait for a disk that fails', async () => {
  const first = await openLog();
  first.heartbeat();
  await first.messages.close();
  expect(ids(await first.list())).toEqual(['m1']);
  first.heartbeat();
  expect(ids(await first.list())).toEqual(['m1']);

  const breaker = new Breaker();
  breaker.breakOn(() => true);
  const second = await openLog({ files: breaker.files });
  second.heartbeat();
  second.clock.advance(100);
  await until(() => second.clock.pending === 1, 'the failure');
  second.heartbeat();
  await second.messages.close();
  expect(second.log.lines.length).toBe(1);
  expect(second.clock.pending).toBe(0);
});
