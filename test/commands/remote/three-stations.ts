import { type RunOptions, runCommand } from '../../helpers/run-command.js';
import type { ScriptedStation } from '../../helpers/scripted-station.js';
import { TestServer } from '../../helpers/test-server.js';
import { until } from '../../helpers/until.js';

export interface ThreeStations {
  readonly server: TestServer;
  /** CP1 and CP2 are connected, CP3 is not. */
  readonly stations: [ScriptedStation, ScriptedStation];
}

export async function startThreeStations(details: { connectors?: number } = {}): Promise<ThreeStations> {
  const server = await TestServer.start({ pingIntervalMs: 7_200_000 });
  const stations: ThreeStations['stations'] = [
    await server.connected('CP1', details),
    await server.connected('CP2', details),
  ];
  await server.add('CP3');
  await until(async () => {
    const { items } = await server.fleet.run('station.list', { state: 'online' });
    return items.length === 2;
  });
  return { server, stations };
}

/** Runs a command on that server. */
export function runAt(
  server: TestServer,
  command: Parameters<typeof runCommand>[0],
  argv: readonly string[],
  { env, ...options }: RunOptions = {},
) {
  const all = { EVFLEET_DATA_DIR: server.dataDir, NO_COLOR: '1', ...env };
  return runCommand(command, argv, { ...options, env: all, id: 'remote:x' });
}
