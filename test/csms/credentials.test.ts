import { once } from 'node:events';
import http from 'node:http';
import { describe, expect, it } from 'vitest';
import { ScriptedStation, type StationOptions } from '../helpers/scripted-station.js';
import { basic, hexKey, keyBytes } from '../helpers/station-key.js';
import { TestServer } from '../helpers/test-server.js';

const textKey = 'a:text key, 24 bytes ö';

async function withKey(authKey: string, options: Parameters<typeof TestServer.start>[0] = {}) {
  const server = await TestServer.start(options);
  await server.fleet.run('station.create', { id: 'CP1', authKey });
  return server;
}

const refusal = (server: TestServer, id: string, options: StationOptions = {}) =>
  ScriptedStation.refusal(server.url, id, options);

/** Head of the answer to an upgrade, as it is. */
async function headOf(server: TestServer, id: string, headers: Record<string, string> = {}) {
  const request = http.request(`${server.url.replace('ws:', 'http:')}${id}`, {
    headers: {
      Connection: 'Upgrade',
      Upgrade: 'websocket',
      'Sec-WebSocket-Version': '13',
      'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
      'Sec-WebSocket-Protocol': 'ocpp1.6',
      ...headers,
    },
  });
  request.end();
  const [response] = (await once(request, 'response')) as [http.IncomingMessage];
  response.resume();
  return { status: response.statusCode, headers: response.headers };
}

describe('a station shows its key', () => {
  it.each([
    ['the bytes of a key that was set in hexadecimal', hexKey, keyBytes],
    ['its hexadecimal digits', hexKey, hexKey],
    ['them in the other case', hexKey, hexKey.toUpperCase()],
    ['a text with a colon in it', textKey, textKey],
    ['a text in hexadecimal', 'sixteen letters!', Buffer.from('sixteen letters!').toString('hex')],
    ['sixteen digits that are a text', '0123456789abcdef', '0123456789abcdef'],
    ['an id that has to be encoded', hexKey, keyBytes],
  ])('TC_085_CSMS: %s', async (_, authKey, shown) => {
    const server = await withKey(authKey);
    const station = await server.connect('CP1', basic('CP1', shown));
    expect(await station.boot()).toMatchObject({ status: 'Accepted' });
    const detail = await server.fleet.run('station.show', { id: 'CP1' });
    expect(detail).toMatchObject({ hasAuthKey: true, securityProfile: 1, shownProfile: 1 });
  });

  it('takes the example of the specification', async () => {
    const server = await TestServer.start();
    const authKey = '0001020304050607FFFFFFFFFFFFFFFFFFFFFFFF';
    await server.fleet.run('station.create', { id: 'AL1000', authKey });
    const authorization = 'Basic QUwxMDAwOgABAgMEBQYH////////////////';
    await server.connect('AL1000', { headers: { authorization } });
  });

  it.each([
    ['nothing', {}],
    ['another key', basic('CP1', Buffer.alloc(20, 1))],
    ['an empty key', basic('CP1', '')],
    ['one byte less', basic('CP1', keyBytes.subarray(1))],
    ['one byte more', basic('CP1', Buffer.concat([keyBytes, Buffer.from([0])]))],
    ['its bytes as if they were UTF-8', basic('CP1', keyBytes.toString('latin1'))],
    ['the key for another id', basic('CP2', keyBytes)],
    ['the id in other letters', basic('cp1', keyBytes)],
    ['a key of 10,000 bytes', basic('CP1', 'x'.repeat(10_000))],
    ['no colon', { headers: { authorization: `Basic ${Buffer.from('CP1').toString('base64')}` } }],
    ['no base64', { headers: { authorization: 'Basic CP1:key' } }],
    ['another scheme', { headers: { authorization: `Bearer ${hexKey}` } }],
  ])('TC_085_CSMS: is refused when it shows %s', async (_, shown) => {
    const server = await withKey(hexKey);
    const { status } = await refusal(server, 'CP1', shown);
    expect(status).toBe(401);
    expect(server.log.find(/refused/)).toHaveLength(1);
    expect((await server.fleet.run('station.show', { id: 'CP1' })).online).toBe(false);
  });

  it('is told how to authenticate, and nothing else', async () => {
    const server = await withKey(hexKey);
    const { status, headers } = await headOf(server, 'CP1');
    expect(status).toBe(401);
    expect(headers['www-authenticate']).toBe('Basic realm="OCPP"');
    const { body } = await refusal(server, 'CP1', basic('CP1', 'wrong'));
    expect(body).not.toMatch(/CP1|wrong/);
  });

  it('needs none when none was set, and what it shows then is ignored', async () => {
    const server = await TestServer.start();
    await server.add('CP1');
    await server.connect('CP1', basic('CP1', 'whatever it was given'));
    const detail = await server.fleet.run('station.show', { id: 'CP1' });
    expect(detail).toMatchObject({ hasAuthKey: false, securityProfile: 0, shownProfile: 0 });
  });

  it('shows no key in the log, the events, the audit, or anything it is shown as', async () => {
    const server = await withKey(hexKey);
    await server.connect('CP1', basic('CP1', keyBytes));
    await refusal(server, 'CP1', basic('CP1', 'not-the-key-at-all'));
    server.clock.advance(6000);
    const detail = await server.fleet.run('station.show', { id: 'CP1' });
    const events = await server.fleet.run('event.list', {});
    const audit = await server.fleet.run('audit.list', {});
    const said = JSON.stringify([detail, events, audit, server.log.lines]);
    for (const secret of [hexKey, keyBytes.toString('base64'), 'not-the-key', 'scrypt$']) {
      expect(said).not.toContain(secret);
    }
  });
});

