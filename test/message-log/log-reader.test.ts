import fs, { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { MessageQuery, RecordedMessage } from '../../src/domain/station/message-record.js';
import { logFileName, nextLogFileName, parseLogFileName } from '../../src/message-log/log-files.js';
import { MessageLog, messageFiles } from '../../src/message-log/message-log.js';
import { FakeClock, testStart } from '../helpers/fake-clock.js';
import { RecordingLog } from '../helpers/recording-log.js';
import { temporaryDirectory } from '../helpers/temporary-directory.js';

const minuteMs = 60_000;
let dataDir = '';

/** Two stations over three days, a message a minute: call, answer, call, answer, …; each tenth answer an error. */
beforeAll(async () => {
  dataDir = await mkdtemp(path.join(os.tmpdir(), 'evfleet-'));
  const clock = new FakeClock();
  const messages = new MessageLog({
    dataDir,
    clock,
    log: new RecordingLog(),
    limits: { maxSize: 1024 ** 3, retentionMs: 1000 * 24 * 60 * minuteMs },
  });
  for (let i = 0; i < 4000; i += 1) {
    const id = `m${Math.floor(i / 4)}`;
    const station = i % 4 < 2 ? 'CP1' : 'CP10';
    const action = i % 8 < 4 ? 'Heartbeat' : 'MeterValues';
    if (i % 2 === 0)
      messages.frame(station, 'in', 'call', action, id, `[2,"${id}","${action}",{"é":1}]`, undefined);
    else if (i % 20 === 19) messages.frame(station, 'out', 'error', action, id, `[4,"${id}","X","",{}]`, 1);
    else messages.frame(station, 'out', 'result', action, id, `[3,"${id}",{}]`, 2);
    clock.advance(minuteMs);
    // The timer of the log does not wait for the disk.
    if (i % 100 === 0) await messages.tidy();
  }
  await messages.close();
});
afterAll(() => rm(dataDir, { recursive: true, force: true }));

async function find(query: MessageQuery): Promise<RecordedMessage[]> {
  const all: RecordedMessage[] = [];
  for await (const batch of messageFiles(dataDir).list(query, new AbortController().signal))
    all.push(...batch);
  return all;
}

const minute = (message: RecordedMessage | undefined) => message && (message.time - testStart) / minuteMs;

describe('messages', () => {
  it('come oldest first, all of them', async () => {
    const all = await find({});
    expect(all.map(minute)).toEqual(Array.from({ length: 4000 }, (_, i) => i));
    expect((await fs.readdir(path.join(dataDir, 'messages'))).length).toBeGreaterThan(3);
  });

  const cases: readonly [string, MessageQuery, (message: RecordedMessage) => boolean][] = [
    [
      'of one station, and not of one whose id begins alike',
      { stationId: 'CP1' },
      (m) => m.stationId === 'CP1',
    ],
    ['of no station', { stationId: 'CP' }, () => false],
    ['of an action, answers included', { action: 'MeterValues' }, (m) => m.action === 'MeterValues'],
    ['in one direction', { direction: 'out' }, (m) => m.direction === 'out'],
    ['of a type', { type: 'error' }, (m) => m.type === 'error'],
    ['with an id', { messageId: 'm77' }, (m) => m.messageId === 'm77'],
    [
      'from an instant on',
      { from: testStart + 2000 * minuteMs },
      (m) => m.time >= testStart + 2000 * minuteMs,
    ],
    ['before an instant', { to: testStart + 2000 * minuteMs }, (m) => m.time < testStart + 2000 * minuteMs],
    [
      'of everything at once',
      {
        stationId: 'CP10',
        type: 'call',
        from: testStart,
        to: testStart + 999 * minuteMs,
        action: 'Heartbeat',
      },
      (m) =>
        m.stationId === 'CP10' &&
        m.type === 'call' &&
        m.action === 'Heartbeat' &&
        m.time < testStart + 999 * minuteMs,
    ],
  ];
  it.each(cases)('%s', async (_, query, fits) => {
    const expected = (await find({})).filter(fits);
    expect(await find(query)).toEqual(expected);
    for (const limit of [0, 1, 7, 1500]) {
      expect(await find({ ...query, limit })).toEqual(limit === 0 ? [] : expected.slice(-limit));
    }
  });

  it('in files that cannot hold any are not looked for', async () => {
    const [, second = ''] = await fs.readdir(path.join(dataDir, 'messages'));
    const starts = parseLogFileName(second)?.startsAt ?? 0;
    const first = await find({ to: starts });
    const later = await find({ from: starts });
    expect(first.length + later.length).toBe(4000);
    expect(minute(later[0])).toBe(first.length);
  });

  it('are not read on when nobody wants them any more', async () => {
    const abort = new AbortController();
    const reading = messageFiles(dataDir).list({}, abort.signal)[Symbol.asyncIterator]();
    await reading.next();
    abort.abort(new Error('enough'));
    await expect(reading.next()).rejects.toThrow('enough');
  });
});

it('long lines and lines across the blocks of a file are read whole', async () => {
  const directory = await temporaryDirectory();
  const messages = new MessageLog({
    dataDir: directory,
    clock: new FakeClock(),
    log: new RecordingLog(),
    limits: { maxSize: 1024 ** 3, retentionMs: 1e12 },
  });
  onTestFinished(() => messages.close());
  const { signal } = new AbortController();
  const lengths = [10, 65_000, 3, 40_000, 65_400, 1, 64_000, 64_001, 64_002, 5];
  for (const [index, length] of lengths.entries()) {
    const text = `[2,"${index}","DataTransfer",{"vendorId":"${'é'.repeat(length)}"}]`;
    messages.frame('CP1', 'in', 'call', 'DataTransfer', String(index), text, undefined);
  }
  for (let limit = 0; limit <= lengths.length; limit += 1) {
    const found: RecordedMessage[] = [];
    for await (const batch of messages.list({ limit }, signal)) found.push(...batch);
    expect(found.map(({ messageId }) => Number(messageId))).toEqual(
      lengths.map((_, index) => index).slice(lengths.length - limit),
    );
    for (const { frame, messageId } of found) {
      expect(JSON.parse(frame)[3].vendorId.length).toBe(lengths[Number(messageId)]);
    }
  }
});

it('names of files sort by time and in the order in which they were begun', () => {
  const first = logFileName(testStart, 0);
  const same = nextLogFileName(testStart, first);
  const earlier = nextLogFileName(testStart - 1000, same);
  const later = nextLogFileName(testStart + 1, earlier);
  const full = nextLogFileName(testStart, logFileName(testStart, 9999));
  const names = [first, same, earlier, later].map(({ name }) => name);
  expect([...names].sort()).toEqual(names);
  expect(full).toEqual(logFileName(testStart + 1, 0));
  for (const name of names) expect(parseLogFileName(name)?.name).toBe(name);
  for (const name of ['notes.txt', `${names[0]}.gz`, '2026-13-04T100000.000Z-0000.ndjson', '']) {
    expect(parseLogFileName(name)).toBeUndefined();
  }
});
