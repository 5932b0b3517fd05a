import { expect, it } from 'vitest';
import Status from '../../../commands/status.js';
import type { FleetStatus } from '../../../src/operations/topology/status.js';
import { runCommand } from '../../helpers/run-command.js';
import { TestServer } from '../../helpers/test-server.js';

async function fixture() {
  const server = await TestServer.start();
  await server.fleet.run('site.create', { name: 'Solna' });
  await server.fleet.run('site.create', { name: 'Kista' });
  for (const id of ['CP1', 'CP2', 'CP3']) await server.fleet.run('station.create', { id, site: 'Solna' });
  await server.fleet.run('station.create', { id: 'CP4', site: 'Kista' });
  const env = { EVFLEET_DATA_DIR: server.dataDir, TZ: 'UTC', NO_COLOR: '1' };
  const run = (argv: readonly string[], options: { columns?: number; rows?: number } = {}) => {
    const { rows } = process.stdout;
    Object.assign(process.stdout, { rows: options.rows });
    return runCommand(Status, argv, {
      env,
      id: 'status',
      ...(options.columns !== undefined && { columns: options.columns }),
    }).finally(() => Object.assign(process.stdout, { rows }));
  };
  return { run };
}

it('fits the window of a person, unless everything is asked for', async () => {
  const { run } = await fixture();
  const size = { columns: 80, rows: 14 };
  const folded = await run([], size);
  expect(folded.stdout).toContain('… 3 never connected');
  expect(folded.stdout.split('\n').length).toBeLessThanOrEqual(size.rows);
  for (const all of [await run(['--all'], size), await run([], { columns: 80, rows: 40 }), await run([])]) {
    expect(all.stdout).toContain('├─ · CP2  never connected');
    expect(all.stdout).not.toContain('--all');
  }
});

it('shows one site, and what there is when it is misspelt', async () => {
  const { run } = await fixture();
  const { stdout } = await run(['--site', 'kista']);
  expect(stdout).toContain('CP4');
  expect(stdout).not.toContain('CP1');
  const json = (await run(['--site', 'Kista', '--json'])).json as FleetStatus;
  expect(json.sites.map(({ name }) => name)).toEqual(['Kista']);
  // Midnight by the clock of the command, as the clock of the server has it.
  expect(json.today).toEqual({
    start: '2026-05-04T00:00:00.000Z',
    energyKwh: 0,
    hourlyEnergyKwh: Array.from({ length: 11 }, () => 0),
    sessions: 0,
  });
  const wrong = await run(['--site', 'Kitsa']);
  expect(wrong.exitCode).toBe(5);
  expect(wrong.stderr).toContain('Kista');
});
