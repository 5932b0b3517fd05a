import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { describe, expect, it, vi } from 'vitest';
import RemoteCall from '../../commands/remote/call.js';
import { systemUser } from '../../src/server/system.js';
import { failure } from '../helpers/failure.js';
import { runCommand } from '../helpers/run-command.js';
import { temporaryDirectory } from '../helpers/temporary-directory.js';
import { TestServer } from '../helpers/test-server.js';
import { until } from '../helpers/until.js';

async function online() {
  const server = await TestServer.start({ pingIntervalMs: 7_200_000 });
  return { server, station: await server.connected('CP1') };
}

function call(server: TestServer, action: string, payload: object = {}, stationId = 'CP1') {
  return server.fleet.run('remote.call', { stationId, action, payload: { ...payload }, timeoutMs: 30_000 });
}

function command(server: TestServer, ...argv: string[]) {
  return runCommand(RemoteCall, ['CP1', ...argv], {
    env: { EVFLEET_DATA_DIR: server.dataDir },
    id: 'remote:call',
  });
}

describe('a call of any action', () => {
  it('gives what the station answered', async () => {
    const { server, station } = await online();
    const answer = {
      configurationKey: [{ key: 'Vendor.Odd', readonly: false, value: 'x' }],
      unknownKey: ['Y'],
    };
    station.on('GetConfiguration', () => answer);
    expect(await call(server, 'GetConfiguration', { key: ['Vendor.Odd', 'Y'] })).toEqual(answer);
    expect(await station.received('GetConfiguration')).toEqual({ key: ['Vendor.Odd', 'Y'] });
  });

  it('does not show passwords that a station tells', async () => {
    const { server, station } = await online();
    const entry = (key: string, value: string) => ({ key, readonly: false, value });
    const told = [entry('AuthorizationKey', 'hunter2'), entry('HeartbeatInterval', '60')];
    station.on('GetConfiguration', () => ({ configurationKey: told }));
    const shown = [entry('AuthorizationKey', '***'), entry('HeartbeatInterval', '60')];
    expect(await call(server, 'GetConfiguration')).toEqual({ configurationKey: shown });
  });

  it.each(['HeartbeatInterval', 'Acme.Colour/of the lamp', 'Ägg'])(
    'may set the key %s: vendors add keys of their own',
    async (key) => {
      const { server, station } = await online();
      station.on('ChangeConfiguration', () => ({ status: 'RebootRequired' }));
      const answer = await call(server, 'ChangeConfiguration', { key, value: '1' });
      expect(answer).toEqual({ status: 'RebootRequired' });
      expect(await station.received('ChangeConfiguration')).toEqual({ key, value: '1' });
    },
  );

  it.each([
    ['Reset', { type: 'Soft' }, 'Rejected'],
    ['ChangeConfiguration', { key: 'a', value: 'b' }, 'NotSupported'],
    ['UnlockConnector', { connectorId: 1 }, 'UnlockFailed'],
    ['SendLocalList', { listVersion: 1, updateType: 'Full' }, 'VersionMismatch'],
    [
      'ReserveNow',
      { connectorId: 1, expiryDate: '2026-05-05T00:00:00Z', idTag: 'A', reservationId: 1 },
      'Occupied',
    ],
    [
      'ReserveNow',
      { connectorId: 1, expiryDate: '2026-05-05T00:00:00Z', idTag: 'A', reservationId: 1 },
      'Faulted',
    ],
    ['DataTransfer', { vendorId: 'x' }, 'UnknownVendorId'],
    ['TriggerMessage', { requestedMessage: 'Heartbeat' }, 'NotImplemented'],
    ['ClearChargingProfile', {}, 'Unknown'],
    ['Reset', { type: 'Soft' }, 'NoIdea'],
  ])('%s is refused by %j %s', async (action, payload, status) => {
    const { server, station } = await online();
    station.on(action, () => ({ status }));
    const error = await failure(call(server, action, payload), 'REFUSED');
    expect(error.message).toBe(`CP1 answered ${action} with ${status}.`);
    expect(error.exitCode).toBe(10);
  });

  it('is refused by an error of the station, with its code', async () => {
    const { server, station } = await online();
    station.on('ClearCache', () => ({ error: 'InternalError' }));
    const error = await failure(call(server, 'ClearCache'), 'REFUSED');
    expect(error.message).toContain('InternalError');
  });

  it.each([
    ['UnlockConnector', { connectorId: 1 }, 'Unlocked'],
    ['ChangeAvailability', { connectorId: 0, type: 'Inoperative' }, 'Scheduled'],
    ['GetInstalledCertificateIds', { certificateType: 'ManufacturerRootCertificate' }, 'NotFound'],
  ])('%s is not refused by %j %s', async (action, payload, status) => {
    const { server, station } = await online();
    station.on(action, () => ({ status }));
    expect(await call(server, action, payload)).toEqual({ status });
  });

  it.each([
    ['rest', {}, /no action "rest"/, 'Did you mean Reset?'],
    ['GetConfigration', {}, /no action/, 'Did you mean GetConfiguration?'],
    ['BootNotification', {}, /sent by stations/, /TriggerMessage/],
    ['__proto__', {}, /no action/, /The actions are/],
    ['Reset', {}, 'Reset: /type in the payload is missing.', undefined],
    ['Reset', { type: 'soft' }, /\/type in the payload/, undefined],
    ['Reset', { type: 'Soft', now: true }, /\/now in the payload/, undefined],
    ['UnlockConnector', { connectorId: '1' }, /\/connectorId in the payload/, undefined],
  ])('%s %j is not sent', async (action, payload, message, suggestion) => {
    const { server, station } = await online();
    const error = await failure(call(server, action, payload), 'USAGE');
    expect(error.message).toMatch(message);
    if (suggestion) expect(error.suggestions[0]).toMatch(suggestion);
    expect(station.calls).toEqual([]);
  });

  it('says when the station is offline, silent or not there', async () => {
    const { server, station } = await online();
    station.on('ClearCache', () => 'silence');
    const silent = failure(call(server, 'ClearCache'), 'TIMED_OUT');
    await station.received('ClearCache');
    server.clock.advance(30_000);
    expect((await silent).exitCode).toBe(8);
    await station.leave();
    await until(async () => !(await server.fleet.run('station.show', { id: 'CP1' })).online);
    expect((await failure(call(server, 'ClearCache'), 'STATION_OFFLINE')).exitCode).toBe(7);
    await failure(call(server, 'ClearCache', {}, 'CP2'), 'NOT_FOUND');
  });

  it.each([
    ['pending', 'GetConfiguration', {}, undefined],
    ['pending', 'RemoteStartTransaction', { idTag: 'A' }, 'CONFLICT'],
    ['rejected', 'GetConfiguration', {}, 'CONFLICT'],
  ] as const)('of a %s station: %s %j', async (registration, action, payload, code) => {
    const server = await TestServer.start();
    await server.add('CP1', { registration });
    const station = await server.connect('CP1');
    station.on(action, () => ({}));
    await until(async () => (await server.fleet.run('station.show', { id: 'CP1' })).online);
    const calling = call(server, action, payload);
    if (code) await failure(calling, code);
    else expect(await calling).toEqual({});
  });
});

