import { describe, expect, it } from 'vitest';
import { failure } from '../helpers/failure.js';
import { TestServer } from '../helpers/test-server.js';
import { until } from '../helpers/until.js';
import { accept, begin, end, lapse, mute, stop } from './remote-fixture.js';

describe('remote stop', () => {
  async function charging() {
    const server = await TestServer.start();
    const station = (await server.connected('CP1', { connectors: 2 })).on('RemoteStopTransaction', accept);
    const transactionId = await begin(server, station);
    return { server, station, transactionId };
  }

  it.each(['station', 'transaction', 'session'])('finds the session by %s', async (by) => {
    const { server, station, transactionId } = await charging();
    const { sessionId } = await server.session(transactionId);
    const target = { station: 'CP1', transaction: String(transactionId), session: sessionId }[by] ?? '';
    expect(await stop(server.fleet, target)).toMatchObject({
      stationId: 'CP1',
      transactionId,
      status: 'Accepted',
      session: { state: 'active' },
    });
    expect(await station.received('RemoteStopTransaction')).toEqual({ transactionId });
  });

  it('waits until the session has ended', async () => {
    const { server, station, transactionId } = await charging();
    const waiting = stop(server.fleet, 'CP1', { waitMs: 60_000 });
    await station.received('RemoteStopTransaction');
    await end(server, station, transactionId);
    expect(await waiting).toMatchObject({ session: { state: 'ended', stopReason: 'Remote', energyKwh: 1 } });
  });

  it('says when the session goes on all the same', async () => {
    const { server } = await charging();
    const error = await lapse(server, failure(stop(server.fleet, 'CP1', { waitMs: 10_000 }), 'TIMED_OUT'));
    expect(error.message).toBe('CP1 accepted the stop, but the session has not ended yet.');
  });

  it('asks which, when more than one could be meant', async () => {
    const { server, station, transactionId } = await charging();
    const other = await begin(server, station, { connectorId: 2 });
    const error = await failure(stop(server.fleet, 'CP1'), 'USAGE');
    expect(error.suggestions).toEqual([
      'evfleet remote stop CP1 --connector 1',
      'evfleet remote stop CP1 --connector 2',
    ]);
    expect((await stop(server.fleet, 'CP1', { connector: 2 })).transactionId).toBe(other);
    expect((await stop(server.fleet, 'CP1', { connector: 1 })).transactionId).toBe(transactionId);
  });

  it('means the newest where an older one was never stopped', async () => {
    const { server, station } = await charging();
    server.clock.advance(1000);
    const newest = await begin(server, station);
    expect((await stop(server.fleet, 'CP1')).transactionId).toBe(newest);
  });

  it.each([
    ['nothing runs on the connector', 'CP1', { connector: 2 }, 'NOT_FOUND'],
    ['the connector is not there', 'CP1', { connector: 3 }, 'NOT_FOUND'],
    ['nothing runs at the station', 'CP2', {}, 'NOT_FOUND'],
    ['there is no such thing', 'CP3', {}, 'NOT_FOUND'],
    ['there is no such transaction', '999', {}, 'NOT_FOUND'],
    ['it has ended already', '2', {}, 'CONFLICT'],
  ] as const)('explains that %s', async (_, target, change, code) => {
    const { server, station } = await charging();
    await server.add('CP2');
    await end(server, station, await begin(server, station, { connectorId: 2 }));
    await failure(stop(server.fleet, target, change), code);
  });

  it.each([
    ['Rejected', { status: 'Rejected' }, /refused to stop session 1: Rejected, it knows no such session/],
    ['a CALLERROR', { error: 'InternalError' }, /^CP1 refused to stop session 1: InternalError\.$/],
  ])('is refused by %s', async (_, answer, message) => {
    const { server, station } = await charging();
    station.on('RemoteStopTransaction', () => answer);
    expect((await failure(stop(server.fleet, 'CP1'), 'REFUSED')).message).toMatch(message);
  });

  it('times out on a mute station', async () => {
    const { server, station } = await mute();
    await begin(server, station);
    const failed = failure(stop(server.fleet, 'CP1'), 'TIMED_OUT');
    await station.received('RemoteStopTransaction');
    server.clock.advance(30_000);
    await failed;
  });

  it('of a station that is offline', async () => {
    const { server, station } = await charging();
    await station.leave();
    await until(async () => !(await server.fleet.run('station.show', { id: 'CP1' })).online);
    await failure(stop(server.fleet, 'CP1'), 'STATION_OFFLINE');
  });
});
