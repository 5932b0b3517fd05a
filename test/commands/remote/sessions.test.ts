import { beforeEach, describe, expect, it } from 'vitest';
import RemoteStart from '../../../commands/remote/start.js';
import RemoteStop from '../../../commands/remote/stop.js';
import { begin, end } from '../../csms/remote-fixture.js';
import type { RunOptions } from '../../helpers/run-command.js';
import type { ScriptedStation } from '../../helpers/scripted-station.js';
import type { TestServer } from '../../helpers/test-server.js';
import { until } from '../../helpers/until.js';
import { runAt, startThreeStations } from './three-stations.js';

let server: TestServer;
/** CP1 and CP2 are connected and have two connectors each; CP3 is not connected. */
let stations: [ScriptedStation, ScriptedStation];

const run = (command: Parameters<typeof runAt>[1], argv: readonly string[], options?: RunOptions) =>
  runAt(server, command, argv, options);

const start = (...argv: string[]) => run(RemoteStart, [...argv, '--tag', 'TAG1']);
const stop = (...argv: string[]) => run(RemoteStop, argv);

const answer = (action: string, status: string, of: readonly ScriptedStation[] = stations) => {
  for (const station of of) station.on(action, () => ({ status }));
};

const sent = (action: string) =>
  stations.map(({ calls }) => calls.filter((call) => call.action === action).map(({ payload }) => payload));

/** Ends sessions once it is asked to. */
const obey = (station: ScriptedStation) =>
  station.on('RemoteStopTransaction', ({ transactionId }) => {
    setImmediate(() => void end(server, station, Number(transactionId)));
    return { status: 'Accepted' };
  });

beforeEach(async () => {
  ({ server, stations } = await startThreeStations({ connectors: 2 }));
});

describe('remote stop of many stations', () => {
  it('stops every session that runs there, and says where none does', async () => {
    stations.map(obey);
    const ids = [await begin(server, stations[0]), await begin(server, stations[0], { connectorId: 2 })];
    const { stdout, stderr, exitCode } = await run(
      RemoteStop,
      ['--all', '--yes', '--wait', '--concurrency', '1'],
      { columns: 80 },
    );
    expect(stdout).toBe(
      [
        `✓ CP1  has ended sessions ${ids[0]} and ${ids[1]}: 2.000 kWh.`,
        '✓ CP2  no session runs.',
        '✓ CP3  no session runs, as far as is known: it is offline.',
        '',
      ].join('\n'),
    );
    expect([stderr, exitCode]).toEqual(['3 of 3 charge no more\n', 0]);
    expect(sent('RemoteStopTransaction').map((calls) => calls.length)).toEqual([2, 0]);
  });

  it('does not wait unless told, and has the sessions in the documents', async () => {
    answer('RemoteStopTransaction', 'Accepted');
    const transactionId = await begin(server, stations[0]);
    const { json, stderr } = await stop('CP2', 'CP1', '--yes', '--json', '--concurrency', '1');
    expect(json).toMatchObject([
      { stationId: 'CP2', ok: true, status: null, detail: { sessions: [] } },
      {
        stationId: 'CP1',
        ok: true,
        status: 'Accepted',
        message: `CP1 answered Accepted: it will stop session ${transactionId}.`,
        detail: { sessions: [{ transactionId, state: 'active' }] },
      },
    ]);
    expect(stderr).toBe('2 of 2 accepted or had nothing to stop\n');
    const lines = await stop('-l', 'id=CP1', '--json-lines');
    expect(JSON.parse(lines.stdout)).toMatchObject({ stationId: 'CP1', ok: true });
  });

  it('keeps to one connector, where an older session that never ended is not asked for', async () => {
    answer('RemoteStopTransaction', 'Accepted');
    await begin(server, stations[0]);
    server.clock.advance(1000);
    const newest = await begin(server, stations[0]);
    await begin(server, stations[0], { connectorId: 2 });
    const { stdout, exitCode } = await stop('CP1', 'CP2', 'CP3', '--connector', '1', '--yes');
    expect(stdout).toContain('CP2\tok\t\tCP2: no session runs on connector 1.');
    expect(exitCode).toBe(0);
    expect(sent('RemoteStopTransaction')).toEqual([[{ transactionId: newest }], []]);
    const wrong = await stop('CP1', 'CP3', '--connector', '2', '--yes');
    expect(wrong.stdout).toContain('CP3\tfailed\tNOT_FOUND\tStation CP3 has no connector 2; it has 1.');
    expect(wrong.exitCode).toBe(9);
  });

  it('ends with 9 when one refuses or is offline, and says what became of the other sessions', async () => {
    const [first, second] = stations;
    const ids = [await begin(server, first), await begin(server, first, { connectorId: 2 })];
    first.on('RemoteStopTransaction', ({ transactionId }) => ({
      status: transactionId === ids[0] ? 'Rejected' : 'Accepted',
    }));
    await begin(server, second);
    await second.leave();
    await until(async () => !(await server.fleet.run('station.show', { id: 'CP2' })).online);
    const { stdout, stderr, exitCode } = await stop('--all', '--yes', '--concurrency', '1');
    expect(stdout).toMatch(
      new RegExp(
        `^CP1\tfailed\tREFUSED\tCP1 refused to stop session ${ids[0]}: Rejected, .*\\. It will stop session ${ids[1]}\\.\n` +
          'CP2\tfailed\tSTATION_OFFLINE\tStation CP2 has been offline since .*\nCP3\tok\t',
      ),
    );
    expect([stderr, exitCode]).toEqual(['1 of 3 accepted or had nothing to stop, 2 failed\n', 9]);
  });

  it('needs a yes for more than one, and --dry-run asks nobody', async () => {
    const transactionId = await begin(server, stations[1]);
    const asked = await stop('CP1', 'CP2');
    expect(asked.exitCode).toBe(2);
    expect(asked.stderr).toContain('--yes is missing');
    expect((await stop('--all', '--dry-run')).stdout).toBe('CP1\nCP2\nCP3\n');
    expect((await stop('CP1', '--dry-run')).stdout).toBe('CP1\n');
    expect((await stop(String(transactionId), '--dry-run')).stdout).toBe('CP2\n');
    expect(sent('RemoteStopTransaction')).toEqual([[], []]);
  });
});

