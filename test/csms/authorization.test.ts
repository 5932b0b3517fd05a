import { describe, expect, it } from 'vitest';
import type { Input } from '../../src/operations/fleet.js';
import { failure } from '../helpers/failure.js';
import type { ScriptedStation } from '../helpers/scripted-station.js';
import { TestServer } from '../helpers/test-server.js';
import { accept, begin, end, start } from './remote-fixture.js';

type TagDetails = Partial<Input<'tag.create'>>;

/** A server with CP1 at Depot and CP2 at Office, two connectors each, and Ada. */
async function fixture() {
  const server = await TestServer.start({ pingIntervalMs: 86_400_000 });
  const { fleet } = server;
  await fleet.run('site.create', { name: 'Depot' });
  await fleet.run('site.create', { name: 'Office' });
  await fleet.run('group.create', { name: 'Night' });
  const station = await server.connected('CP1', { connectors: 2 });
  const other = await server.connected('CP2', { connectors: 2 });
  await fleet.run('station.update', { id: 'CP1', site: 'Depot' });
  await fleet.run('station.update', { id: 'CP2', site: 'Office' });
  await fleet.run('user.create', { email: 'ada@example.com', role: 'driver' });
  const tag = (name: string, details: TagDetails = {}) => fleet.run('tag.create', { tag: name, ...details });
  return { server, fleet, station, other, tag };
}

async function authorize(station: ScriptedStation, idTag: string): Promise<unknown> {
  return (await station.call('Authorize', { idTag })).idTagInfo;
}

async function startWith(server: TestServer, station: ScriptedStation, idTag: string, connectorId = 1) {
  const request = { connectorId, idTag, meterStart: 1000, timestamp: server.clock.iso() };
  const { transactionId, idTagInfo } = await station.call('StartTransaction', request);
  return { transactionId: Number(transactionId), status: (idTagInfo as { status: string }).status };
}

async function events(server: TestServer, kind: string) {
  const { items } = await server.fleet.run('event.list', { kind });
  return items.map((event) => `${event.kind} ${event.stationId}: ${event.description}`);
}

describe('two cars with one tag that is for one at a time', () => {
  it('ConcurrentTx is the answer to the second start, never to Authorize, and the session is recorded', async () => {
    const { server, station, other, tag } = await fixture();
    await tag('ONE', { maxActive: 1 });
    expect((await startWith(server, station, 'ONE')).status).toBe('Accepted');
    expect(await authorize(other, 'ONE')).toEqual({ status: 'Accepted' });
    const second = await startWith(server, other, 'one');
    expect(second.status).toBe('ConcurrentTx');
    const session = await server.session(second.transactionId);
    expect(session).toMatchObject({ state: 'active', tag: 'one', verdict: 'ConcurrentTx' });
    expect(await events(server, 'session.started')).toEqual([
      'session.started CP1: session 1 started with tag ONE',
      'session.started CP2: session 2 started with tag one: ConcurrentTx, 1 session runs with the tag already, of at most 1',
    ]);
  });

  it('of many starts at the same moment, exactly as many as may run are accepted', async () => {
    const { server, station, other, tag } = await fixture();
    await tag('TWO', { maxActive: 2 });
    const stations = [station, other, station, other];
    const begun = await Promise.all(
      stations.map((at, index) => startWith(server, at, 'TWO', index < 2 ? 1 : 2)),
    );
    const verdicts = begun.map(({ status }) => status).sort();
    expect(verdicts).toEqual(['Accepted', 'Accepted', 'ConcurrentTx', 'ConcurrentTx']);
  });

  it('the second may start when the first has ended, and a refused session takes no place', async () => {
    const { server, station, other, tag } = await fixture();
    await tag('ONE', { maxActive: 1 });
    const first = await startWith(server, station, 'ONE');
    expect((await startWith(server, other, 'ONE')).status).toBe('ConcurrentTx');
    await end(server, station, first.transactionId);
    expect((await startWith(server, other, 'ONE', 2)).status).toBe('Accepted');
  });

  it('a start that is sent again never conflicts with itself, on a new connection and after a restart either', async () => {
    const { server, station, tag } = await fixture();
    await tag('ONE', { maxActive: 1 });
    const request = { connectorId: 1, idTag: 'ONE', meterStart: 1, timestamp: server.clock.iso() };
    const first = await station.call('StartTransaction', request);
    expect(first).toMatchObject({ idTagInfo: { status: 'Accepted' } });
    expect(await station.call('StartTransaction', request)).toEqual(first);
    await server.restart();
    expect(await (await server.connect('CP1')).call('StartTransaction', request)).toEqual(first);
  });

  it('a refused start that is sent again is refused again, though there would be room now', async () => {
    const { server, station, other, tag } = await fixture();
    await tag('ONE', { maxActive: 1 });
    const { transactionId } = await startWith(server, station, 'ONE');
    const refused = await startWith(server, other, 'ONE');
    await end(server, station, transactionId);
    expect(await startWith(server, other, 'ONE')).toEqual(refused);
  });

  it('a session whose stop got lost takes no place once its connector charges another car', async () => {
    const { server, station, other, tag } = await fixture();
    await tag('ONE', { maxActive: 1 });
    await startWith(server, station, 'ONE');
    server.clock.advance(60_000);
    expect((await startWith(server, station, 'ONE')).status).toBe('Accepted');
    server.clock.advance(60_000);
    await startWith(server, station, 'TAG1');
    expect((await startWith(server, other, 'ONE')).status).toBe('Accepted');
  });

  it('a session on an open connector takes no place that the tag was not needed for', async () => {
    const { server, fleet, station, other, tag } = await fixture();
    await fleet.run('connector.update', { stationId: 'CP1', connector: 1, mode: 'open' });
    await tag('ONE', { maxActive: 1 });
    expect((await startWith(server, other, 'ONE')).status).toBe('Accepted');
    const { transactionId, status } = await startWith(server, station, 'ONE');
    expect(status).toBe('Accepted');
    expect((await server.session(transactionId)).authentication).toBe('anonymous');
  });
});

