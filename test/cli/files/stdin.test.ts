import { PassThrough, Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { readSecret, readStdin } from '../../../src/cli/files/stdin.js';
import { FleetError } from '../../../src/domain/errors.js';

const options = (stdin: Readable, more: { maxBytes?: number; signal?: AbortSignal } = {}) => ({
  reader: '--key-stdin',
  signal: new AbortController().signal,
  stdin,
  ...more,
});

describe('readStdin', () => {
  test('waits for a slow pipe', async () => {
    const slow = Readable.from(
      (async function* () {
        for (const part of ['one ', 'two ', 'three']) {
          await delay(30);
          yield part;
        }
      })(),
    );
    expect((await readStdin(options(slow))).toString()).toBe('one two three');
  });

  test('takes as much as allowed and not one byte more', async () => {
    const bytes = (count: number) => Readable.from([Buffer.alloc(count)]);
    expect(await readStdin(options(bytes(10), { maxBytes: 10 }))).toHaveLength(10);
    await expect(readStdin(options(bytes(11), { maxBytes: 10 }))).rejects.toMatchObject({
      code: 'USAGE',
      message: '--key-stdin takes at most 10 bytes from standard input.',
    });
  });

  test('refuses a terminal', async () => {
    const terminal = Object.assign(new PassThrough(), { isTTY: true });
    await expect(readStdin(options(terminal))).rejects.toMatchObject({ code: 'USAGE' });
  });

  test('ends when the signal aborts', async () => {
    const abort = new AbortController();
    const reason = new FleetError('INTERRUPTED', 'Interrupted.');
    setTimeout(() => abort.abort(reason), 20);
    await expect(readStdin(options(new PassThrough(), { signal: abort.signal }))).rejects.toBe(reason);
  });
});

describe('readSecret', () => {
  const secretOf = (text: string) => readSecret(options(Readable.from([Buffer.from(text)])));

  test.each([
    ['hunter2\n', 'hunter2'],
    ['hunter2\r\n', 'hunter2'],
    [' with spaces ', ' with spaces '],
  ])('%j is %j', async (text, secret) => {
    expect(await secretOf(text)).toBe(secret);
  });

  test.each(['', '\n', 'one\ntwo\n'])('%j is refused', async (text) => {
    await expect(secretOf(text)).rejects.toMatchObject({ code: 'USAGE' });
  });
});
