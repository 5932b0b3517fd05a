import { describe, expect, it } from 'vitest';
import { TestServer } from '../helpers/test-server.js';
import { begin, end } from './remote-fixture.js';

async function booted(serial: string, server?: TestServer) {
  const running = server ?? (await TestServer.start());
  const station = server ? await running.connect('CP1') : await running.connected('CP1');
  await station.boot({ chargePointSerialNumber: serial });
  return { server: running, station };
}

describe('a station that is replaced by another one under its id', () => {
  it('leaves the open session suspect, in words', async () => {
    const { server, station } = await booted('A1');
    const id = await begin(server, station);
    await station.leave();
    await booted('B2', server);
    expect(await server.session(id)).toMatchObject({
      ...{ state: 'suspect', stopTime: null },
      suspicion:
        'the station was replaced by another one (serial number A1, then B2) while this session was open',
    });
  });

  it('does not end it by a stop that names no session', async () => {
    const { server, station } = await booted('A1');
    const id = await begin(server, station);
    const other = await booted('B2', server);
    await end(server, other.station, -1);
    expect(await server.session(id)).toMatchObject({ state: 'suspect', stopTime: null });
    expect((await server.fleet.run('session.list', { state: 'suspect' })).total).toBe(2);
  });

  it('ends it all the same when the old one comes back with its stop', async () => {
    const { server, station } = await booted('A1');
    const id = await begin(server, station);
    await booted('B2', server);
    const { station: back } = await booted('A1', server);
    await end(server, back, id);
    expect(await server.session(id)).toMatchObject({ state: 'ended', suspicion: null, energyKwh: 1 });
  });

  it('is no other one when it boots again, or does not tell its serial number', async () => {
    const { server, station } = await booted('A1');
    const id = await begin(server, station);
    await station.boot({ chargePointSerialNumber: 'A1' });
    await station.boot();
    expect(await server.session(id)).toMatchObject({ state: 'active', suspicion: null });
  });
});

describe('a server that is killed in the middle of a session', () => {
  it('knows it again, and the stop comes on a new connection', async () => {
    const server = await TestServer.start();
    const station = await server.connected('CP1');
    const id = await begin(server, station);
    const meterValue = [{ timestamp: server.clock.iso(), sampledValue: [{ value: '1500' }] }];
    await station.call('MeterValues', { connectorId: 1, transactionId: id, meterValue });
    const copy = await server.copyAsKilled();
    await server.stop();
    await server.resume(copy);
    expect(await server.session(id)).toMatchObject({ state: 'active', energyKwh: 0.5 });
    const back = await server.connect('CP1');
    await back.call('MeterValues', { connectorId: 1, transactionId: id, meterValue });
    await end(server, back, id);
    expect(await server.session(id)).toMatchObject({ state: 'ended', energyKwh: 1 });
    expect(await server.sessions()).toHaveLength(1);
    expect(await begin(server, back, { meterStart: 2000 })).toBe(id + 1);
  });
});
