import { describe, expect, it } from 'vitest';
import { failure } from '../helpers/failure.js';
import { ScriptedStation } from '../helpers/scripted-station.js';
import { TestServer } from '../helpers/test-server.js';
import { until } from '../helpers/until.js';

const accept = (
  server: TestServer,
  input: { id: string; site?: string; connectors?: number; name?: string },
) => server.fleet.run('station.accept', input);

describe('station accept', () => {
  it('takes in a station that knocked, at its site', async () => {
    const server = await TestServer.start();
    await server.fleet.run('site.create', { name: 'Solna' });
    await ScriptedStation.refusal(server.url, 'CP1');
    const { outcome, knocked, item } = await accept(server, {
      id: 'CP1',
      site: 'Solna',
      connectors: 2,
      name: 'North wall',
    });
    expect([outcome, knocked]).toEqual(['created', true]);
    expect(item).toMatchObject({ site: 'Solna', name: 'North wall', registration: 'accepted' });
    expect(item.connectors).toHaveLength(2);
    expect((await server.fleet.run('station.list', { state: 'unknown' })).total).toBe(0);
    expect(await (await server.connect('CP1')).boot()).toMatchObject({ status: 'Accepted' });
  });

  it('also takes in one that has not knocked yet, and says so', async () => {
    const server = await TestServer.start();
    expect(await accept(server, { id: 'CP1' })).toMatchObject({ outcome: 'created', knocked: false });
    expect(await accept(server, { id: 'CP1' })).toMatchObject({ outcome: 'unchanged' });
    await failure(accept(server, { id: 'a/b' }), 'USAGE');
    await failure(accept(server, { id: 'CP2', site: 'Nowhere' }), 'NOT_FOUND');
  });

  it('a station that waits is accepted without a reconnect, and asked to boot again', async () => {
    const server = await TestServer.start({ unknownStations: 'pending' });
    const station = await server.connect('CP1');
    station.on('TriggerMessage', () => ({ status: 'Accepted' }));
    expect(await station.boot()).toMatchObject({ status: 'Pending' });
    const refused = await station.ask('Authorize', { idTag: 'X' });
    expect(refused.error?.code).toBe('SecurityError');
    expect(await accept(server, { id: 'CP1' })).toMatchObject({ outcome: 'accepted' });
    expect(await station.received('TriggerMessage')).toEqual({ requestedMessage: 'BootNotification' });
    expect(await station.call('Authorize', { idTag: 'X' })).toMatchObject({
      idTagInfo: { status: 'Invalid' },
    });
    expect(await station.boot()).toMatchObject({ status: 'Accepted' });
  });

  it('a station that cannot be asked to boot is accepted all the same', async () => {
    const server = await TestServer.start({ unknownStations: 'pending' });
    const station = await server.connect('CP1');
    await station.boot();
    await accept(server, { id: 'CP1' });
    await station.received('TriggerMessage');
    await until(() => server.log.find(/boots when it asks again/).length === 1);
    expect(await station.boot()).toMatchObject({ status: 'Accepted' });
  });

  it('a rejected station is accepted, but not talked to before it boots', async () => {
    const server = await TestServer.start();
    await server.add('CP1', { registration: 'rejected' });
    const station = await server.connect('CP1');
    expect(await station.boot()).toMatchObject({ status: 'Rejected' });
    expect(await accept(server, { id: 'CP1' })).toMatchObject({ outcome: 'accepted' });
    expect(await station.boot()).toMatchObject({ status: 'Accepted' });
    expect(station.calls).toEqual([]);
  });
});

describe('strangers', () => {
  it('are listed with where they came from and how often', async () => {
    const server = await TestServer.start();
    for (let i = 0; i < 3; i += 1) {
      await ScriptedStation.refusal(server.url, 'NEW1');
      server.clock.advance(6000);
    }
    const { items } = await server.fleet.run('station.list', { state: 'unknown', sort: '-attempts' });
    expect(items).toEqual([
      expect.objectContaining({
        id: 'NEW1',
        uuid: null,
        registration: 'unknown',
        online: false,
        protocol: 'ocpp1.6',
        address: '127.0.0.1',
        attempts: 3,
        firstSeen: '2026-05-04T10:00:00.000Z',
        lastSeen: '2026-05-04T10:00:12.000Z',
      }),
    ]);
    const [known] = (await server.fleet.run('station.list', { state: 'accepted' })).items;
    expect(known ?? {}).not.toHaveProperty('attempts');
    await failure(server.fleet.run('station.list', { sort: 'attempts' }), 'USAGE');
  });

  it.each([
    ['cp001', 'CP001'],
    ['CP0O1', 'CP001'],
    ['CP01', 'CP001'],
    ['CP0001', 'CP001'],
  ])(
    '%s: the log asks whether %s is meant; the stranger learns of nobody who is known',
    async (stranger, known) => {
      const server = await TestServer.start();
      await server.add(known);
      const { status, body } = await ScriptedStation.refusal(server.url, stranger);
      expect(status).toBe(404);
      expect(body).toBe(`${stranger} is not known here\n`);
      expect(server.log.find(/is it CP001\?/)).toMatchObject([{ level: 'warn', station: stranger }]);
    },
  );

  it('with a name of their own are told that nobody knows them', async () => {
    const server = await TestServer.start();
    await server.add('CP001');
    expect((await ScriptedStation.refusal(server.url, 'GARAGE')).body).toBe('GARAGE is not known here\n');
    expect(server.log.find(/evfleet station accept GARAGE/)).toHaveLength(1);
  });
});

