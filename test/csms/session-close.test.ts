import { describe, expect, it } from 'vitest';
import SessionClose from '../../commands/session/close.js';
import { failure } from '../helpers/failure.js';
import { runCommand } from '../helpers/run-command.js';
import { TestServer } from '../helpers/test-server.js';
import { accept, begin, end } from './remote-fixture.js';

/** A session of CP1 that began at 10:00 with 1 kWh on the register; an hour has passed. */
async function zombie() {
  const server = await TestServer.start({ pingIntervalMs: 7_200_000 });
  const station = await server.connected('CP1');
  const id = await begin(server, station);
  server.clock.advance(3600_000);
  return { server, station, id, close: (change: object = {}) => close(server, id, change) };
}

function close(server: TestServer, id: number, change: object = {}) {
  return server.fleet.run('session.close', { id: String(id), ...change });
}

const at = (time: string) => `2026-05-04T${time}:00.000Z`;

function meter(station: Awaited<ReturnType<typeof zombie>>['station'], transactionId: number) {
  const sampledValue = [{ value: '4.5', unit: 'kWh' }];
  const meterValue = [{ timestamp: at('10:20'), sampledValue }];
  return station.call('MeterValues', { connectorId: 1, transactionId, meterValue });
}

describe('a zombie that is closed', () => {
  it('ended when it was last metered, with what was metered', async () => {
    const { station, id, close } = await zombie();
    await meter(station, id);
    expect((await close()).session).toMatchObject({
      ...{ state: 'ended', stopReason: 'Closed', stopTime: at('10:20'), duration: 1200 },
      ...{ energyKwh: 3.5, meterStopKwh: 4.5 },
    });
    expect(station.calls).toEqual([]);
  });

  it('ended now and with nothing, when nothing was ever metered', async () => {
    const { close } = await zombie();
    expect((await close()).session).toMatchObject({ stopTime: at('11:00'), energyKwh: 0 });
  });

  it('ended as a person knows it', async () => {
    const { server, id, close } = await zombie();
    const known = { stoppedAt: Date.parse(at('10:30')), meterStopKwh: 7.25, reason: 'cable stolen' };
    await close(known);
    expect(await server.session(id)).toMatchObject({
      ...{ stopTime: at('10:30'), energyKwh: 6.25, stopReason: 'Closed: cable stolen', suspicion: null },
    });
  });

  it('may be one that a newer session had made suspect', async () => {
    const { server, station, id, close } = await zombie();
    const newer = await begin(server, station, { meterStart: 5000 });
    expect((await server.session(id)).state).toBe('suspect');
    expect((await close()).session.state).toBe('ended');
    expect((await server.session(newer)).state).toBe('active');
  });

  it.each([
    ['before it began', { stoppedAt: Date.parse(at('09:59')) }],
    ['in the future', { stoppedAt: Date.parse(at('11:01')) }],
    ['at a register below that of its start', { meterStopKwh: 0.999 }],
    ['with more than a car can take', { meterStopKwh: 2002 }],
  ])('cannot have ended %s', async (_, change) => {
    const { server, id, close } = await zombie();
    await failure(close(change), 'USAGE');
    expect((await server.session(id)).state).toBe('active');
  });

  it('cannot have ended already', async () => {
    const { server, station, id, close } = await zombie();
    await end(server, station, id);
    await failure(close(), 'CONFLICT');
    await station.call('StopTransaction', { transactionId: 77, meterStop: 1, timestamp: at('10:00') });
    await failure(server.fleet.run('session.close', { id: '2' }), 'CONFLICT');
    await failure(server.fleet.run('session.close', { id: '3' }), 'NOT_FOUND');
  });

  it('is corrected when the station reports its stop after all', async () => {
    const { server, station, id, close } = await zombie();
    await close({ meterStopKwh: 9 });
    await station.call('StopTransaction', { transactionId: id, meterStop: 4000, timestamp: at('10:40') });
    expect(await server.session(id)).toMatchObject({
      ...{ state: 'ended', stopReason: 'Local', stopTime: at('10:40'), energyKwh: 3 },
    });
    expect(await server.sessions()).toHaveLength(1);
    await station.call('StopTransaction', { transactionId: id, meterStop: 9000, timestamp: at('10:41') });
    expect(await server.session(id)).toMatchObject({ state: 'suspect', energyKwh: 3 });
  });

  it('can still be stopped at the station', async () => {
    const { server, station, id, close } = await zombie();
    station.on('RemoteStopTransaction', accept);
    await close();
    const stop = server.fleet.run('remote.stop', { target: String(id), timeoutMs: 30_000, waitMs: 60_000 });
    expect(await station.received('RemoteStopTransaction')).toEqual({ transactionId: id });
    await end(server, station, id);
    expect(await stop).toMatchObject({ session: { stopReason: 'Remote', energyKwh: 1 } });
  });
});

describe('session close', () => {
  async function run(argv: readonly string[], work: (server: TestServer, id: number) => Promise<void>) {
    const { server, id } = await zombie();
    await work(server, id);
    return runCommand(SessionClose, [String(id), ...argv], {
      env: { EVFLEET_DATA_DIR: server.dataDir },
      id: 'session:close',
    });
  }

  it('says that it is no remote stop, and what is one', async () => {
    const { exitCode, stdout, stderr } = await run(['--yes'], async () => undefined);
    expect([exitCode, stdout]).toEqual([0, '']);
    expect(stderr).toContain('Closed session 1 of CP1 in the records');
    expect(stderr).toContain('was told nothing. To stop it there: evfleet remote stop 1');
  });

  it('prints the session as everywhere else with --json', async () => {
    const { json } = await run(['--yes', '--json', '--reason', 'gone'], async () => undefined);
    expect(json).toMatchObject({ transactionId: 1, stopReason: 'Closed: gone', state: 'ended' });
    expect(Object.keys(json as object)).toHaveLength(21);
  });

  it('asks nobody who is not there, and changes nothing then', async () => {
    const { exitCode, stderr } = await run([], async () => undefined);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('--yes');
  });

  it('ends with 6 for a session that has ended', async () => {
    const { exitCode, stderr } = await run(['--yes'], async (server, id) => {
      await close(server, id);
    });
    expect(exitCode).toBe(6);
    expect(stderr).toContain('has ended already');
  });

  it('says that there is no such session, or that it has ended, before it asks', async () => {
    const { server, id } = await zombie();
    const options = { env: { EVFLEET_DATA_DIR: server.dataDir }, id: 'session:close' };
    const unknown = await runCommand(SessionClose, ['4711'], options);
    expect(unknown).toMatchObject({ exitCode: 5, stderr: expect.stringContaining('4711') });
    await close(server, id);
    expect(await runCommand(SessionClose, [String(id)], options)).toMatchObject({ exitCode: 6 });
  });
});
