import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import ProfileClear from '../../../commands/profile/clear.js';
import ProfileList from '../../../commands/profile/list.js';
import ProfileSchedule from '../../../commands/profile/schedule.js';
import ProfileSet from '../../../commands/profile/set.js';
import { accept } from '../../csms/remote-fixture.js';
import { type RunOptions, runCommand } from '../../helpers/run-command.js';
import { TestServer } from '../../helpers/test-server.js';

const commands = { clear: ProfileClear, list: ProfileList, schedule: ProfileSchedule, set: ProfileSet };

/** Commands against a running server with CP1, which takes any profile, as in another terminal. */
async function withServer() {
  const server = await TestServer.start({ pingIntervalMs: 3_600_000 });
  const station = await server.connected('CP1', { connectors: 2 });
  station.on('SetChargingProfile', accept).on('ClearChargingProfile', accept);
  const run = (verb: keyof typeof commands, argv: readonly string[], options: RunOptions = {}) => {
    const env = { EVFLEET_DATA_DIR: server.dataDir, NO_COLOR: '1', ...options.env };
    return runCommand(commands[verb], argv, { ...options, env, id: `profile:${verb}` });
  };
  return { server, station, run };
}

describe('profile set', () => {
  it('takes no ampere from the variable that limits lists', async () => {
    const { station, run } = await withServer();
    const env = { EVFLEET_LIMIT: '6', EVFLEET_KIND: 'session' };
    expect((await run('set', ['CP1'], { env })).stderr).toContain('Nothing says how much may be charged');
    expect(station.calls).toEqual([]);
    expect((await run('set', ['CP1'], { env: { EVFLEET_PROFILE_LIMIT: '6' } })).exitCode).toBe(0);
  });

  it('sends what the flags say', async () => {
    const { station, run } = await withServer();
    const argv = ['CP1', '--period', '0=3680W', '--period', '10m=2300W', '--phases', '1', '--connector', '2'];
    const { stdout, exitCode } = await run('set', [...argv, '--stack-level', '3', '--id', '9']);
    expect([stdout, exitCode]).toEqual([
      'CP1 took profile 9 on connector 2 (TxDefaultProfile): 3680 W (1 phase), from 10m on 2300 W (1 phase).\n',
      0,
    ]);
    expect(await station.received('SetChargingProfile')).toEqual({
      connectorId: 2,
      csChargingProfiles: {
        chargingProfileId: 9,
        stackLevel: 3,
        chargingProfilePurpose: 'TxDefaultProfile',
        chargingProfileKind: 'Relative',
        chargingSchedule: {
          chargingRateUnit: 'W',
          chargingSchedulePeriod: [
            { startPeriod: 0, limit: 3680, numberPhases: 1 },
            { startPeriod: 600, limit: 2300, numberPhases: 1 },
          ],
        },
      },
    });
  });

  it('sends what a file says, to many', async () => {
    const { server, run } = await withServer();
    (await server.connected('CP2')).on('SetChargingProfile', () => ({ status: 'Rejected' }));
    const file = path.join(server.dataDir, 'p.json');
    const chargingSchedule = {
      chargingRateUnit: 'A',
      chargingSchedulePeriod: [{ startPeriod: 0, limit: 6 }],
    };
    await writeFile(
      file,
      JSON.stringify({ chargingProfilePurpose: 'ChargePointMaxProfile', chargingSchedule }),
    );
    const { stdout, stderr, exitCode } = await run('set', ['--all', '--file', file]);
    expect(stdout.split('\n').sort()).toEqual([
      '',
      'CP1\tok\tAccepted\tCP1 took profile 1 (ChargePointMaxProfile): 6 A.',
      'CP2\tfailed\tREFUSED\tCP2 refused the ChargePointMaxProfile: it answered Rejected.',
    ]);
    expect([stderr, exitCode]).toEqual(['1 of 2 accepted, 1 failed\n', 9]);
  });

  it.each([
    ['nothing to charge by', [], 2],
    ['a file and flags', ['--file', 'x', '--limit', '6'], 2],
    ['a limit and periods', ['--limit', '6', '--period', '0=6A'], 2],
    ['a purpose that is none', ['--limit', '6', '--purpose', 'TxDefault'], 2],
    ['a session that is none', ['--limit', '6', '--session', '7'], 5],
    ['no session', ['--limit', '6', '--purpose', 'TxProfile'], 5],
  ])('is told %s', async (_, argv, code) => {
    const { station, run } = await withServer();
    const { stdout, stderr, exitCode } = await run('set', ['CP1', ...argv]);
    expect([stdout, exitCode]).toEqual(['', code]);
    expect(stderr).toMatch(/^Error: /);
    expect(station.calls).toEqual([]);
  });

  it.each([
    ['refuses', 10, () => ({ status: 'NotSupported' })],
    ['has no such action', 10, () => ({ error: 'NotImplemented' })],
  ] as const)('ends with the code of a station that %s', async (_, code, answer) => {
    const { station, run } = await withServer();
    station.on('SetChargingProfile', answer);
    expect((await run('set', ['CP1', '--limit', '6'])).exitCode).toBe(code);
  });

  it('ends with 7 when the station is offline', async () => {
    const { server, run } = await withServer();
    await server.add('CP2');
    const { exitCode, json } = await run('set', ['CP2', '--limit', '6', '--json']);
    expect([exitCode, json]).toMatchObject([7, { error: { code: 'STATION_OFFLINE' } }]);
  });
});

