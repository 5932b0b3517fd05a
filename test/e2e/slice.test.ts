import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/server/system.js';
import { seededRandom } from '../../src/simulator/random.js';
import { VirtualStation } from '../../src/simulator/station.js';
import { evfleet, type ServeProcess, serve } from '../helpers/program.js';

/** The main job with real processes: a fleet is set up, a car is charged, the session is exported. */
describe('charging a car', () => {
  const directory = mkdtempSync(join(tmpdir(), 'evfleet-e2e-'));
  const dataDir = join(directory, 'data');
  const run = (...argv: string[]) => evfleet(argv, { dataDir });
  let server: ServeProcess;
  let station: VirtualStation;

  async function json<T>(...argv: string[]): Promise<T> {
    const { stdout, stderr, code } = await run(...argv, '--json');
    expect({ code, stderr, argv }).toMatchObject({ code: 0 });
    return JSON.parse(stdout) as T;
  }

  beforeAll(async () => {
    await json('site', 'create', 'Solna', '--address', 'Solnavägen 1', '--lat', '59.36', '--lon', '18.0');
    await json('floor', 'create', 'P1', '--site', 'Solna', '--level', '-1');
    await json('station', 'create', 'CP001', '--site', 'Solna', '--floor', 'P1', '--connectors', '2');
    await json('tag', 'create', '04A2B3C4');
    server = await serve({ dataDir });
    // Once more through the running server.
    await json('connector', 'update', 'CP001', '2', '--mode', 'open', '--evse-id', 'SE*EVF*E001*2');
    station = new VirtualStation({
      url: server.url,
      identity: 'CP001',
      connectors: 2,
      clock: systemClock,
      random: seededRandom(1),
      energyWh: 5000,
      speed: 600,
      backOff: { minimumMs: 50, maximumMs: 200 },
      configuration: { MeterValueSampleInterval: '60' },
    });
    station.start();
    await station.untilAccepted();
    await station.untilFlushed();
  });

  afterAll(async () => {
    await station?.stop({ sessions: 'drop' });
    await server?.kill('SIGTERM');
    rmSync(directory, { recursive: true, force: true });
  });

  it('starts and stops a session by remote control and exports it', async () => {
    station.plugIn(1);
    const started = await json<Record<string, unknown>>(
      ...['remote', 'start', 'CP001', '--connector', '1', '--tag', '04a2b3c4', '--wait'],
    );
    expect(started).toMatchObject({
      stationId: 'CP001',
      connector: 1,
      status: 'Accepted',
      session: { transactionId: 1, state: 'active', authentication: 'remote', site: 'Solna', floor: 'P1' },
    });
    await station.untilStatus(1, 'Charging');

    const status = await run('status');
    expect(status.stdout).toMatch(/1 online[\s\S]*1 running session/);
    expect(status.stdout).toMatch(/1 ▶ charging .*04a2b3c4 {2}session 1/);

    // At this speed a reading comes every 100 ms; wait for one to be there.
    let samples: { energyKwh: number; powerKw: number }[] = [];
    while (samples.length < 3) samples = await json('session', 'samples', '1');
    expect(samples.at(-1)?.powerKw).toBeGreaterThan(0);

    const stopped = await json<{ session: Record<string, number> }>('remote', 'stop', '1', '--wait');
    expect(stopped.session).toMatchObject({ state: 'ended', stopReason: 'Remote', meterStartKwh: 5 });
    const { energyKwh, meterStartKwh, meterStopKwh } = stopped.session;
    expect(energyKwh).toBeGreaterThan(0);
    expect(energyKwh).toBeCloseTo((meterStopKwh ?? 0) - (meterStartKwh ?? 0), 6);

    const file = join(directory, 'sessions.csv');
    await json('session', 'export', '--output', file);
    const [header = '', row = ''] = readFileSync(file, 'utf8').split('\n');
    expect(header).toBe(
      'sessionId,transactionId,startTime,stopTime,duration,energyKwh,station,stationId,nodeIdentity,connector,evseId,' +
        'site,floor,authentication,tag,userEmail,meterStartKwh,meterStopKwh,stopReason,state,serverLogTime',
    );
    expect(row).toMatch(
      /^[0-9a-f-]{36},1,20\d\d-.*Z,20\d\d-.*Z,\d+,[\d.]+,CP001,CP001,[0-9a-f-]{36},1,,Solna,P1,remote/,
    );
    station.unplug(1);
    await station.untilStatus(1, 'Available');
  });

  it('lets anyone charge at an open connector, and only there', async () => {
    station.plugIn(2);
    station.plugIn(1);
    expect(await station.presentTag(2, 'STRANGER')).toBe('Accepted');
    await station.untilStatus(2, 'Charging');
    const [session] = await json<Record<string, unknown>[]>('session', 'list', '--state', 'active');
    expect(session).toMatchObject({ connector: 2, evseId: 'SE*EVF*E001*2', authentication: 'anonymous' });

    await station.presentTag(1, 'STRANGER');
    await station.untilStatus(1, 'Finishing');
    const unknown = await json<Record<string, unknown>[]>('tag', 'unknown');
    expect(unknown).toMatchObject([{ tag: 'STRANGER', stationId: 'CP001' }]);
    station.unplug(1);
    station.unplug(2);
    await station.untilStatus(2, 'Available');
  });

  it('goes on with a running session after the server was killed', async () => {
    station.plugIn(1);
    expect(await station.presentTag(1, '04A2B3C4')).toBe('Accepted');
    await station.untilStatus(1, 'Charging');
    const [before] = await json<{ transactionId: number }[]>('session', 'list', '--state', 'active');

    const port = new URL(server.url).port;
    await server.kill('SIGKILL');
    server = await serve({ dataDir }, { port });
    await station.until(({ isOnline }) => isOnline);
    const [after] = await json<{ transactionId: number }[]>('session', 'list', '--state', 'active');
    expect(after?.transactionId).toBe(before?.transactionId);

    const { code } = await run('remote', 'stop', 'CP001', '--connector', '1', '--wait');
    expect(code).toBe(0);
    const ended = await json<Record<string, unknown>>('session', 'show', String(before?.transactionId));
    expect(ended).toMatchObject({ state: 'ended', stopReason: 'Remote' });
  });
});
