import { describe, expect, it } from 'vitest';
import type { BulkOutcome } from '../../../src/operations/bulk.js';
import { ScriptedStation } from '../../helpers/scripted-station.js';
import { basic, hexKey, keyBytes } from '../../helpers/station-key.js';
import { TestServer } from '../../helpers/test-server.js';

interface Options {
  readonly reconnect?: boolean;
  readonly waitMs?: number;
  readonly timeoutMs?: number;
}

async function rotate(server: TestServer, id: string, options: Options = {}): Promise<BulkOutcome> {
  const outcomes = server.fleet.stream('station.rotate-key', {
    targets: { stationIds: [id] },
    timeoutMs: 30_000,
    ...options,
  });
  for await (const outcome of outcomes) return outcome;
  throw new Error('nothing was said');
}

/** A connected station with a key, which answers a new one like this. */
async function withKey(status: string) {
  const server = await TestServer.start();
  await server.fleet.run('station.create', { id: 'CP1', authKey: hexKey });
  const station = await server.connect('CP1', basic('CP1', keyBytes));
  await station.boot();
  station.on('ChangeConfiguration', () => (status === 'silence' ? 'silence' : { status }));
  const show = () => server.fleet.run('station.show', { id: 'CP1' });
  const opens = async (key: string) => {
    const shown = basic('CP1', key);
    const socket = await server.connect('CP1', shown).catch(() => undefined);
    return socket !== undefined;
  };
  const newKey = async () => String((await station.received('ChangeConfiguration')).value);
  return { server, station, show, opens, newKey };
}

