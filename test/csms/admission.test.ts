import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { stationIdOf } from '../../src/csms/admission.js';
import { Csms } from '../../src/csms/csms.js';
import { FakeClock } from '../helpers/fake-clock.js';
import { RecordingLog } from '../helpers/recording-log.js';
import { ScriptedStation } from '../helpers/scripted-station.js';
import { TestServer } from '../helpers/test-server.js';

describe('the identity in the URL', () => {
  it.each([
    ['/ocpp/CP1', 'CP1'],
    ['/CP1', 'CP1'],
    ['/ocpp/CP1/', 'CP1'],
    ['//ocpp//CP1//', 'CP1'],
    ['/a/b/c/CP1?token=a/b', 'CP1'],
    ['/ocpp/CP1#x', 'CP1'],
    ['/ocpp/RDAM%20123', 'RDAM 123'],
    ['/ocpp/RDAM 123', 'RDAM 123'],
    ['/ocpp/%C3%B6', 'ö'],
    ['/ocpp/CP%25201', 'CP%201'],
    ['/ocpp/ocpp', 'ocpp'],
    ['ws://host:1/ocpp/CP1', 'CP1'],
  ])('%s is %s', (url, id) => {
    expect(stationIdOf(url)).toBe(id);
  });

  it.each([
    '',
    '/',
    '//',
    '/ocpp',
    '/ocpp/',
    '/?id=CP1',
    '/ocpp/..',
    '/ocpp/%2e%2e',
    '/ocpp/a%2Fb',
    '/ocpp/a%3Ab',
    '/ocpp/%00',
    '/ocpp/%E0%A4',
    '/ocpp/%',
    `/ocpp/${'x'.repeat(49)}`,
  ])('%s names no station', (url) => {
    expect(stationIdOf(url)).toBeUndefined();
  });
});

describe('subprotocols', () => {
  it('answers a mixed offer with ocpp1.6', async () => {
    const server = await TestServer.start();
    await server.add('CP1');
    const station = await server.connect('CP1', { protocols: ['ocpp0.1', 'ocpp1.6'] });
    expect(station.socket.protocol).toBe('ocpp1.6');
  });

  it.each([
    ['only others', ['ocpp2.0.1', 'ocpp1.5'], 'no common subprotocol (only ocpp2.0.1, ocpp1.5)'],
    [
      'none',
      [],
      'no subprotocol; if it speaks OCPP 1.6, allow it with: evfleet station update CP1 --assumed-protocol ocpp1.6',
    ],
  ])('refuses a station that offers %s, and says so in the log', async (_, protocols, why) => {
    const server = await TestServer.start();
    await server.add('CP1');
    const { status, body } = await ScriptedStation.refusal(server.url, 'CP1', { protocols });
    expect(status).toBe(400);
    expect(body).toContain('spoken here ocpp1.6');
    expect(server.log.find(/refused/)).toMatchObject([
      { level: 'warn', station: 'CP1', message: `refused: it offers ${why}` },
    ]);
    server.clock.advance(6000);
    const { items } = await server.fleet.run('event.list', { kind: 'station' });
    expect(items).toMatchObject([{ kind: 'station.refused', stationId: 'CP1' }]);
    expect(items[0]?.description).toContain(`was not let in: it offers ${why}`);
  });
});

describe('a station that tries in vain', () => {
  it('says so wherever one looks, until it is let in', async () => {
    const server = await TestServer.start();
    await server.add('CP1');
    await server.add('CP2');
    const seen = async () => {
      const { refused } = await server.fleet.run('station.show', { id: 'CP1' });
      const { stations } = await server.fleet.run('fleet.status', { from: server.clock.now() - 3_600_000 });
      expect(stations.map((station) => station.refused)).toEqual([refused, null]);
      return refused;
    };
    expect(await seen()).toBeNull();
    await ScriptedStation.refusal(server.url, 'CP1', { protocols: ['ocpp2.0.1'] });
    const reason = 'it offers no common subprotocol (only ocpp2.0.1); ocpp1.6 is spoken here';
    await expect.poll(seen).toEqual({ time: new Date(server.clock.now()).toISOString(), reason });
    const station = await server.connect('CP1');
    expect(await seen()).toBeNull();
    station.socket.close();
    await station.closed;
    await expect.poll(async () => (await server.fleet.run('station.show', { id: 'CP1' })).online).toBe(false);
    expect(await seen()).toBeNull();
  });

  it('is not said of one that was connected when somebody else tried', async () => {
    const server = await TestServer.start();
    await server.add('CP1');
    const station = await server.connect('CP1');
    await ScriptedStation.refusal(server.url, 'CP1', { protocols: [] });
    server.clock.advance(1000);
    station.socket.close();
    await station.closed;
    await expect.poll(async () => (await server.fleet.run('station.show', { id: 'CP1' })).online).toBe(false);
    expect(await server.fleet.run('station.show', { id: 'CP1' })).toMatchObject({ refused: null });
  });
});

