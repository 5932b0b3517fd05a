import { expect, it } from 'vitest';
import RemoteReset from '../../../commands/remote/reset.js';
import type { BulkOutcome } from '../../../src/operations/bulk.js';
import { runCommand } from '../../helpers/run-command.js';
import { TestServer } from '../../helpers/test-server.js';

const stationCount = 1000;

/** A server and 2,000 stations on connections of their own, which restart when they are asked to. */
async function withFleet() {
  const server = await TestServer.start({ unknownStations: 'accept' });
  const ids = Array.from({ length: stationCount }, (_, i) => `CP${String(i + 1).padStart(4, '0')}`);
  const fleet = await Promise.all(ids.map((id) => server.connect(id)));
  for (const station of fleet) {
    station.on('Reset', () => {
      setImmediate(() => void station.boot());
      return { status: 'Accepted' };
    });
  }
  const reset = (...argv: string[]) =>
    runCommand(RemoteReset, ['--all', '--yes', ...argv], {
      env: { EVFLEET_DATA_DIR: server.dataDir, NO_COLOR: '1' },
      id: 'remote:reset',
    });
  return { server, ids, fleet, reset };
}

it('a thousand stations are reset with one command, and seen to be back', async () => {
  const { ids, fleet, reset } = await withFleet();
  fleet[6]?.on('Reset', () => ({ status: 'Rejected' }));
  const { stdout, stderr, exitCode } = await reset('--wait', '--concurrency', '200', '--json-lines');
  const outcomes = stdout
    .trimEnd()
    .split('\n')
    .map((line): BulkOutcome => JSON.parse(line));
  expect(outcomes.map(({ stationId }) => stationId).sort()).toEqual(ids);
  expect(outcomes.filter(({ detail }) => detail?.back === 'booted')).toHaveLength(stationCount - 1);
  expect(outcomes.filter(({ ok }) => !ok)).toMatchObject([{ stationId: 'CP0007', status: 'Rejected' }]);
  expect(stderr).toContain('999 of 1,000 back, 1 failed');
  expect(exitCode).toBe(9);
  expect(fleet.filter(({ calls }) => calls.length === 1)).toHaveLength(stationCount);
  for (const station of fleet) station.cut();
});