describe('TC_073_CSMS: a new key', () => {
  it('is 40 hexadecimal digits, good from the yes on, and the one before until it was shown', async () => {
    const { server, show, opens, newKey } = await withKey('Accepted');
    const outcome = await rotate(server, 'CP1');
    expect(outcome).toMatchObject({ ok: true, status: 'Accepted', detail: { shown: false } });
    expect(outcome.message).toBe(
      'CP1 answered Accepted: both keys are good until it connects with it. The key went over a connection without TLS.',
    );
    const key = await newKey();
    expect(key).toMatch(/^[0-9a-f]{40}$/);
    expect(await show()).toMatchObject({ hasAuthKey: true, pendingAuthKey: 'accepted' });
    expect(await opens(hexKey)).toBe(true);
    expect(await opens(key)).toBe(true);
    expect(await show()).toMatchObject({ hasAuthKey: true, pendingAuthKey: null });
    expect(await opens(hexKey)).toBe(false);
    expect(await opens(key)).toBe(true);
  });

  it('survives a restart of the server in between', async () => {
    const { server, opens, newKey, show } = await withKey('Accepted');
    await rotate(server, 'CP1');
    await server.restart();
    expect(await show()).toMatchObject({ pendingAuthKey: 'accepted' });
    expect(await opens(await newKey())).toBe(true);
    expect(await opens(hexKey)).toBe(false);
  });

  it.each(['Rejected', 'NotSupported'])('that is refused (%s) opens nothing', async (status) => {
    const { server, show, opens, newKey } = await withKey(status);
    const outcome = await rotate(server, 'CP1');
    expect(outcome).toMatchObject({ ok: false, status, code: 'REFUSED' });
    expect(await show()).toMatchObject({ pendingAuthKey: null });
    expect(await opens(await newKey())).toBe(false);
    expect(await opens(hexKey)).toBe(true);
  });

  it('that a station does not understand opens nothing', async () => {
    const { server, station, show } = await withKey('Accepted');
    station.on('ChangeConfiguration', () => ({ error: 'NotImplemented' }));
    expect(await rotate(server, 'CP1')).toMatchObject({ ok: false, status: 'NotImplemented' });
    expect(await show()).toMatchObject({ pendingAuthKey: null });
  });

  it('that counts after a reboot leaves both good', async () => {
    const { server, show, opens, newKey } = await withKey('RebootRequired');
    const outcome = await rotate(server, 'CP1');
    expect(outcome.message).toMatch(/both keys are good until it has booted and connects with it/);
    expect(await show()).toMatchObject({ pendingAuthKey: 'reboot' });
    expect(await opens(hexKey)).toBe(true);
    expect(await opens(await newKey())).toBe(true);
  });

  it('without an answer leaves both good: the station may have it', async () => {
    const { server, show, opens, newKey } = await withKey('silence');
    const outcome = rotate(server, 'CP1');
    const key = await newKey();
    server.clock.advance(31_000);
    expect(await outcome).toMatchObject({ ok: false, code: 'TIMED_OUT' });
    expect((await outcome).message).toMatch(
      /that and the one before are good until it connects with the new/,
    );
    expect(await show()).toMatchObject({ pendingAuthKey: 'sent' });
    expect(await opens(hexKey)).toBe(true);
    expect(await opens(key)).toBe(true);
    expect(await opens(hexKey)).toBe(false);
  });

  it('that a station uses at once, before it says yes, is good', async () => {
    const { server, station, newKey, show } = await withKey('silence');
    const outcome = rotate(server, 'CP1', { waitMs: 30_000 });
    const key = await newKey();
    station.cut();
    await server.connect('CP1', basic('CP1', key));
    await expect.poll(async () => (await show()).pendingAuthKey).toBe(null);
    expect(await outcome).toMatchObject({ ok: false, code: 'STATION_OFFLINE' });
    expect(await show()).toMatchObject({ hasAuthKey: true, online: true });
  });

  it('that a station takes while somebody takes its keys away here is said to open nothing', async () => {
    const { server, station } = await withKey('silence');
    const outcome = rotate(server, 'CP1');
    await station.received('ChangeConfiguration');
    await server.fleet.run('station.update', { id: 'CP1', authKey: null, securityProfile: 0 });
    const { id } = station.calls.find(({ action }) => action === 'ChangeConfiguration') ?? {};
    station.send(JSON.stringify([3, id, { status: 'Accepted' }]));
    expect(await outcome).toMatchObject({ ok: false, code: 'CONFLICT' });
    expect((await outcome).message).toContain('opens nothing');
  });

  it('is tried at once with --reconnect, which says so', async () => {
    const { server, station, newKey } = await withKey('Accepted');
    const outcome = rotate(server, 'CP1', { reconnect: true, waitMs: 30_000 });
    expect(await station.closed).toEqual({ code: 1012, reason: 'come back with the new key' });
    await server.connect('CP1', basic('CP1', await newKey()));
    expect(await outcome).toMatchObject({ ok: true, detail: { shown: true } });
    expect((await outcome).message).toMatch(/^CP1 is back with its new key\./);
  });

  it('that was accepted, but is not shown, is an event, and given up after a week', async () => {
    const { server, station, show, opens, newKey } = await withKey('Accepted');
    const outcome = rotate(server, 'CP1', { reconnect: true, waitMs: 30_000 });
    await station.closed;
    await server.connect('CP1', basic('CP1', keyBytes));
    expect(await outcome).toMatchObject({ ok: false, code: 'TIMED_OUT' });
    expect((await outcome).message).toMatch(/is back without it; the key before is still good/);
    const kinds = async () =>
      (await server.fleet.run('event.list', { kind: 'security' })).items.map(({ kind }) => kind);
    expect(await kinds()).toEqual(['security.old-key-shown']);
    expect(await show()).toMatchObject({ pendingAuthKey: 'accepted' });
    for (let day = 0; day < 8; day += 1) server.clock.advance(86_400_000);
    await server.connect('CP1', basic('CP1', keyBytes));
    expect(await show()).toMatchObject({ pendingAuthKey: null, hasAuthKey: true });
    expect(await opens(await newKey())).toBe(false);
  });

  it('is the first one of a station without any, which has to show it from then on', async () => {
    const server = await TestServer.start();
    const station = await server.connected('CP1');
    station.on('ChangeConfiguration', () => ({ status: 'Accepted' }));
    expect(await rotate(server, 'CP1')).toMatchObject({ ok: true });
    const key = String((await station.received('ChangeConfiguration')).value);
    expect(await server.fleet.run('station.show', { id: 'CP1' })).toMatchObject({
      securityProfile: 0,
      hasAuthKey: false,
      pendingAuthKey: 'accepted',
    });
    await server.connect('CP1', basic('CP1', key));
    expect(await server.fleet.run('station.show', { id: 'CP1' })).toMatchObject({
      securityProfile: 1,
      hasAuthKey: true,
      shownProfile: 1,
    });
    expect((await ScriptedStation.refusal(server.url, 'CP1')).status).toBe(401);
  });

  it('follows one that was not answered: the station gets in with whichever it has', async () => {
    const { server, station, opens } = await withKey('silence');
    const keys: string[] = [];
    for (let i = 1; i <= 3; i += 1) {
      const outcome = rotate(server, 'CP1');
      keys.push(String((await station.received('ChangeConfiguration', i)).value));
      server.clock.advance(31_000);
      expect(await outcome).toMatchObject({ code: 'TIMED_OUT' });
      await station.call('Heartbeat', {});
    }
    expect(await rotate(server, 'CP1')).toMatchObject({ ok: false, code: 'CONFLICT' });
    expect(await opens(keys[1] ?? '')).toBe(true);
    for (const key of [keys[0], keys[2], hexKey]) expect(await opens(key ?? '')).toBe(false);
  });

  it('stands in no log of messages, no event and no audit', async () => {
    const { server, newKey } = await withKey('Accepted');
    await rotate(server, 'CP1');
    const key = await newKey();
    const messages: unknown[] = [];
    for await (const message of server.fleet.stream('message.list', { stationId: 'CP1' }))
      messages.push(message);
    expect(messages).toContainEqual(
      expect.objectContaining({ payload: { key: 'AuthorizationKey', value: '***' } }),
    );
    const events = await server.fleet.run('event.list', {});
    const audit = await server.fleet.run('audit.list', {});
    expect(JSON.stringify([messages, events, audit, server.log.lines])).not.toContain(key);
  });

  it('is not set by config set, which would lock the station out', async () => {
    const { server, station } = await withKey('Accepted');
    const outcomes = server.fleet.stream('config.set', {
      targets: { stationIds: ['CP1'] },
      timeoutMs: 1000,
      values: [{ key: 'authorizationkey', value: 'a key that nobody here knows', secret: true }],
      force: true,
    });
    const read = async () => {
      for await (const _ of outcomes);
    };
    await expect(read()).rejects.toMatchObject({
      code: 'USAGE',
      suggestions: [expect.stringContaining('station rotate-key')],
    });
    expect(station.calls.filter(({ action }) => action === 'ChangeConfiguration')).toEqual([]);
  });
});