it('profile list shows what fits into a terminal, and everything to programs', async () => {
  const { run } = await withServer();
  await run('set', ['CP1', '--limit', '16', '--duration', '2h']);
  const { stdout } = await run('list', [], { columns: 80 });
  expect(stdout).toBe(
    'STATION  CONN  ID  PURPOSE           LEVEL  LIMIT           STATE\n' +
      'CP1       all   1  TxDefaultProfile      0  16 A, until 2h  accepted\n',
  );
  expect((await run('list', ['CP1', '--json'])).json).toEqual([
    {
      stationId: 'CP1',
      connector: 0,
      profileId: 1,
      purpose: 'TxDefaultProfile',
      stackLevel: 0,
      kind: 'Relative',
      recurrency: null,
      schedule: {
        duration: 7200,
        chargingRateUnit: 'A',
        chargingSchedulePeriod: [{ startPeriod: 0, limit: 16 }],
      },
      transactionId: null,
      validFrom: null,
      validTo: null,
      state: 'accepted',
      sentAt: '2026-05-04T10:00:00.000Z',
    },
  ]);
  expect((await run('list', ['-q'])).stdout).toBe('CP1:1\n');
});

describe('profile clear', () => {
  it('clears by criteria, and says what the station does not have', async () => {
    const { station, run } = await withServer();
    await run('set', ['CP1', '--limit', '16']);
    const { stdout } = await run('clear', ['CP1', '--connector', '0', '--purpose', 'TxDefaultProfile']);
    expect(stdout).toBe('CP1 cleared 1 profile.\n');
    station.on('ClearChargingProfile', () => ({ status: 'Unknown' }));
    expect(await run('clear', ['CP1', '--all-profiles'])).toMatchObject({
      stdout: 'CP1 has no profiles: it answered Unknown.\n',
      exitCode: 0,
    });
    expect(await run('clear', ['CP1', '--id', '4'])).toMatchObject({ exitCode: 5 });
  });

  it('asks before many are cleared, and must know which', async () => {
    const { server, run } = await withServer();
    await server.add('CP2');
    expect(await run('clear', ['--all', '--all-profiles'])).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('--yes'),
    });
    expect(await run('clear', ['CP1'])).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('--all-profiles'),
    });
  });
});

it('profile schedule draws on a terminal, and tells programs line by line', async () => {
  const { station, run } = await withServer();
  station.on('GetCompositeSchedule', () => ({
    status: 'Accepted',
    connectorId: 1,
    scheduleStart: '2026-05-04T10:00:00Z',
    chargingSchedule: {
      duration: 3600,
      chargingRateUnit: 'A',
      chargingSchedulePeriod: [{ startPeriod: 0, limit: 16 }],
    },
  }));
  const argv = ['CP1', '--connector', '1', '--utc'];
  const { stdout } = await run('schedule', argv, { columns: 80 });
  expect(stdout).toMatch(/^CP1, connector 1: 1h from 2026-05-04 10:00:00Z\n\n16 A ┤█+\n/);
  expect(stdout.split('\n').every((line) => line.length <= 80)).toBe(true);
  expect((await run('schedule', argv)).stdout).toBe(
    'start\tend\tlimit\tunit\tnumberPhases\n' +
      '2026-05-04T10:00:00.000Z\t2026-05-04T11:00:00.000Z\t16\tA\t\n',
  );
  expect((await run('schedule', [...argv, '--json'])).json).toMatchObject({
    duration: 3600,
    periods: [{ limit: 16 }],
  });
});
