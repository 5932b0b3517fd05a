import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readBasicCredentials } from '../../src/csms/basic-credentials.js';
import { CredentialThrottle } from '../../src/csms/credential-throttle.js';
import { RefusedStations } from '../../src/csms/refused-stations.js';
import { StationCredentials } from '../../src/csms/station-credentials.js';
import { newStation } from '../../src/domain/new-entities.js';
import { StationKeyHasher } from '../../src/domain/station/station-key-hash.js';
import { failure } from '../helpers/failure.js';
import { ScriptedStation } from '../helpers/scripted-station.js';
import { basic, hexKey, keyBytes } from '../helpers/station-key.js';
import { temporaryDirectory } from '../helpers/temporary-directory.js';
import { TestServer } from '../helpers/test-server.js';
import { openStore } from '../store/support/open-store.js';

describe('HTTP Basic', () => {
  it('splits at the first colon, whatever bytes there are', () => {
    const user = fc.uint8Array().map((bytes) => Buffer.from(bytes.filter((byte) => byte !== 0x3a)));
    fc.assert(
      fc.property(user, fc.uint8Array(), (name, password) => {
        const encoded = Buffer.concat([name, Buffer.from(':'), Buffer.from(password)]).toString('base64');
        for (const scheme of ['Basic', 'basic', 'BASIC ']) {
          const read = readBasicCredentials(`${scheme} ${encoded}`);
          expect(read?.user.equals(name)).toBe(true);
          expect(read?.password.equals(Buffer.from(password))).toBe(true);
        }
      }),
    );
  });

  it('never throws', () => {
    fc.assert(fc.property(fc.string(), (text) => void readBasicCredentials(text)));
    fc.assert(fc.property(fc.string(), (text) => void readBasicCredentials(`Basic ${text}`)));
  });

  it.each([undefined, '', 'Basic', 'Basic ', 'Basic %%%', 'Basic Q1Ax', 'Digest Q1AxOmE=', 'BasicQ1AxOmE='])(
    '%j is none',
    (header) => {
      expect(readBasicCredentials(header)).toBeUndefined();
    },
  );
});

describe('waits for wrong keys', () => {
  const from = (network: string, name = 'CP1') => ({ name, network });
  function fail(throttle: CredentialThrottle, attempt: { name: string; network: string }, now: number) {
    throttle.begin(attempt, now);
    throttle.failed(attempt, now);
  }

  it('cost nothing at first, then a second, then twice as long, up to a minute', () => {
    const throttle = new CredentialThrottle();
    const waits = Array.from({ length: 14 }, () => {
      fail(throttle, from('a'), 0);
      return throttle.waitMs(from('a'), 0) / 1000;
    });
    expect(waits).toEqual([0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 60, 60, 60, 60]);
    expect(throttle.waitMs(from('a'), 59_000)).toBe(1000);
  });

  it('hold for others neither of the same network nor of the same name', () => {
    const throttle = new CredentialThrottle();
    for (let i = 0; i < 200; i += 1) fail(throttle, from('a'), 0);
    expect(throttle.waitMs(from('a'), 0)).toBe(60_000);
    expect(throttle.waitMs(from('a', 'CP2'), 0)).toBe(0);
    expect(throttle.waitMs(from('b'), 0)).toBe(0);
  });

  it('hold at the second try for a network that tries one key at every station', () => {
    const throttle = new CredentialThrottle();
    for (let i = 0; i < 100; i += 1) fail(throttle, from('a', `CP${i}`), 0);
    expect(throttle.waitMs(from('a', 'CP7'), 0)).toBe(60_000);
    expect(throttle.waitMs(from('a', 'CP100'), 0)).toBe(0);
  });

  it('hold at the second try for many networks that try one station', () => {
    const throttle = new CredentialThrottle();
    for (let i = 0; i < 100; i += 1) fail(throttle, from(`net${i}`), 0);
    expect(throttle.waitMs(from('net7'), 0)).toBe(60_000);
    expect(throttle.waitMs(from('home'), 0)).toBe(0);
  });

  it('count those that are compared at the same time', () => {
    const throttle = new CredentialThrottle();
    for (let i = 0; i < 5; i += 1) throttle.begin(from('a'), 0);
    expect(throttle.waitMs(from('a'), 0)).toBe(1000);
    throttle.succeeded(from('a'));
    expect(throttle.waitMs(from('a'), 0)).toBe(0);
  });
});