describe('who may charge where', () => {
  it('is decided by site and group, also after the station was moved', async () => {
    const { server, fleet, station, other, tag } = await fixture();
    await tag('DEPOT', { sites: ['Depot'] });
    await tag('NIGHT', { groups: ['Night'] });
    expect(await authorize(station, 'DEPOT')).toEqual({ status: 'Accepted' });
    expect(await authorize(other, 'DEPOT')).toEqual({ status: 'Blocked' });
    expect((await startWith(server, other, 'DEPOT')).status).toBe('Blocked');
    expect(await authorize(other, 'NIGHT')).toEqual({ status: 'Blocked' });
    await fleet.run('group.add', { name: 'Night', stationIds: ['CP2'] });
    await fleet.run('station.update', { id: 'CP2', site: 'Depot' });
    expect(await authorize(other, 'NIGHT')).toEqual({ status: 'Accepted' });
    expect(await authorize(other, 'DEPOT')).toEqual({ status: 'Accepted' });
  });

  it('ends with the user who is disabled, and begins again', async () => {
    const { fleet, station, tag } = await fixture();
    await tag('ADA', { user: 'ada@example.com' });
    expect(await authorize(station, 'ADA')).toEqual({ status: 'Accepted' });
    await fleet.run('user.update', { email: 'ada@example.com', disabled: true });
    expect(await authorize(station, 'ADA')).toEqual({ status: 'Blocked' });
    await fleet.run('user.update', { email: 'ada@example.com', disabled: false });
    expect(await authorize(station, 'ADA')).toEqual({ status: 'Accepted' });
  });
});

