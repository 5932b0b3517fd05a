import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { evfleet, serve } from '../helpers/program.js';
import { until } from '../helpers/until.js';
import { openStore } from '../store/support/open-store.js';

it('a server that was down at the time of the backup makes up for it, and the backup opens', async () => {
  const dataDir = await mkdtemp(path.join(tmpdir(), 'evfleet-backup-'));
  onTestFinished(() => rm(dataDir, { recursive: true, force: true }));
  const store = await openStore(dataDir, { now: () => Date.now() });
  await store.write(async ({ settings }) => {
    await settings.set('backup.time', '12:00', Date.now() - 3 * 86_400_000);
  });
  await store.close();
  expect((await evfleet(['site', 'create', 'Solna'], { dataDir })).code).toBe(0);

  const server = await serve({ dataDir });
  const directory = path.join(dataDir, 'backups');
  const backups = () => readdir(directory).catch((): string[] => []);
  try {
    await until(async () => (await backups()).some((name) => name.endsWith('.db')), 'the backup');
  } finally {
    const { code, stderr } = await server.kill('SIGTERM');
    expect(code, stderr).toBe(0);
  }
  const names = await backups();
  expect(names).toEqual([expect.stringMatching(/^evfleet-\d{4}-\d\d-\d\dT\d{6}Z\.db$/)]);
  const file = path.join(directory, names[0] ?? '');
  expect((await stat(file)).mode & 0o077).toBe(0);
  expect((await readFile(file)).subarray(0, 15).toString()).toBe('SQLite format 3');
});