describe('strangers who are taken in by themselves', () => {
  const knock = async (server: TestServer, id: string) => {
    const { status } = await ScriptedStation.refusal(server.url, id);
    return status;
  };
  const idsOf = async (server: TestServer, state: 'accepted' | 'pending' | 'unknown') =>
    (await server.fleet.run('station.list', { state })).items.map(({ id }) => id);

  it('cannot fill the list of those who wait: the next one is rejected and listed as a stranger', async () => {
    const server = await TestServer.start({ unknownStations: 'pending', maxPending: 2 });
    await server.connect('NEW1');
    await server.connect('NEW2');
    expect(await knock(server, 'NEW3')).toBe(404);
    expect(await idsOf(server, 'pending')).toEqual(['NEW1', 'NEW2']);
    expect(await idsOf(server, 'unknown')).toEqual(['NEW3']);
    expect(server.log.find(/too many strangers .* evfleet station accept NEW3/)).toHaveLength(1);
    await server.fleet.run('station.accept', { id: 'NEW1' });
    server.clock.advance(6000);
    await server.connect('NEW3');
    expect(await idsOf(server, 'pending')).toEqual(['NEW2', 'NEW3']);
  });

  it('cannot fill the topology', async () => {
    const server = await TestServer.start({ unknownStations: 'accept', maxEnrolled: 3 });
    await server.add('CP1');
    await server.connect('NEW1');
    await server.connect('NEW2');
    expect(await knock(server, 'NEW3')).toBe(404);
    expect(await idsOf(server, 'accepted')).toEqual(['CP1', 'NEW1', 'NEW2']);
    // Those who are known come and go as before.
    await server.connect('NEW2');
    await server.connect('CP1');
  });
});

describe('a station that offers no subprotocol', () => {
  const silent = { protocols: [] };

  it('is let in when it is known what it speaks; the answer promises nothing it did not offer', async () => {
    const server = await TestServer.start();
    await server.add('CP1');
    await server.fleet.run('station.update', { id: 'CP1', assumedProtocol: 'ocpp1.6' });
    const station = await server.connect('CP1', silent);
    expect(station.socket.protocol).toBe('');
    expect(await station.boot()).toMatchObject({ status: 'Accepted' });
    server.clock.advance(5000);
    await until(async () => (await server.fleet.run('station.breaches', { id: 'CP1' })).total === 1);
    const { items } = await server.fleet.run('station.breaches', { id: 'CP1' });
    expect(items).toMatchObject([{ action: null, rule: 'subprotocol', count: 1 }]);
    expect(await server.fleet.run('station.show', { id: 'CP1' })).toMatchObject({
      protocol: 'ocpp1.6',
      assumedProtocol: 'ocpp1.6',
    });
  });

  it('is refused again when that is taken back', async () => {
    const server = await TestServer.start();
    await server.add('CP1');
    await server.fleet.run('station.update', { id: 'CP1', assumedProtocol: 'ocpp1.6' });
    await server.fleet.run('station.update', { id: 'CP1', assumedProtocol: null });
    expect((await ScriptedStation.refusal(server.url, 'CP1', silent)).status).toBe(400);
  });

  it('and is a stranger is not taken in by itself', async () => {
    const server = await TestServer.start({ unknownStations: 'accept' });
    expect((await ScriptedStation.refusal(server.url, 'CP1', silent)).status).toBe(400);
    expect(server.log.find(/station create CP1 --assumed-protocol ocpp1.6/)).toHaveLength(1);
    expect((await server.fleet.run('station.list', {})).total).toBe(0);
  });

  it('but another one is refused, whatever is assumed', async () => {
    const server = await TestServer.start();
    await server.add('CP1');
    await server.fleet.run('station.update', { id: 'CP1', assumedProtocol: 'ocpp1.6' });
    const { status } = await ScriptedStation.refusal(server.url, 'CP1', { protocols: ['ocpp2.0.1'] });
    expect(status).toBe(400);
  });
});