describe('stopping', () => {
  it.each(['blocked', 'expired', 'disabled', 'moved'])(
    'is not prevented when the tag was %s while it charged',
    async (how) => {
      const { server, fleet, station, tag } = await fixture();
      await tag('ADA', { user: 'ada@example.com', sites: ['Depot'] });
      const { transactionId } = await startWith(server, station, 'ADA');
      if (how === 'blocked') await fleet.run('tag.block', { tag: 'ADA' });
      if (how === 'expired') await fleet.run('tag.update', { tag: 'ADA', expiresAt: 1 });
      if (how === 'disabled') await fleet.run('user.update', { email: 'ada@example.com', disabled: true });
      if (how === 'moved') await fleet.run('station.update', { id: 'CP1', site: 'Office' });
      // An expiry that has passed would be taken for a no.
      expect(await authorize(station, 'ADA')).toEqual({ status: 'Accepted' });
      const stop = { transactionId, idTag: 'ADA', meterStop: 2000, timestamp: server.clock.iso() };
      const { idTagInfo } = await station.call('StopTransaction', stop);
      // For the next time, the station is told the truth.
      expect(idTagInfo).toMatchObject({ status: how === 'expired' ? 'Expired' : 'Blocked' });
      expect(await server.session(transactionId)).toMatchObject({ state: 'ended', energyKwh: 1 });
      expect((await authorize(station, 'ADA')) as object).toMatchObject({
        status: how === 'expired' ? 'Expired' : 'Blocked',
      });
      expect(await events(server, 'session.foreign-stop')).toEqual([]);
    },
  );

  it('is for a blocked tag of the same parent, too, and of no other', async () => {
    const { server, fleet, station, other, tag } = await fixture();
    await tag('KID', { parent: 'FAMILY' });
    await tag('MUM', { parent: 'family' });
    await tag('AUNT', { parent: 'OTHERS' });
    await startWith(server, station, 'KID');
    await fleet.run('tag.block', { tag: 'MUM' });
    await fleet.run('tag.block', { tag: 'AUNT' });
    expect(await authorize(station, 'MUM')).toEqual({ status: 'Accepted', parentIdTag: 'family' });
    expect(await authorize(station, 'AUNT')).toEqual({ status: 'Blocked', parentIdTag: 'OTHERS' });
    expect(await authorize(other, 'MUM')).toEqual({ status: 'Blocked', parentIdTag: 'family' });
    // The start decides by itself.
    expect((await startWith(server, station, 'MUM', 2)).status).toBe('Blocked');
  });

  it.each([
    ['the same tag', 'kid', []],
    ['a tag of the same parent', 'MUM', []],
    ['no tag', undefined, []],
    [
      'another tag',
      'TAG1',
      ['session.foreign-stop CP1: session 1 was stopped with tag TAG1, but began with KID'],
    ],
    [
      'an unknown tag',
      'WHO',
      ['session.foreign-stop CP1: session 1 was stopped with tag WHO, but began with KID'],
    ],
  ])('with %s ends the session, once', async (_, idTag, noted) => {
    const { server, station, tag } = await fixture();
    await tag('KID', { parent: 'FAMILY' });
    await tag('MUM', { parent: 'family' });
    const { transactionId } = await startWith(server, station, 'KID');
    const stop = { transactionId, idTag, meterStop: 2000, timestamp: server.clock.iso() };
    const answer = await station.call('StopTransaction', stop);
    if (idTag === undefined) expect(answer).toEqual({});
    else expect(answer.idTagInfo).toMatchObject({ status: idTag === 'WHO' ? 'Invalid' : 'Accepted' });
    await station.call('StopTransaction', stop);
    expect(await server.session(transactionId)).toMatchObject({ state: 'ended' });
    expect(await events(server, 'session.foreign-stop')).toEqual(noted);
  });
});

describe('the record of decisions', () => {
  it('has every Authorize with its reason, but not the same one again within a minute', async () => {
    const { server, station, other } = await fixture();
    for (let second = 0; second < 59; second += 1) {
      await authorize(station, 'WHO');
      server.clock.advance(1000);
    }
    await authorize(station, 'TAG1');
    await authorize(other, 'WHO');
    server.clock.advance(1000);
    await authorize(station, 'WHO');
    await server.addTag('WHO');
    await authorize(station, 'WHO');
    const refused = 'tag WHO refused: Invalid, the tag is not known';
    expect(await events(server, 'authorization')).toEqual([
      `authorization.refused CP1: ${refused}`,
      'authorization.accepted CP1: tag TAG1 accepted',
      `authorization.refused CP2: ${refused}`,
      `authorization.refused CP1: ${refused}`,
      'authorization.accepted CP1: tag WHO accepted',
    ]);
  });

  it('gives programs the reason as a code', async () => {
    const { server, station } = await fixture();
    await authorize(station, 'WHO');
    const { items } = await server.fleet.run('event.list', { kind: 'authorization.refused' });
    expect(items[0]?.detail).toEqual({
      ...{ tag: 'WHO', verdict: 'Invalid', code: 'unknown-tag', reason: 'the tag is not known' },
    });
  });
});

