import { expect, it } from 'vitest';
import TagTest from '../../../commands/tag/test.js';
import { begin } from '../../csms/remote-fixture.js';
import { runCommand } from '../../helpers/run-command.js';
import { TestServer } from '../../helpers/test-server.js';

async function fixture() {
  const server = await TestServer.start();
  const station = await server.connected('CP1', { connectors: 2 });
  await server.fleet.run('user.create', { email: 'ada@example.com' });
  await server.fleet.run('tag.create', { tag: 'ADA', user: 'ada@example.com', maxActive: 1 });
  const run = (argv: readonly string[], columns?: number) =>
    runCommand(TagTest, argv, {
      env: { EVFLEET_DATA_DIR: server.dataDir },
      id: 'tag:test',
      ...(columns && { columns }),
    });
  return { server, station, run };
}

it('shows a person what a station would be told, and why', async () => {
  const { server, station, run } = await fixture();
  await begin(server, station, { idTag: 'ADA', connectorId: 2 });
  const { stdout, exitCode } = await run(['ada', 'CP1', '--no-color', '--utc'], 100);
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/^TAG +ADA\n/);
  expect(stdout).toMatch(/\nANSWER TO AUTHORIZE +Accepted\n/);
  expect(stdout).toMatch(/\nUSER +ada@example\.com\n/);
  expect(stdout).toMatch(/\nAT MOST RUNNING +1\n/);
  expect(stdout).toMatch(/\n +1 +rfid +ConcurrentTx +1 session runs with the tag already, of at most 1\n/);
  // The session on the connector itself is over when another one begins there.
  expect(stdout).toMatch(/\n +2 +rfid +Accepted +the tag is known and valid\n/);
  expect(stdout).toMatch(/\nRUNNING SESSIONS\n.*\n +1 +CP1 +2 +2026-05-04 10:00:00Z\n$/);
});

it('is no failure when the tag is refused or unknown, nor for a script', async () => {
  const { run } = await fixture();
  const unknown = await run(['WHO', 'CP1', '1', '--json']);
  expect(unknown.exitCode).toBe(0);
  expect(unknown.json).toMatchObject({
    ...{ verdict: 'Invalid', code: 'unknown-tag', status: 'unknown' },
    starts: [{ connector: 1, mode: 'rfid', verdict: 'Invalid', code: 'unknown-tag' }],
  });
  expect((await run(['WHO', 'CP1'])).stdout).toContain('verdict\tInvalid\ncode\tunknown-tag\n');
});

it.each([
  [['ADA', 'CP9'], 5, /There is no station "CP9"/],
  [['ADA', 'CP1', '3'], 5, /no connector 3/],
  [['ADA', 'CP1', '0'], 2, /CONNECTOR takes a whole number/],
  [['ADA'], 2, /STATION/],
  [['x'.repeat(21), 'CP1'], 2, /20/],
])('%j ends with %d', async (argv, exitCode, message) => {
  const { run } = await fixture();
  const result = await run(argv);
  expect(result.exitCode).toBe(exitCode);
  expect(result.stderr).toMatch(message);
});
