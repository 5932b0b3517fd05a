import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { serveElsewhere } from '../helpers/elsewhere.js';
import { serve } from '../helpers/program.js';
import { runProgram } from '../helpers/run-command.js';

/** What an operator types on a first day, mistakes included. */
const story: readonly (readonly string[])[] = [
  ['site', 'list'],
  ['site', 'create', 'Solna', '--address', 'Solnavägen 1', '--lat', '59.36', '--lon', '18', '--json'],
  ['site', 'create', 'Solna'],
  ['site', 'create', 'Solna', '--if-exists', 'update', '--address', 'Solnavägen 3'],
  ['site', 'show', 'solna', '--json'],
  ['floor', 'create', 'P1', '--site', 'Solna', '--level', '-1', '--json'],
  ['floor', 'list', '--csv'],
  ['station', 'create', 'CP001', '--site', 'Solna', '--floor', 'P1', '--connectors', '2', '--json'],
  ['station', 'create', 'CP002', '--name', '=HYPERLINK("x")', '--heartbeat-interval', '2m'],
  ['station', 'move', 'CP002', '--site', 'Solna'],
  ['connector', 'update', 'CP001', '2', '--mode', 'open', '--max-power', '22', '--json'],
  ['connector', 'list', 'CP001', '--json'],
  ['group', 'create', 'depot'],
  ['group', 'add', 'depot', 'CP001', 'CP002'],
  ['group', 'add', 'depot', 'CP001', 'CP003'],
  ['group', 'show', 'depot', '--json'],
  ['station', 'list', '--group', 'depot', '--csv'],
  ['station', 'list', '--filter', 'floor=P1', '-q'],
  ['station', 'show', 'CP001', '--json'],
  ['station', 'show', 'CP01'],
  ['tag', 'create', '04A2B3C4', '--label', 'pool car', '--expires', '2030-01-01T00:00:00Z', '--json'],
  ['tag', 'block', '04a2b3c4', '--json'],
  ['tag', 'list'],
  ['tag', 'delete', '04A2B3C4'],
  ['tag', 'delete', '04A2B3C4', '--yes', '--json'],
  ['tag', 'delete', '04A2B3C4', '--yes', '--ignore-not-found'],
  ['site', 'delete', 'Solna', '--yes', '--json'],
  ['session', 'list', '--json'],
  ['session', 'list', '--station', 'CP009'],
  ['session', 'export'],
  ['session', 'export', '--format', 'json-lines'],
  ['station', 'delete', 'CP002', '--yes'],
  ['group', 'remove', 'depot', 'CP001'],
  ['station', 'list', '--state', 'unknown', '--json'],
  ['settings', 'set', 'backup.keep=3', 'retention.events=1440h', 'backup.directory=/srv/my backups'],
  ['settings', 'set', 'backup.keep=4', 'retention.events=60'],
  ['settings', 'set', 'retention.event=60d', '--json'],
  ['settings', 'show', '--origin'],
  ['settings', 'show', 'backup.keep', '--json'],
];

/** What has to differ between two fleets made one after the other. */
function normalized(text: string): string {
  return text
    .replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '<uuid>')
    .replaceAll(/"?createdAt"?: "[^"]*"/g, '"createdAt": <time>')
    .replaceAll(/20\d\d-\d\d-\d\dT[\d:.]+Z/g, '<time>');
}

type Env = Readonly<Record<string, string>>;

async function said(argv: readonly string[], env: Env) {
  const { exitCode, stdout, stderr } = await runProgram(argv, { env });
  return { argv, exitCode, stdout: normalized(stdout), stderr: normalized(stderr) };
}

it('commands say and do the same without a server, with one on this machine, and with one elsewhere', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'evfleet-ways-'));
  const [offline, served] = [join(directory, 'offline'), join(directory, 'served')];
  const server = await serve({ dataDir: served });
  const elsewhere = await serveElsewhere(directory);
  try {
    for (const argv of story) {
      const alone = await said(argv, { EVFLEET_DATA_DIR: offline });
      const through = await said(argv, { EVFLEET_DATA_DIR: served });
      expect(through).toEqual(alone);
      expect(await said(argv, elsewhere.env)).toEqual(alone);
      expect(alone.exitCode).toBeLessThan(7);
      expect(alone.exitCode).not.toBe(1);
    }
    expect(existsSync(elsewhere.env.XDG_DATA_HOME)).toBe(false);
  } finally {
    await Promise.all([server.kill('SIGTERM'), elsewhere.server.kill('SIGTERM')]);
    rmSync(directory, { recursive: true, force: true });
  }
});
