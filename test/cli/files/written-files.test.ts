import fs from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { newSecretFile, warnIfOpenToOthers } from '../../../src/cli/files/secret-file.js';
import { writeTextFile } from '../../../src/cli/files/write-text-file.js';
import { lineOfFile } from '../../../src/cli/password.js';
import { failure } from '../../helpers/failure.js';
import { temporaryDirectory } from '../../helpers/temporary-directory.js';

describe('a text file', () => {
  it('that is there already stays as it is, and one that cannot be there is told of with the reason', async () => {
    const directory = await temporaryDirectory();
    const file = path.join(directory, 'a.yaml');
    expect(await writeTextFile(file, 'one', { force: false })).toBe(file);
    expect((await failure(writeTextFile(file, 'two', { force: false }), 'EXISTS')).suggestions).toEqual([
      '--force writes over it.',
    ]);
    expect(await fs.readFile(file, 'utf8')).toBe('one');
    await writeTextFile(file, 'two', { force: true });
    expect(await fs.readFile(file, 'utf8')).toBe('two');
    const message = async (name: string) =>
      (await failure(writeTextFile(name, 'x', { force: true }), 'USAGE')).message;
    expect(await message(directory)).toBe(`${directory} cannot be written: it is a directory.`);
    const nowhere = path.join(directory, 'no', 'a.yaml');
    expect(await message(nowhere)).toBe(`${nowhere} cannot be written: it does not exist.`);
  });
});

describe('a file with a secret', () => {
  it('that cannot take the place of what is there leaves no secret behind', async () => {
    const directory = await temporaryDirectory();
    const taken = path.join(directory, 'key');
    await fs.mkdir(path.join(taken, 'full'), { recursive: true });
    const secret = await newSecretFile(taken, { force: true });
    expect((await failure(secret.write('s3cret'), 'USAGE')).message).toContain(`${taken} cannot be written`);
    expect(await fs.readdir(directory)).toEqual(['key']);
  });

  it('that is not needed after all leaves what was there', async () => {
    const file = path.join(await temporaryDirectory(), 'key');
    await fs.writeFile(file, 'old');
    await (await newSecretFile(file, { force: true })).discard();
    expect(await fs.readFile(file, 'utf8')).toBe('old');
    expect(await fs.readdir(path.dirname(file))).toEqual(['key']);
  });

  it('that is gone meanwhile needs no warning', async () => {
    await expect(warnIfOpenToOthers('/nowhere/key')).resolves.toBeUndefined();
  });

  it.each(['', '\n', 'one\ntwo\n'])('with %j is no password', async (text) => {
    const file = path.join(await temporaryDirectory(), 'password');
    await fs.writeFile(file, text, { mode: 0o600 });
    const { signal } = new AbortController();
    expect((await failure(lineOfFile(file, '--password-file', signal), 'USAGE')).message).toBe(
      '--password-file takes a file with one line.',
    );
  });
});