it('connects a station over an odd URL', async () => {
  const server = await TestServer.start();
  await server.add('RDAM 123');
  const station = await server.connect('', { path: '//x/ocpp//RDAM%20123/?a=/b' });
  expect(await station.boot()).toMatchObject({ status: 'Accepted' });
});

it('tells a station without a name what to do', async () => {
  const server = await TestServer.start();
  const { status, body } = await ScriptedStation.refusal(server.url, '', { path: '/ocpp' });
  expect(status).toBe(400);
  expect(body).toContain('connect to /ocpp/<station id>');
});

it('tells a browser that stations connect here', async () => {
  const server = await TestServer.start();
  const response = await fetch(server.url.replace('ws:', 'http:'));
  expect(response.status).toBe(426);
  expect(await response.text()).toContain('OCPP stations connect here');
});

describe('unknown stations', () => {
  it('get 404 and are listed once each', async () => {
    const server = await TestServer.start();
    for (const id of ['NEW1', 'NEW1', 'NEW2']) {
      expect((await ScriptedStation.refusal(server.url, id)).status).toBe(404);
      server.clock.advance(6000);
    }
    const list = async () => (await server.fleet.run('station.list', { state: 'unknown' })).items;
    expect((await list()).map(({ id }) => id)).toEqual(['NEW2', 'NEW1']);
    expect((await server.fleet.run('fleet.status', {})).counts.unknownStations).toBe(2);
    await server.add('NEW1');
    expect((await list()).map(({ id }) => id)).toEqual(['NEW2']);
    expect(await (await server.connect('NEW1')).boot()).toMatchObject({ status: 'Accepted' });
  });

  it('cannot fill the store, neither by knocking often nor under ever new names', async () => {
    const server = await TestServer.start();
    const knock = (id: string) => ScriptedStation.refusal(server.url, id);
    for (let i = 0; i < 5; i += 1) await knock('SAME');
    for (let i = 0; i < 250; i += 50) {
      await Promise.all(Array.from({ length: 50 }, (_, n) => knock(`N${i + n}`)));
    }
    expect((await server.fleet.run('station.list', { state: 'unknown' })).total).toBe(200);
    expect(server.log.find(/SAME/)).toHaveLength(1);
    server.clock.advance(6000);
    await knock('LATER');
    expect((await server.fleet.run('station.list', { state: 'unknown' })).total).toBe(201);
  });

  it('are taken in when that is wanted', async () => {
    const server = await TestServer.start({ unknownStations: 'accept' });
    const station = await server.connect('NEW1');
    expect(await station.boot()).toMatchObject({ status: 'Accepted' });
    await station.call('StatusNotification', { connectorId: 2, errorCode: 'NoError', status: 'Available' });
    const shown = await server.fleet.run('station.show', { id: 'NEW1' });
    expect(shown).toMatchObject({ online: true, registration: 'accepted', vendor: 'Acme' });
    expect(shown.connectors.map(({ connector }) => connector)).toEqual([2]);
    const again = await Promise.all(['TWIN', 'TWIN'].map((id) => server.connect(id)));
    expect(again).toHaveLength(2);
    expect((await server.fleet.run('station.list', {})).items.map(({ id }) => id)).toEqual(['NEW1', 'TWIN']);
  });

  it('wait for somebody to accept them when that is wanted', async () => {
    const server = await TestServer.start({ unknownStations: 'pending' });
    const station = await server.connect('NEW1');
    expect(await station.boot()).toMatchObject({ status: 'Pending' });
    await server.fleet.run('station.update', { id: 'NEW1', registration: 'accepted' });
    expect(await station.boot()).toMatchObject({ status: 'Accepted' });
  });
});

it('does not leave a station hanging when it cannot be looked up', async () => {
  const log = new RecordingLog();
  const csms = new Csms({
    store: {
      read: () => Promise.reject(new Error('the disk is gone')),
      write: () => Promise.reject(new Error('the disk is gone')),
      addSamples: () => Promise.reject(new Error('the disk is gone')),
    },
    clock: new FakeClock(),
    newId: () => 'id',
    log,
    unknownStations: 'reject',
  });
  const server = http.createServer().on('upgrade', (...upgrade) => csms.upgrade(...upgrade));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  expect((await ScriptedStation.refusal(`ws://127.0.0.1:${port}/ocpp/`, 'CP1')).status).toBe(503);
  expect(log.find(/the disk is gone/)).toHaveLength(1);
});