describe('a session', () => {
  it('has the user of its tag, by the address of that day', async () => {
    const { server, fleet, station, tag } = await fixture();
    await tag('ADA', { user: 'ada@example.com' });
    const { transactionId } = await startWith(server, station, 'ada');
    const anybody = await startWith(server, station, 'TAG1', 2);
    await fleet.run('user.update', { email: 'ada@example.com', newEmail: 'ada@new.example' });
    expect(await server.session(transactionId)).toMatchObject({
      ...{ authentication: 'rfid', tag: 'ada', userEmail: 'ada@example.com' },
    });
    expect((await server.session(anybody.transactionId)).userEmail).toBeNull();
    const of = async (user: string) => (await fleet.run('session.list', { user })).items.length;
    expect(await of('ADA@new.example')).toBe(1);
    await fleet.run('tag.delete', { tag: 'ADA' });
    await fleet.run('user.delete', { email: 'ada@new.example' });
    expect(await of('Ada@example.com')).toBe(1);
    expect((await failure(of('ada@new.example'), 'NOT_FOUND')).message).toBe(
      'There is no user "ada@new.example", nor a session of one.',
    );
  });

  it('that is begun from afar has it as well', async () => {
    const { server, fleet, station, tag } = await fixture();
    await tag('ADA', { user: 'ada@example.com' });
    station.on('RemoteStartTransaction', accept);
    await start(fleet, { tag: 'ADA', connector: 1 });
    const transactionId = await begin(server, station, { idTag: 'ADA' });
    expect(await server.session(transactionId)).toMatchObject({
      ...{ authentication: 'remote', tag: 'ADA', userEmail: 'ada@example.com' },
    });
  });

  it('that comes after its stop has it as well', async () => {
    const { server, station, tag } = await fixture();
    await tag('ADA', { user: 'ada@example.com' });
    const [begun, ended] = [server.clock.iso(-3600_000), server.clock.iso(-60_000)];
    await station.call('StopTransaction', { transactionId: -1, meterStop: 2000, timestamp: ended });
    const transactionId = await begin(server, station, { idTag: 'ADA', timestamp: begun });
    expect(await server.session(transactionId)).toMatchObject({
      ...{ state: 'ended', tag: 'ADA', userEmail: 'ada@example.com' },
    });
  });

  it('that was refused says whose tag it was, one where anyone may charge says so only of a good one', async () => {
    const { server, fleet, station, tag } = await fixture();
    await fleet.run('connector.update', { stationId: 'CP1', connector: 2, mode: 'open' });
    await tag('ADA', { user: 'ada@example.com' });
    const good = await startWith(server, station, 'ADA', 2);
    await fleet.run('tag.block', { tag: 'ADA' });
    server.clock.advance(1000);
    const refused = await startWith(server, station, 'ADA', 1);
    const open = await startWith(server, station, 'ADA', 2);
    const of = async (transactionId: number) => {
      const { authentication, userEmail } = await server.session(transactionId);
      return `${authentication} ${userEmail}`;
    };
    expect(await of(good.transactionId)).toBe('rfid ada@example.com');
    expect(refused.status).toBe('Blocked');
    expect(await of(refused.transactionId)).toBe('rfid ada@example.com');
    expect(await of(open.transactionId)).toBe('anonymous null');
  });
});

describe('remote start', () => {
  it.each([
    ['at another site', { sites: ['Office'] }, /sites or groups/, 'evfleet tag show T'],
    ['of a disabled user', { user: 'ada@example.com' }, /disabled/, 'evfleet tag show T'],
    ['that charges already', { maxActive: 1 }, /already/, 'evfleet session list --tag T --state active'],
  ])('is refused for a tag %s, before the station is asked', async (_, details, message, next) => {
    const { server, fleet, station, other, tag } = await fixture();
    station.on('RemoteStartTransaction', accept);
    await fleet.run('user.update', { email: 'ada@example.com', disabled: true });
    await tag('T', details);
    if ('maxActive' in details) await startWith(server, other, 'T');
    const error = await failure(start(fleet, { tag: 'T' }), 'REFUSED');
    expect(error.message).toMatch(message);
    expect(error.suggestions).toEqual([next]);
    expect(station.calls).toEqual([]);
  });
});