describe('keys and profiles by hand', () => {
  it.each([
    [
      { securityProfile: 1 },
      'CONFLICT',
      /could not connect: profile 1 \(its key\) is required, and it has no/,
    ],
    [{ securityProfile: 2 }, 'CONFLICT', /has no key/],
    [{ authKey: hexKey, securityProfile: 0 }, 'CONFLICT', /has a key, which it would not have to show/],
    [{ authKey: 'short' }, 'USAGE', /is 5 bytes long, at least 16 are needed/],
    [{ authKey: hexKey, generateAuthKey: true }, 'USAGE', /either given or made/],
  ])('%j is refused', async (change, code, message) => {
    const server = await TestServer.start();
    await server.add('CP1');
    const before = await server.fleet.run('station.show', { id: 'CP1' });
    await expect(server.fleet.run('station.update', { id: 'CP1', ...change })).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
    });
    expect(await server.fleet.run('station.show', { id: 'CP1' })).toEqual(before);
  });

  it('a key that is made is told once', async () => {
    const server = await TestServer.start();
    const { item } = await server.fleet.run('station.create', { id: 'CP1', generateAuthKey: true });
    expect(item).toMatchObject({ hasAuthKey: true, securityProfile: 1 });
    expect(item.authKey).toMatch(/^[0-9a-f]{40}$/);
    expect(await server.fleet.run('station.show', { id: 'CP1' })).not.toHaveProperty('authKey');
  });

  it('a key is taken away together with what asks for it', async () => {
    const server = await TestServer.start();
    await server.fleet.run('station.create', { id: 'CP1', authKey: hexKey });
    const remove = (securityProfile?: number) =>
      server.fleet.run('station.update', { id: 'CP1', authKey: null, securityProfile });
    await expect(remove()).rejects.toMatchObject({ code: 'CONFLICT' });
    expect(await remove(0)).toMatchObject({ hasAuthKey: false, securityProfile: 0 });
    await server.connect('CP1');
  });
});
