import fs from 'node:fs/promises';
import path from 'node:path';
import { beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { type Credential, Credentials } from '../../../src/cli/remote/credentials.js';
import { whileLocked } from '../../../src/cli/remote/credentials-lock.js';
import { testKey } from '../../helpers/api-server.js';
import { failure } from '../../helpers/failure.js';
import { temporaryDirectory } from '../../helpers/temporary-directory.js';

const url = 'https://fleet.example.com:9223';
const credential: Credential = {
  key: testKey,
  id: 'abcdefghijkl',
  email: 'ada@example.com',
  role: 'admin',
  expires: '2027-01-01T00:00:00.000Z',
};

let file: string;
let warnings: string[];
let credentials: Credentials;

beforeEach(async () => {
  file = path.join(await temporaryDirectory(), 'config', 'evfleet', 'credentials.json');
  warnings = [];
  credentials = new Credentials({ file, warn: (message) => warnings.push(message) });
});

async function modeOf(name: string): Promise<string> {
  return ((await fs.stat(name)).mode & 0o777).toString(8);
}

/** The file as it lies there, perhaps made by something else. */
async function write(text: string, mode = 0o600): Promise<void> {
  await fs.mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  await fs.writeFile(file, text);
  await fs.chmod(file, mode);
}

test('without a file there are none, and none is made', async () => {
  expect(await credentials.all()).toEqual(new Map());
  await credentials.remove(url, credential.id);
  await expect(fs.stat(path.dirname(file))).rejects.toThrow('ENOENT');
});

test('what is put is there, for this server only, readable by nobody else', async () => {
  const umask = process.umask(0);
  onTestFinished(() => void process.umask(umask));
  await credentials.put(url, credential);
  expect(await credentials.get(url)).toEqual(credential);
  expect(await credentials.get('https://other.example.com')).toBeUndefined();
  expect([await modeOf(file), await modeOf(path.dirname(file))]).toEqual(['600', '700']);
  expect(await fs.readdir(path.dirname(file))).toEqual(['credentials.json']);
  expect(warnings).toEqual([]);
});

test('of log-ins at the same moment none is lost, whichever server they are for', async () => {
  const servers = Array.from({ length: 10 }, (_, n) => `https://fleet${n}.example.com`);
  const one = () => new Credentials({ file, warn: () => undefined });
  await Promise.all(servers.map((server) => one().put(server, credential)));
  expect([...(await credentials.all()).keys()].sort()).toEqual(servers);
  const replaced = await Promise.all(
    ['a', 'b', 'c'].map((id) =>
      one()
        .put(url, { ...credential, id })
        .then((before) => before?.id),
    ),
  );
  // Each of them but the last was told to somebody, who revokes it.
  const kept = (await credentials.get(url))?.id;
  expect([...replaced, kept].map(String).sort()).toEqual(['a', 'b', 'c', 'undefined']);
  expect(await fs.readdir(path.dirname(file))).toEqual(['credentials.json']);
});

test('a lock that a killed process left behind holds nobody up for long', async () => {
  await credentials.put(url, credential);
  await fs.writeFile(`${file}.lock`, '');
  expect(await whileLocked(file, async () => 'done', { abandonedAfterMs: 30 })).toBe('done');
  await expect(fs.stat(`${file}.lock`)).rejects.toThrow('ENOENT');
});

test('a second log-in takes the place of the first; others stay', async () => {
  await credentials.put(url, credential);
  await credentials.put('https://other.example.com', credential);
  await credentials.put(url, { ...credential, id: 'second' });
  expect([...(await credentials.all()).keys()]).toEqual(['https://other.example.com', url]);
  expect((await credentials.get(url))?.id).toBe('second');
  await credentials.remove(url, credential.id);
  expect((await credentials.all()).size).toBe(2);
  await credentials.remove(url, 'second');
  expect([...(await credentials.all()).keys()]).toEqual(['https://other.example.com']);
});

test.each([0o640, 0o604, 0o666])('a file with mode %o becomes ours alone, with a warning', async (mode) => {
  await write(JSON.stringify({ servers: { [url]: credential } }), mode);
  expect(await credentials.get(url)).toEqual(credential);
  expect(await modeOf(file)).toBe('600');
  expect(warnings).toEqual([expect.stringContaining('could be read by others; now only you can')]);
});

test('a directory that was open to others becomes ours alone, with a warning', async () => {
  await fs.mkdir(path.dirname(file), { recursive: true });
  await fs.chmod(path.dirname(file), 0o755);
  await credentials.put(url, credential);
  expect(await modeOf(path.dirname(file))).toBe('700');
  expect(warnings).toHaveLength(1);
});

describe('is refused', () => {
  test('a link, whatever it leads to', async () => {
    await write('{"servers":{}}');
    const elsewhere = `${file}.real`;
    await fs.rename(file, elsewhere);
    await fs.symlink(elsewhere, file);
    const { message, exitCode } = await failure(credentials.all(), 'NOT_ALLOWED');
    expect([message, exitCode]).toEqual([`The keys in ${file} are not used: it is a symbolic link.`, 4]);
  });

  test('a file that is far larger than keys are', async () => {
    await write(' '.repeat(1024 * 1024 + 1));
    const { message } = await failure(credentials.all(), 'NOT_ALLOWED');
    expect(message).toBe(`The keys in ${file} are not used: it is too large.`);
  });

  test('a directory that is a link', async () => {
    const real = await temporaryDirectory();
    await fs.mkdir(path.dirname(path.dirname(file)), { recursive: true });
    await fs.symlink(real, path.dirname(file));
    await failure(credentials.put(url, credential), 'NOT_ALLOWED');
    expect(await fs.readdir(real)).toEqual([]);
  });

  test.each([['file'], ['directory']])('the %s of another user', async (what) => {
    await write('{"servers":{}}');
    // Only root could make one; that we are somebody else is as good.
    const uid = vi.spyOn(process, 'geteuid').mockReturnValue(4711);
    onTestFinished(() => uid.mockRestore());
    const work = what === 'file' ? credentials.all() : credentials.put(url, credential);
    expect((await failure(work, 'NOT_ALLOWED')).message).toContain('belongs to another user');
  });

  test('a directory in its place', async () => {
    await fs.mkdir(file, { recursive: true });
    await failure(credentials.all(), 'NOT_ALLOWED');
  });

  test.each([
    ['no JSON', testKey],
    ['a list', `["${testKey}"]`],
    ['another shape', `{"servers":{"${url}":"${testKey}"}}`],
    ['half of it', `{"servers":{"${url}":{"key":"${testKey}"}}}`],
  ])('%s, without repeating what it is', async (_what, text) => {
    await write(text);
    const error = await failure(credentials.all(), 'USAGE');
    expect(error.message).toBe(`${file} is not what evfleet login writes.`);
    expect(`${error.stack}${String(error.cause)}${error.suggestions.join()}`).not.toContain(testKey);
  });
});

test('a directory that cannot be written to is found before there is a key', async () => {
  await fs.mkdir(path.dirname(path.dirname(file)), { recursive: true });
  await fs.writeFile(path.dirname(file), '');
  await failure(credentials.prepare(), 'NOT_ALLOWED');
});
