import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import RemoteStart from '../../commands/remote/start.js';
import { failure } from '../helpers/failure.js';
import { runCommand } from '../helpers/run-command.js';
import type { ScriptedStation } from '../helpers/scripted-station.js';
import { temporaryDirectory } from '../helpers/temporary-directory.js';
import type { TestServer } from '../helpers/test-server.js';
import { accept, begin, end, online, timeoutMs } from './remote-fixture.js';

const sound = {
  chargingProfilePurpose: 'TxProfile',
  chargingSchedule: {
    chargingRateUnit: 'A',
    chargingSchedulePeriod: [{ startPeriod: 0, limit: 10 }],
  },
};

/** What the station says that it takes. */
function limited(station: ScriptedStation, limits: Record<string, string>) {
  const configurationKey = Object.entries(limits).map(([key, value]) => ({ key, readonly: true, value }));
  return station.on('GetConfiguration', () => ({ configurationKey })).on('RemoteStartTransaction', accept);
}

function start(server: TestServer, profile: Record<string, unknown>) {
  return server.fleet.run('remote.start', { stationId: 'CP1', tag: 'TAG1', timeoutMs, profile });
}

const starts = ({ calls }: ScriptedStation) =>
  calls.filter(({ action }) => action === 'RemoteStartTransaction').map(({ payload }) => payload);

it('a profile goes with the start, completed', async () => {
  const { server, station } = await online();
  limited(station, {});
  expect(await start(server, sound)).toMatchObject({ status: 'Accepted' });
  expect(starts(station)).toEqual([
    {
      idTag: 'TAG1',
      chargingProfile: {
        ...sound,
        chargingProfileId: expect.any(Number),
        stackLevel: 0,
        chargingProfileKind: 'Relative',
      },
    },
  ]);
  expect((await server.fleet.run('profile.list', { stationId: 'CP1' })).items).toEqual([]);
});

it('is listed with its session once that has begun, until it is over', async () => {
  const { server, station } = await online();
  limited(station, { MaxChargingProfilesInstalled: '1' });
  const listed = async () => (await server.fleet.run('profile.list', { stationId: 'CP1' })).items;
  await start(server, sound);
  const requestedAt = server.clock.iso();
  const transactionId = await begin(server, station, { connectorId: 2 });
  const [kept, ...others] = await listed();
  expect(kept).toMatchObject({ connector: 2, transactionId, purpose: 'TxProfile', sentAt: requestedAt });
  expect(kept?.state).toBe('unanswered');
  expect(others).toEqual([]);
  await end(server, station, transactionId);
  expect(await listed()).toEqual([]);
  // Nor does it take up room any more.
  await start(server, sound);
  expect(starts(station)).toHaveLength(2);
});

it('is not that of a session that somebody else begins', async () => {
  const { server, station } = await online();
  limited(station, {});
  await server.addTag('OTHER');
  await start(server, sound);
  await begin(server, station, { idTag: 'OTHER' });
  expect((await server.fleet.run('profile.list', {})).items).toEqual([]);
});

it.each([
  [
    { ...sound, chargingProfilePurpose: 'TxDefaultProfile' },
    {},
    /takes a TxProfile, and the profile is a TxDefault/,
  ],
  [{ ...sound, transactionId: 7 }, {}, /names a transaction/],
  [{ ...sound, stackLevel: -1 }, {}, /not sound: stackLevel/],
  [{}, {}, /not sound: chargingProfilePurpose is missing/],
  [
    { ...sound, stackLevel: 3 },
    { ChargeProfileMaxStackLevel: '2' },
    /ChargeProfileMaxStackLevel.*nothing was sent/,
  ],
  [sound, { ChargingScheduleAllowedChargingRateUnit: 'Power' }, /takes limits in W/],
])('%j is not sent to a station with %j', async (profile, limits, message) => {
  const { server, station } = await online();
  limited(station, limits);
  expect((await failure(start(server, profile), 'USAGE')).message).toMatch(message);
  expect(starts(station)).toEqual([]);
});

it('is read from a file, whose mistakes have a place', async () => {
  const { server, station } = await online();
  limited(station, {});
  const file = join(await temporaryDirectory(), 'slowly.yaml');
  const run = async (text: string) => {
    await writeFile(file, text);
    const env = { EVFLEET_DATA_DIR: server.dataDir, NO_COLOR: '1' };
    return runCommand(RemoteStart, ['CP1', '--tag', 'TAG1', '--profile', file], { env, id: 'remote:start' });
  };
  const yaml = `chargingProfilePurpose: TxProfile
chargingSchedule:
  chargingRateUnit: A
  chargingSchedulePeriod:
    - { startPeriod: 0, limit: 10 }
`;
  const { exitCode, stdout } = await run(yaml);
  expect([exitCode, stdout]).toEqual([0, 'CP1 answered Accepted: it will try to charge with tag TAG1.\n']);
  const wrong = await run(yaml.replace('chargingRateUnit: A', 'chargingRateUnit: V'));
  expect(wrong.exitCode).toBe(2);
  expect(wrong.stderr).toMatch(/slowly\.yaml.*3.*chargingRateUnit/);
  expect(starts(station)).toHaveLength(1);
});