describe('remote stop of one', () => {
  it('is what it was, by station and by session', async () => {
    answer('RemoteStopTransaction', 'Accepted');
    const transactionId = await begin(server, stations[0]);
    const sentence = `CP1 answered Accepted: it will stop session ${transactionId}.\n`;
    expect((await stop('CP1')).stdout).toBe(sentence);
    expect((await stop(String(transactionId))).stdout).toBe(sentence);
    const result = { stationId: 'CP1', transactionId, status: 'Accepted', session: { state: 'active' } };
    expect((await stop('CP1', '--json')).json).toMatchObject(result);
    expect(JSON.parse((await stop('CP1', '--json-lines')).stdout)).toMatchObject(result);
    expect((await stop('CP2')).exitCode).toBe(5);
    await begin(server, stations[0], { connectorId: 2 });
    expect((await stop('CP1')).stderr).toContain('has running sessions on connectors 1, 2');
    answer('RemoteStopTransaction', 'Rejected');
    expect((await stop('CP1', '--connector', '1')).exitCode).toBe(10);
    const nothing = await stop();
    expect([nothing.exitCode, nothing.stderr]).toEqual([2, expect.stringContaining('--site')]);
    expect((await stop('CP1', '--bogus')).exitCode).toBe(2);
  });
});

describe('remote start at many stations', () => {
  it('asks each for the same, and ends with 9 when some cannot', async () => {
    answer('RemoteStartTransaction', 'Accepted');
    const { stdout, stderr, exitCode } = await start('--all', '--connector', '1', '--concurrency', '1');
    expect(stdout).toBe(
      [
        'CP1\tok\tAccepted\tCP1 answered Accepted: it will try to charge on connector 1 with tag TAG1.',
        'CP2\tok\tAccepted\tCP2 answered Accepted: it will try to charge on connector 1 with tag TAG1.',
        'CP3\tfailed\tSTATION_OFFLINE\tStation CP3 has never connected.',
        '',
      ].join('\n'),
    );
    expect([stderr, exitCode]).toEqual(['2 of 3 accepted, 1 failed\n', 9]);
    const payload = { connectorId: 1, idTag: 'TAG1' };
    expect(sent('RemoteStartTransaction')).toEqual([[payload], [payload]]);
  });

  it('waits until the sessions have begun, and knows whose they are', async () => {
    const [first, second] = stations;
    first.on('RemoteStartTransaction', () => {
      setImmediate(() => void begin(server, first));
      return { status: 'Accepted' };
    });
    second.on('RemoteStartTransaction', () => ({ status: 'Rejected' }));
    const { json, stderr, exitCode } = await start('CP1', 'CP2', '--wait', '--json', '--concurrency', '1');
    expect(json).toMatchObject([
      {
        stationId: 'CP1',
        message: 'CP1 has begun session 1 on connector 1.',
        detail: { connector: 1, tag: 'TAG1', session: { transactionId: 1, authentication: 'remote' } },
      },
      { stationId: 'CP2', ok: false, status: 'Rejected', code: 'REFUSED' },
    ]);
    expect([stderr, exitCode]).toEqual(['1 of 2 charging, 1 failed\n', 9]);
  });

  it('sends nothing with --dry-run, for a tag that is none, or to nobody in particular', async () => {
    expect((await start('CP1', '--dry-run')).stdout).toBe('CP1\n');
    expect((await run(RemoteStart, ['--all', '--tag', 'x'.repeat(21)])).exitCode).toBe(2);
    expect((await start()).stderr).toContain('Nothing says which stations');
    expect(sent('RemoteStartTransaction')).toEqual([[], []]);
  });

  it('at one is what it was', async () => {
    answer('RemoteStartTransaction', 'Accepted');
    const { stdout } = await start('CP1', '--connector', '2');
    expect(stdout).toBe('CP1 answered Accepted: it will try to charge on connector 2 with tag TAG1.\n');
    expect((await start('CP1', '--json')).json).toEqual({
      stationId: 'CP1',
      connector: null,
      tag: 'TAG1',
      status: 'Accepted',
      session: null,
    });
    expect((await start('CP3')).exitCode).toBe(7);
    expect(JSON.parse((await start('CP1', '--json-lines')).stdout)).toMatchObject({
      ok: true,
      stationId: 'CP1',
    });
  });
});