describe('what is remembered of keys', () => {
  async function counted() {
    const hasher = new StationKeyHasher({ cost: { N: 16, r: 1, p: 1 }, maxWaiting: 1 });
    let computed = 0;
    const counting = Object.assign(Object.create(hasher), {
      isCheap: (kept: string) => hasher.isCheap(kept),
      matches(key: Buffer, kept: string) {
        computed += 1;
        return hasher.matches(key, kept);
      },
      waste(key: Buffer) {
        computed += 1;
        return hasher.waste(key);
      },
    }) as StationKeyHasher;
    const authKeyHash = await hasher.hashTyped(keyBytes, (bytes) => Buffer.alloc(bytes, 1));
    const credentials = new StationCredentials({
      hasher: counting,
      now: () => 0,
      secret: Buffer.alloc(32),
      rememberedMax: 3,
    });
    const ask = (password: Buffer, hash: string | null = authKeyHash) =>
      credentials.verify({
        id: 'CP1',
        station: { authKeyHash: hash, pendingAuthKeyHash: null },
        network: 'a',
        credentials: { user: Buffer.from('CP1'), password },
      });
    return { ask, hasher, credentials, computed: () => computed };
  }

  it('spares a station that comes back the computation, right or wrong', async () => {
    const { ask, computed } = await counted();
    for (let i = 0; i < 3; i += 1) expect(await ask(keyBytes)).toMatchObject({ kind: 'right' });
    for (let i = 0; i < 3; i += 1) expect(await ask(Buffer.from('x'))).toEqual({ kind: 'wrong' });
    expect(computed()).toBe(2);
  });

  it('counts no more once the key was changed', async () => {
    const { ask, hasher } = await counted();
    await ask(keyBytes);
    const other = await hasher.hashTyped(Buffer.from('another key of 20 b.'), (bytes) => Buffer.alloc(bytes));
    expect(await ask(keyBytes, other)).toEqual({ kind: 'wrong' });
  });

  it('lets the right key in although its address has to wait for wrong ones', async () => {
    const { ask } = await counted();
    await ask(keyBytes);
    for (let i = 0; i < 5; i += 1) await ask(Buffer.from(`x${i}`));
    expect(await ask(Buffer.from('x9'))).toEqual({ kind: 'wait', waitMs: 1000 });
    expect(await ask(keyBytes)).toMatchObject({ kind: 'right' });
  });

  it('works as hard for somebody unknown, and says that it has too much to do', async () => {
    const { credentials, computed } = await counted();
    const question = { id: 'X', station: undefined, network: 'a' };
    const shown = (text: string) => ({ user: Buffer.from('X'), password: Buffer.from(text) });
    expect(await credentials.verify({ ...question, credentials: shown('1') })).toEqual({ kind: 'wrong' });
    expect(computed()).toBe(1);
    const many = ['2', '3', '4', '5'].map((text) =>
      credentials.verify({ ...question, credentials: shown(text) }),
    );
    await failure(Promise.all(many), 'TOO_MANY_REQUESTS');
    await Promise.allSettled(many);
  });
});

