import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import RemoteAvailability from '../../../commands/remote/availability.js';
import RemoteCall from '../../../commands/remote/call.js';
import RemoteDataTransfer from '../../../commands/remote/data-transfer.js';
import RemoteTrigger from '../../../commands/remote/trigger.js';
import RemoteUnlock from '../../../commands/remote/unlock.js';
import type { RunOptions } from '../../helpers/run-command.js';
import type { ScriptedStation } from '../../helpers/scripted-station.js';
import { temporaryDirectory } from '../../helpers/temporary-directory.js';
import type { TestServer } from '../../helpers/test-server.js';
import { runAt, startThreeStations } from './three-stations.js';

let server: TestServer;
/** CP1 and CP2 are connected, CP3 is not. */
let stations: ScriptedStation[];

const run = (command: Parameters<typeof runAt>[1], argv: readonly string[], options?: RunOptions) =>
  runAt(server, command, argv, options);

const answer = (action: string, status: string, of = stations) => {
  for (const station of of) station.on(action, () => ({ status }));
};

const asked = (action: string) =>
  stations.map(({ calls }) => calls.filter((call) => call.action === action).length);

beforeEach(async () => {
  ({ server, stations } = await startThreeStations());
});

describe('the last argument', () => {
  it('is the connector of unlock, unless --connector says it', async () => {
    answer('UnlockConnector', 'Unlocked');
    expect((await run(RemoteUnlock, ['CP1', '1'])).stdout).toBe('CP1 has unlocked connector 1.\n');
    expect((await run(RemoteUnlock, ['CP1', 'CP2', '--connector', '1'])).exitCode).toBe(0);
    expect((await run(RemoteUnlock, ['-l', 'status=online', '1'])).exitCode).toBe(0);
    expect(asked('UnlockConnector')).toEqual([3, 2]);
    for (const argv of [['CP1'], ['CP1', '0'], ['CP1', '1001'], []])
      expect((await run(RemoteUnlock, argv)).exitCode).toBe(2);
    expect((await run(RemoteUnlock, ['1'])).stderr).toContain('Nothing says which stations');
  });

  it('is what becomes of the availability', async () => {
    answer('ChangeAvailability', 'Scheduled');
    const { stdout } = await run(RemoteAvailability, ['CP1', '--connector', '1', 'inoperative']);
    expect(stdout).toBe('CP1 connector 1 will be inoperative once its session has ended: Scheduled.\n');
    const wrong = await run(RemoteAvailability, ['CP1', 'inopertive']);
    expect(wrong.stderr).toContain('Did you mean inoperative?');
    expect((await run(RemoteAvailability, [])).exitCode).toBe(2);
    expect((await run(RemoteAvailability, ['CP1'])).exitCode).toBe(2);
  });

  it('is the message to trigger', async () => {
    answer('TriggerMessage', 'Accepted');
    expect((await run(RemoteTrigger, ['CP1', 'CP2', 'heartbeat'])).stderr).toBe('2 of 2 accepted\n');
    expect((await run(RemoteTrigger, ['CP1', 'Hartbeat'])).stderr).toContain('Did you mean Heartbeat?');
    expect((await run(RemoteTrigger, ['CP1'])).exitCode).toBe(2);
    expect(asked('TriggerMessage')).toEqual([1, 1]);
  });

  it('is the action of any call, whose answers are in the outcomes', async () => {
    for (const station of stations) station.on('GetLocalListVersion', () => ({ listVersion: 7 }));
    const { json } = await run(RemoteCall, ['CP1', 'CP2', 'GetLocalListVersion', '--json']);
    expect((json as { detail: object }[]).map(({ detail }) => detail)).toEqual([
      { listVersion: 7 },
      { listVersion: 7 },
    ]);
    expect((await run(RemoteCall, ['CP1', 'GetLocalListVersion', '--json'])).json).toEqual({
      listVersion: 7,
    });
    expect((await run(RemoteCall, ['--all', 'Rest'])).exitCode).toBe(2);
    expect((await run(RemoteCall, [])).exitCode).toBe(2);
  });
});

it('data-transfer takes its data from the line, a file and standard input, as it is', async () => {
  answer('DataTransfer', 'Accepted');
  const path = join(await temporaryDirectory(), 'data');
  await writeFile(path, ' {"b": 2}\n');
  const argv = ['CP1', '--vendor', 'com.example', '--message-id', 'M', '--data'];
  await run(RemoteDataTransfer, [...argv, 'plain']);
  await run(RemoteDataTransfer, [...argv, `@${path}`]);
  const sent = stations[0]?.calls.map(({ payload }) => payload);
  expect(sent).toEqual([
    { vendorId: 'com.example', messageId: 'M', data: 'plain' },
    { vendorId: 'com.example', messageId: 'M', data: ' {"b": 2}\n' },
  ]);
  expect((await run(RemoteDataTransfer, [...argv, '@/nowhere'])).stderr).toContain(
    '--data cannot read /nowhere',
  );
  expect((await run(RemoteDataTransfer, ['CP1'])).stderr).toContain('vendor');
});