describe('takeover', () => {
  it.each([
    ['without a key', {}],
    ['with a wrong key', basic('CP1', 'a wrong key of 20 bytes')],
  ])('of a connected station %s fails, and leaves its connection alone', async (_, shown) => {
    const server = await withKey(hexKey);
    const station = await server.connect('CP1', basic('CP1', keyBytes));
    await station.boot();
    for (let i = 0; i < 3; i += 1) expect((await refusal(server, 'CP1', shown)).status).toBe(401);
    expect(await station.call('Heartbeat', {})).toHaveProperty('currentTime');
    const { items } = await server.fleet.run('connection.list', { stationId: 'CP1' });
    expect(items).toHaveLength(1);
    const newer = await server.connect('CP1', basic('CP1', hexKey));
    expect(await station.closed).toMatchObject({ code: 1008, reason: 'replaced by a newer connection' });
    expect(await newer.call('Heartbeat', {})).toHaveProperty('currentTime');
  });
});

describe('less than the security profile asks for', () => {
  it.each([
    [2, basic('CP1', keyBytes), /over plain WebSocket, where others can read it; profile 2/],
    [3, basic('CP1', keyBytes), /over plain WebSocket.*profile 3/],
    [3, {}, /no client certificate; profile 3/],
    [1, {}, /it shows no key; profile 1/],
  ])(
    'TC_083_CSMS: of profile %i is refused, whatever it shows over plain WebSocket',
    async (securityProfile, shown, why) => {
      const server = await withKey(hexKey);
      await server.fleet.run('station.update', { id: 'CP1', securityProfile });
      expect((await refusal(server, 'CP1', shown)).status).toBe(401);
      expect(server.log.find(why)).toHaveLength(1);
      server.clock.advance(6000);
      const { items } = await server.fleet.run('event.list', { kind: 'security' });
      expect(items).toMatchObject([{ kind: 'security.credentials-refused', stationId: 'CP1' }]);
      expect(items[0]?.description).toMatch(why);
    },
  );

  it('ends the connection as soon as it is not enough any more', async () => {
    const server = await withKey(hexKey);
    const station = await server.connect('CP1', basic('CP1', keyBytes));
    await server.fleet.run('station.update', { id: 'CP1', securityProfile: 2 });
    expect(await station.closed).toMatchObject({ code: 1008 });
  });

  it('ends the connection of a station whose key was replaced', async () => {
    const server = await withKey(hexKey);
    const station = await server.connect('CP1', basic('CP1', keyBytes));
    await server.fleet.run('station.update', { id: 'CP1', authKey: textKey });
    expect(await station.closed).toMatchObject({ code: 1008 });
    expect((await refusal(server, 'CP1', basic('CP1', keyBytes))).status).toBe(401);
    await server.connect('CP1', basic('CP1', textKey));
  });

  it('leaves a station alone whose name is changed', async () => {
    const server = await withKey(hexKey);
    const station = await server.connect('CP1', basic('CP1', keyBytes));
    await server.fleet.run('station.update', { id: 'CP1', pingIntervalS: 50 });
    expect(await station.call('Heartbeat', {})).toHaveProperty('currentTime');
  });
});

describe('the minimum of the fleet', () => {
  it('counts for stations that ask for less', async () => {
    const server = await TestServer.start({ minSecurityProfile: 1 });
    await server.add('CP1');
    expect((await refusal(server, 'CP1')).status).toBe(401);
    expect(server.log.find(/it has no key yet.*station update CP1 --generate-auth-key/)).toHaveLength(1);
    const { authKey = '' } = await server.fleet.run('station.update', { id: 'CP1', generateAuthKey: true });
    expect(authKey).toMatch(/^[0-9a-f]{40}$/);
    await server.connect('CP1', basic('CP1', authKey));
  });

  it.each(['reject', 'pending', 'accept'] as const)(
    'answers the same to who is unknown and who is wrong (--unknown-stations %s)',
    async (unknownStations) => {
      const server = await withKey(hexKey, { minSecurityProfile: 1, unknownStations });
      const answers = [];
      for (const [id, shown] of [
        ['CP1', {}],
        ['NEW', {}],
        ['CP1', basic('CP1', 'a wrong key of 20 bytes')],
        ['NEW', basic('NEW', 'a wrong key of 20 bytes')],
      ] as const) {
        const { date: _, ...head } = (await headOf(server, id, shown.headers)).headers;
        answers.push({ ...(await refusal(server, id, shown)), head });
      }
      expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
      const { items } = await server.fleet.run('station.list', { state: 'unknown' });
      expect(items.map(({ id }) => id)).toEqual(['NEW']);
    },
  );
});