describe('remote call', () => {
  it('prints the status in words, and what else there is as JSON', async () => {
    const { server, station } = await online();
    station.on('ClearCache', () => ({ status: 'Accepted' }));
    expect((await command(server, 'ClearCache')).stdout).toBe('CP1 answered ClearCache: Accepted.\n');
    station.on('GetConfiguration', () => ({ unknownKey: ['a\u001b[2J\u202e'] }));
    const { stdout } = await command(server, 'GetConfiguration');
    expect(stdout).toMatch(/^CP1 answered GetConfiguration\.\n\{\n {2}"unknownKey": \[\n/);
    for (const steering of ['\u001b', '\u202e']) expect(stdout).not.toContain(steering);
    expect((await command(server, 'ClearCache', '--json')).json).toEqual({ status: 'Accepted' });
  });

  it('takes the payload from the line, a file and standard input', async () => {
    const { server, station } = await online();
    station.on('ChangeConfiguration', () => ({ status: 'Accepted' }));
    const key = (value: string) => JSON.stringify({ key: 'WifiPassword', value });
    const file = join(await temporaryDirectory(), 'key.json');
    await writeFile(file, key('00'));
    await command(server, 'ChangeConfiguration', '--payload', key('11'));
    await command(server, 'ChangeConfiguration', '--payload', `@${file}`);
    const stdin = vi.spyOn(process, 'stdin', 'get');
    stdin.mockReturnValue(Readable.from([key('22')]) as typeof process.stdin);
    const { stdout, stderr } = await command(server, 'ChangeConfiguration', '--payload', '-');
    stdin.mockRestore();
    expect(station.calls.map(({ payload }) => payload.value)).toEqual(['11', '00', '22']);
    expect(stdout + stderr).not.toContain('22');
    expect(JSON.stringify(server.log.lines)).not.toContain('"22"');
  });

  it('sets no key with which a station logs in: the server would not know it', async () => {
    const { server, station } = await online();
    const payload = JSON.stringify({ key: 'authorizationkey', value: 'k'.repeat(20) });
    const { exitCode, stderr } = await command(server, 'ChangeConfiguration', '--payload', payload);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('evfleet station rotate-key STATION');
    const input = { action: 'ChangeConfiguration', payload: JSON.parse(payload), timeoutMs: 30_000 };
    const targets = { stationIds: ['CP1'] };
    const outcomes = server.fleet.stream('remote.broadcast', { targets, ...input });
    const first = outcomes[Symbol.asyncIterator]().next();
    await expect(first).rejects.toThrow('AuthorizationKey is not set like this');
    expect(station.calls).toEqual([]);
  });

  it.each([
    ['{', '--payload takes JSON, and this is none.'],
    ['[]', '--payload takes a JSON object'],
    ['null', '--payload takes a JSON object'],
    ['@/nowhere/at/all', '--payload cannot read /nowhere/at/all: it does not exist.'],
  ])('says what is wrong with %s', async (payload, message) => {
    const { server, station } = await online();
    const { exitCode, stderr } = await command(server, 'ClearCache', '--payload', payload);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(message);
    expect(station.calls).toEqual([]);
  });

  it('ends with 10 when the station refuses', async () => {
    const { server, station } = await online();
    station.on('ClearCache', () => ({ status: 'Rejected' }));
    const { exitCode, json } = await command(server, 'ClearCache', '--json');
    expect(exitCode).toBe(10);
    expect(json).toMatchObject({
      error: { code: 'REFUSED', message: 'CP1 answered ClearCache with Rejected.' },
    });
  });
});

it('a command that a person gave up is in the record, because the station may still act on it', async () => {
  const { server, station } = await online();
  const other = await server.connected('CP2');
  station.on('ClearCache', () => 'silence');
  other.on('ClearCache', () => ({ status: 'Accepted' }));
  const targets = { stationIds: ['CP1', 'CP2'] };
  for await (const { stationId } of server.fleet.stream('remote.clear-cache', {
    targets,
    timeoutMs: 30_000,
  })) {
    expect(stationId).toBe('CP2');
    await station.received('ClearCache');
    break;
  }
  const { items } = await server.fleet.run('event.list', { stationId: 'CP1', kind: 'remote' });
  expect(items.map(({ description }) => description)).toEqual([
    `ClearCache had no answer: ClearCache was interrupted before an answer came, asked by ${systemUser()}`,
  ]);
});

it('a log that a station breaks off for a new one is one that it sends', async () => {
  const { server, station } = await online();
  const answer = { status: 'AcceptedCanceled', filename: 'a.log' };
  station.on('GetLog', () => answer);
  const log = { remoteLocation: 'http://host/slot/' };
  expect(await call(server, 'GetLog', { logType: 'SecurityLog', requestId: 1, log })).toEqual(answer);
  const { items } = await server.fleet.run('event.list', { stationId: 'CP1', kind: 'remote' });
  expect(items.map(({ kind }) => kind)).toEqual(['remote.accepted']);
});

it('every command and what became of it are in the record, without what it said', async () => {
  const { server, station } = await online();
  station.on('ClearCache', () => ({ status: 'Accepted' }));
  station.on('ChangeConfiguration', () => ({ status: 'Rejected' }));
  station.on('GetLocalListVersion', () => ({ listVersion: 3 }));
  station.on('GetConfiguration', () => ({ error: 'InternalError' }));
  station.on('Reset', () => 'silence').on('UnlockConnector', () => 'silence');
  await call(server, 'ClearCache');
  await failure(call(server, 'ChangeConfiguration', { key: 'K', value: 'secret' }), 'REFUSED');
  await call(server, 'GetLocalListVersion');
  await failure(call(server, 'GetConfiguration'), 'REFUSED');
  const silent = failure(call(server, 'Reset', { type: 'Soft' }), 'TIMED_OUT');
  await station.received('Reset');
  server.clock.advance(30_000);
  await silent;
  const lost = failure(call(server, 'UnlockConnector', { connectorId: 1 }), 'STATION_OFFLINE');
  await station.received('UnlockConnector');
  await station.leave();
  await lost;
  const { items } = await server.fleet.run('event.list', { stationId: 'CP1', kind: 'remote' });
  expect(items.map(({ kind, description }) => `${kind}: ${description}`)).toEqual([
    `remote.accepted: ClearCache answered: Accepted, asked by ${systemUser()}`,
    expect.stringMatching(/^remote\.refused: ChangeConfiguration.* refused: Rejected, asked by /),
    `remote.answered: GetLocalListVersion answered, asked by ${systemUser()}`,
    `remote.refused: GetConfiguration refused: InternalError, asked by ${systemUser()}`,
    `remote.unanswered: Reset had no answer: Reset was not answered within 30s, asked by ${systemUser()}`,
    expect.stringMatching(/^remote\.unanswered: UnlockConnector had no answer: /),
  ]);
  expect(JSON.stringify(items)).not.toContain('secret');
});
