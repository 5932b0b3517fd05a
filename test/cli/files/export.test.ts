import { spawnSync } from 'node:child_process';
import fs from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { exportFile } from '../../../src/cli/files/export.js';
import { failure } from '../../helpers/failure.js';
import { temporaryDirectory } from '../../helpers/temporary-directory.js';

async function* batches() {
  yield [{ n: 1 }];
  yield [{ n: 2 }];
}

const options = { format: 'csv', columns: ['n'], times: [], signal: new AbortController().signal } as const;
const text = 'n\n1\n2\n';

describe('an exported file', () => {
  it('is replaced behind a symbolic link, and the link stays', async () => {
    const directory = await temporaryDirectory();
    const [file, link] = [path.join(directory, 'file'), path.join(directory, 'link')];
    await fs.writeFile(file, 'old');
    await fs.symlink(file, link);
    expect(await exportFile(link, batches(), options)).toBe(2);
    expect(await fs.readFile(file, 'utf8')).toBe(text);
    expect((await fs.lstat(link)).isSymbolicLink()).toBe(true);
    expect((await fs.readdir(directory)).sort()).toEqual(['file', 'link']);
  });

  it.skipIf(process.platform === 'win32')('that is a pipe is written to, not replaced', async () => {
    const pipe = path.join(await temporaryDirectory(), 'pipe');
    expect(spawnSync('mkfifo', [pipe]).status).toBe(0);
    const [read] = await Promise.all([fs.readFile(pipe, 'utf8'), exportFile(pipe, batches(), options)]);
    expect(read).toBe(text);
    expect((await fs.stat(pipe)).isFIFO()).toBe(true);
  });

  it('is not there when it could not be finished', async () => {
    const file = path.join(await temporaryDirectory(), 'file');
    async function* broken() {
      yield [{ n: 1 }];
      throw new Error('gone');
    }
    await expect(exportFile(file, broken(), options)).rejects.toThrow('gone');
    expect(await fs.readdir(path.dirname(file))).toEqual([]);
  });

  it('cannot be a directory, or in one that is not there', async () => {
    const directory = await temporaryDirectory();
    await failure(exportFile(directory, batches(), options), 'NOT_ALLOWED');
    await failure(exportFile(path.join(directory, 'no', 'file'), batches(), options), 'NOT_FOUND');
    await failure(exportFile('/dev/null/file', batches(), options), 'NOT_FOUND');
  });
});
