import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { whileWaiting, withProgress } from '../../src/cli/progress.js';
import { FleetError } from '../../src/domain/errors.js';

const { isTTY, columns } = process.stderr;
const clear = '\r\u001b[K';
const work = { what: 'sessions', total: 10, done: 'read', interrupted: 'out.csv was not written.' };
let written: string[];
let nowMs: number;

beforeEach(() => {
  written = [];
  nowMs = 1_000_000;
  Object.assign(process.stderr, { isTTY: true, columns: 80 });
  vi.stubEnv('LC_ALL', 'C.UTF-8');
  vi.stubEnv('TERM', 'xterm');
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => written.push(String(text)) > 0);
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  Object.assign(process.stderr, { isTTY, columns });
});

function command({ json = false } = {}) {
  const controller = new AbortController();
  return {
    controller,
    signal: controller.signal,
    terminal: { now: () => nowMs },
    jsonEnabled: () => json,
  };
}

const half = async (advance: (done: number) => void) => {
  nowMs += 4_000;
  advance(5);
  return 'result';
};

describe('a long piece of work', () => {
  test('has a bar, which is gone in the end', async () => {
    const exitListeners = process.listenerCount('exit');
    expect(await withProgress(command(), work, half)).toBe('result');
    expect(written[0]).toMatch(/^\r█+░+ +50 % {2}5 of 10 sessions {2}1\/s {2}4s left/);
    expect(written.slice(1)).toEqual([clear]);
    expect(process.listenerCount('exit')).toBe(exitListeners);
  });

  test('that is over in a moment has none', async () => {
    await withProgress(command(), work, async (advance) => advance(5));
    expect(written).toEqual([]);
  });

  test.each(['a pipe', '--json', 'TERM=dumb'])('has none with %s', async (how) => {
    if (how === 'a pipe') process.stderr.isTTY = false;
    if (how === 'TERM=dumb') vi.stubEnv('TERM', 'dumb');
    await withProgress(command({ json: how === '--json' }), work, half);
    expect(written).toEqual([]);
  });

  test('that is interrupted says what was done and what was not', async () => {
    const interrupted = command();
    const run = withProgress(interrupted, work, async (advance) => {
      await half(advance);
      interrupted.controller.abort(new FleetError('INTERRUPTED', 'Interrupted.'));
      interrupted.signal.throwIfAborted();
    });
    await expect(run).rejects.toMatchObject({
      code: 'INTERRUPTED',
      message: 'Interrupted: 5 of 10 sessions were read; out.csv was not written.',
    });
    expect(written.at(-1)).toBe(clear);
  });

  test('that fails by itself fails as it did', async () => {
    const failure = new FleetError('SERVER_UNREACHABLE', 'The server went away.');
    await expect(withProgress(command(), work, () => Promise.reject(failure))).rejects.toBe(failure);
  });
});

test('work that counts nothing says what is interrupted', async () => {
  const waiting = command();
  const run = whileWaiting(waiting, 'Backing up', 'No backup was written.', async () => {
    waiting.controller.abort(new FleetError('INTERRUPTED', 'Terminated.'));
    waiting.signal.throwIfAborted();
  });
  await expect(run).rejects.toMatchObject({ message: 'Terminated. No backup was written.' });
});