describe('guessing keys', () => {
  const guess = (server: TestServer, i: number, id = 'CP1') =>
    ScriptedStation.refusal(server.url, id, basic(id, `guess number ${i} of many`));

  it('gets 401 five times, then 429 with the time to wait; the right key still opens, from there too', async () => {
    const server = await TestServer.start();
    await server.fleet.run('station.create', { id: 'CP1', authKey: hexKey });
    await server.fleet.run('station.create', { id: 'CP2', authKey: hexKey });
    const station = await server.connect('CP1', basic('CP1', keyBytes));
    const statuses = [];
    for (let i = 0; i < 8; i += 1) statuses.push((await guess(server, i)).status);
    expect(statuses).toEqual([401, 401, 401, 401, 401, 429, 429, 429]);
    await server.connect('CP1', basic('CP1', keyBytes));
    expect(await station.closed).toMatchObject({ reason: 'replaced by a newer connection' });
    await server.connect('CP2', basic('CP2', keyBytes));
    server.clock.advance(1000);
    expect((await guess(server, 9)).status).toBe(401);
    expect((await guess(server, 10)).status).toBe(429);
  });

  it('is in the log, the metrics and, collapsed, the events; and an alarm', async () => {
    const server = await TestServer.start();
    await server.fleet.run('station.create', { id: 'CP1', authKey: hexKey });
    for (let i = 0; i < 30; i += 1) await guess(server, i);
    server.clock.advance(5000);
    server.clock.advance(1000);
    for (let i = 0; i < 3; i += 1) {
      server.clock.advance(60_000);
      await guess(server, 100 + i);
    }
    const events = async () =>
      (await server.fleet.run('event.list', { kind: 'security.credentials-refused' })).items;
    expect((await events()).map(({ detail }) => detail)).toMatchObject([{ count: 30, address: '127.0.0.1' }]);
    const alarms = async () => (await server.fleet.run('alarm.list', { kind: 'security' })).items;
    await expect
      .poll(alarms)
      .toMatchObject([{ stationId: 'CP1', description: expect.stringContaining('CredentialsRefused') }]);
    server.clock.advance(300_000);
    await expect.poll(async () => (await events()).length).toBe(2);
    expect(server.log.find(/refused: it shows a wrong key/).length).toBeGreaterThan(0);
    expect(server.log.find(/slowed down: too many wrong keys/).length).toBeGreaterThan(0);
  });

  it('that never ends is an event an hour, with all of it counted', async () => {
    let now = 0;
    const store = await openStore(await temporaryDirectory());
    onTestFinished(() => store.close());
    const station = newStation({ uuid: 'u1', id: 'CP1', createdAt: 0 });
    await store.write((r) => r.stations.insert(station));
    const refused = new RefusedStations({ store, now: () => now });
    const dayS = 86_400;
    for (let second = 0; second < dayS; second += 30, now = second * 1000) {
      refused.note(station, {
        kind: 'security.credentials-refused',
        reason: 'it shows a wrong key',
        address: '192.0.2.1',
      });
      await refused.writeDue();
    }
    await refused.writeAll();
    const events = await store.read((r) => r.events.list({ stationId: 'CP1' }, { limit: 1000 }));
    expect(events.length).toBeLessThan(30);
    const counts = events.map(({ detail }) => Number(JSON.parse(detail).count ?? 1));
    expect(counts.reduce((sum, count) => sum + count)).toBe(dayS / 30);
  });

  it('does not keep out a station with a key that was made here, though nobody remembers it', async () => {
    const server = await TestServer.start();
    const { item } = await server.fleet.run('station.create', { id: 'CP1', generateAuthKey: true });
    for (let i = 0; i < 5; i += 1) await guess(server, i);
    expect((await guess(server, 5)).status).toBe(429);
    await server.connect('CP1', basic('CP1', item.authKey ?? ''));
    const other = await ScriptedStation.refusal(server.url, 'CP1', basic('CP2', item.authKey ?? ''));
    expect(other.status).toBe(429);
  });

  it("from the operator's new key on begins anew", async () => {
    const server = await TestServer.start();
    await server.fleet.run('station.create', { id: 'CP1', authKey: hexKey });
    const shown = basic('CP1', 'the key that was typed in');
    for (let i = 0; i < 6; i += 1) await guess(server, i);
    expect((await ScriptedStation.refusal(server.url, 'CP1', shown)).status).toBe(429);
    await server.fleet.run('station.update', { id: 'CP1', authKey: 'the key that was typed in' });
    await server.connect('CP1', shown);
  });
});

describe('storms', () => {
  it('500 stations with keys come back at once, among them some that show wrong ones', async () => {
    const server = await TestServer.start();
    const keys = new Map<string, string>();
    for (let i = 0; i < 500; i += 1) {
      const id = `CP${i}`;
      const { item } = await server.fleet.run('station.create', { id, generateAuthKey: true });
      keys.set(id, item.authKey ?? '');
    }
    const come = [...keys].map(([id, key], i) =>
      i % 10 === 9
        ? ScriptedStation.refusal(server.url, id, basic(id, `${key}x`)).then(({ status }) => status)
        : server.connect(id, basic(id, Buffer.from(key, 'hex'))).then(() => 101),
    );
    const statuses = await Promise.all(come);
    expect(statuses.filter((status) => status === 101)).toHaveLength(450);
    expect(statuses.filter((status) => status === 401)).toHaveLength(50);
  });

  it('of typed keys do not take long either', async () => {
    const server = await TestServer.start();
    for (let i = 0; i < 40; i += 1)
      await server.fleet.run('station.create', { id: `CP${i}`, authKey: `${hexKey.slice(2)}${10 + i}` });
    for (let round = 0; round < 2; round += 1) {
      await Promise.all(
        Array.from({ length: 40 }, (_, i) =>
          server.connect(`CP${i}`, basic(`CP${i}`, `${hexKey.slice(2)}${10 + i}`)),
        ),
      );
    }
  });
});
