import { expect, it, vi } from 'vitest';
import StationList from '../../../commands/station/list.js';
import { runCommand } from '../../helpers/run-command.js';
import { ScriptedStation } from '../../helpers/scripted-station.js';
import { TestServer } from '../../helpers/test-server.js';

async function listed(server: TestServer) {
  const env = { EVFLEET_DATA_DIR: server.dataDir, NO_COLOR: '1' };
  return runCommand(StationList, [], { env, id: 'station:list', columns: 100 });
}

it('a pending station is shown as that, though it is connected, and how to take it in', async () => {
  const server = await TestServer.start({ unknownStations: 'pending' });
  const station = await server.connect('CP 1');
  await station.boot();
  const { stdout, stderr } = await listed(server);
  expect(stdout).toMatch(/^CP 1 .* pending /m);
  expect(stderr).toBe("What is pending may not charge yet: evfleet station accept 'CP 1' --site <site>\n");
});

it('a pending station that has gone again is still shown as pending', async () => {
  const server = await TestServer.start({ unknownStations: 'pending' });
  const station = await server.connect('CP1');
  await station.boot();
  await station.leave();
  await vi.waitFor(async () => {
    expect((await listed(server)).stdout).toMatch(/^CP1 .* pending, offline \s/m);
  });
});

it('an empty list tells of stations that knocked', async () => {
  const server = await TestServer.start();
  await ScriptedStation.refusal(server.url, 'CP1');
  const { stderr } = await listed(server);
  expect(stderr).toContain(
    '1 station knocked that nobody knows here: evfleet station list --state unknown\n',
  );
  await server.add('CP2');
  expect((await listed(server)).stderr).toBe('');
});
