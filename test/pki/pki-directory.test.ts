import fs from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { readIfThere, writeFiles } from '../../src/pki/pki-directory.js';
import { failure } from '../helpers/failure.js';
import { temporaryDirectory } from '../helpers/temporary-directory.js';

const text = 'a key';

it('a file of the authority that cannot be read is told of by its name; one that is not there is none', async () => {
  const directory = await temporaryDirectory();
  expect((await failure(readIfThere(directory), 'CONFLICT')).message).toContain(
    `The file ${directory} cannot be read: `,
  );
  expect(await readIfThere(path.join(directory, 'none'))).toBeUndefined();
});

it('files that belong together are all written or none: where one is there, or its directory is not', async () => {
  const directory = await temporaryDirectory();
  const [cert, key] = [path.join(directory, 'a.pem'), path.join(directory, 'a.key')];
  await fs.writeFile(key, 'an older key');
  const files = [cert, key].map((file) => ({ file, text, isSecret: true }));
  expect((await failure(writeFiles(files, { replace: false }), 'EXISTS')).message).toBe(
    `There is a file ${key} already; keys are not written over.`,
  );
  expect(await fs.readdir(directory)).toEqual(['a.key']);

  const nowhere = path.join(directory, 'no');
  const missing = [...files.slice(0, 1), { file: path.join(nowhere, 'b.key'), text, isSecret: true }];
  expect((await failure(writeFiles(missing, { replace: true }), 'USAGE')).message).toMatch(
    /^Nothing can be written to .*: ENOENT/,
  );
  expect(await fs.readdir(directory)).toEqual(['a.key']);
  expect(await fs.readFile(key, 'utf8')).toBe('an older key');
});
