import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { temporaryDirectory } from '../helpers/temporary-directory.js';

const root = fileURLToPath(new URL('../../', import.meta.url));

it('a server whose program was replaced by an upgrade ends, also when it cannot say what went wrong', async () => {
  const directory = await temporaryDirectory();
  const program = join(directory, 'program');
  const data = join(directory, 'data');
  await mkdir(program);
  for (const part of ['bin', 'dist', 'package.json', 'oclif.manifest.json'])
    await cp(join(root, part), join(program, part), { recursive: true });
  const argv = [join(program, 'bin/run.js'), 'serve', '--port', '0', '--json', '--log-level', 'error'];
  const server = spawn(process.execPath, argv, {
    env: { PATH: process.env.PATH, HOME: directory, EVFLEET_DATA_DIR: data },
  });
  let said = '';
  server.stderr.on('data', (chunk) => {
    said += chunk;
  });
  try {
    // It says where stations connect.
    await once(server.stdout, 'data');
    await rename(join(program, 'dist'), join(program, 'gone'));
    // So that something does go wrong.
    await rm(data, { recursive: true });
    const ended = once(server, 'exit');
    server.kill('SIGTERM');
    expect(await ended).toEqual([1, null]);
    expect(said).toContain('Error: ');
  } finally {
    server.kill('SIGKILL');
  }
}, 20_000);
