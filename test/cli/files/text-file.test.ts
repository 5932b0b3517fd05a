import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { readTextFile } from '../../../src/cli/files/text-file.js';
import { failure } from '../../helpers/failure.js';
import { temporaryDirectory } from '../../helpers/temporary-directory.js';

const options = { flag: '--file', signal: new AbortController().signal, maxBytes: 10 };

describe('a text in a file', () => {
  it('is read up to the limit, and not one byte further', async () => {
    const file = path.join(await temporaryDirectory(), 'a.txt');
    await writeFile(file, '0123456789');
    expect(await readTextFile(file, options)).toBe('0123456789');
    await writeFile(file, '01234567890');
    expect((await failure(readTextFile(file, options), 'USAGE')).message).toBe(
      `${file} has more than 10 bytes.`,
    );
  });

  it('keeps characters whole that lie across two reads', async () => {
    const file = path.join(await temporaryDirectory(), 'a.txt');
    const text = `x${'ö'.repeat(70_000)}`;
    await writeFile(file, text);
    expect(await readTextFile(file, { ...options, maxBytes: 1024 * 1024 })).toBe(text);
  });

  it('that has no size and no end is not read for ever', async () => {
    expect((await failure(readTextFile('/dev/zero', options), 'USAGE')).message).toContain('more than 10');
  });

  it('that cannot be read is named with the reason', async () => {
    const directory = await temporaryDirectory();
    const message = async (file: string) => (await failure(readTextFile(file, options), 'USAGE')).message;
    expect(await message('/nowhere')).toBe('--file cannot read /nowhere: it does not exist.');
    expect(await message(directory)).toBe(`--file cannot read ${directory}: it is a directory.`);
  });

  it('ends with an interruption', async () => {
    const reason = new Error('interrupted');
    const signal = AbortSignal.abort(reason);
    await expect(readTextFile('/dev/zero', { ...options, signal })).rejects.toBe(reason);
  });
});
