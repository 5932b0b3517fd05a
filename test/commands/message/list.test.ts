import { beforeEach, expect, it } from 'vitest';
import MessageList from '../../../commands/message/list.js';
import { runCommand } from '../../helpers/run-command.js';
import { TestServer } from '../../helpers/test-server.js';
import { until } from '../../helpers/until.js';

let server: TestServer;

const run = (argv: string[], columns?: number, command = MessageList) =>
  runCommand(command, argv, {
    env: { EVFLEET_DATA_DIR: server.dataDir, NO_COLOR: '1' },
    ...(columns !== undefined && { columns }),
    id: 'message:list',
  });

beforeEach(async () => {
  server = await TestServer.start();
  const station = await server.connected('CP001');
  for (let i = 0; i < 40; i += 1) await station.ask('Heartbeat', {}, `m${i}`);
});

it('shows the last 50 on a terminal and says that there may be more', async () => {
  const { stdout, stderr, exitCode } = await run(['--utc'], 80);
  const lines = stdout.trimEnd().split('\n');
  expect(lines[0]).toBe('2026-05-04');
  expect(lines.length).toBe(51);
  expect(lines.at(-1)).toBe('10:00:00.000  CP001  ← Heartbeat answered: 2026-05-04T10:00:00.000Z (0 ms)');
  expect(stderr).toBe('The last 50 that match; there may be more: --all, --limit and --from choose.\n');
  expect(exitCode).toBe(0);
  expect((await run(['--all'], 80)).stdout.split('\n').length).toBe(82);
});

it('gives programs everything: one JSON array, CSV, or frames', async () => {
  const { json } = await run(['--json']);
  expect(json).toHaveLength(80);
  expect((json as object[])[0]).toEqual({
    time: '2026-05-04T10:00:00.000Z',
    stationId: 'CP001',
    direction: 'in',
    type: 'call',
    action: 'Heartbeat',
    messageId: 'm0',
    payload: {},
    latencyMs: null,
  });
  expect((await run(['CP002', '--json'])).stdout).toBe('[]\n');
  expect((await run(['--csv', '--limit', '1'])).stdout).toBe(
    'time,stationId,direction,type,action,messageId,payload,latencyMs\n' +
      '2026-05-04T10:00:00.000Z,CP001,out,result,Heartbeat,m39,"{""currentTime"":""2026-05-04T10:00:00.000Z""}",0\n',
  );
  expect((await run(['--csv', '--columns', 'messageId,type', '--no-header', '--limit', '1'])).stdout).toBe(
    'm39,result\n',
  );
  expect((await run(['--raw', '--limit', '2'])).stdout).toBe(
    '[2,"m39","Heartbeat",{}]\n[3,"m39",{"currentTime":"2026-05-04T10:00:00.000Z"}]\n',
  );
});

it('filters by everything at once', async () => {
  const argv = [
    'CP001',
    '--action',
    'heartbeat',
    '--direction',
    'in',
    '--type',
    'call',
    '--message-id',
    'm7',
  ];
  const { stdout } = await run([...argv, '--from', '2026-05-04T10:00Z', '--to', '2026-05-04T10:01Z']);
  expect(stdout).toBe('2026-05-04T10:00:00.000Z\tCP001\tin\tHeartbeat\n');
  expect((await run([...argv, '--to', '2026-05-04T10:00Z'])).stdout).toBe('');
});

it('takes the flags of every list: ids, columns, filters, order', async () => {
  expect((await run(['-q', '--limit', '3'])).stdout).toBe('m38\nm39\nm39\n');
  expect((await run(['--filter', 'type=Call', '--filter', 'messageId=m7', '-q'])).stdout).toBe('m7\n');
  expect((await run(['--filter', 'type=call', '--limit', '2', '-q'])).stdout).toBe('m38\nm39\n');
  expect((await run(['--station', 'CP001', '--columns', 'messageId,type', '--limit', '1'])).stdout).toBe(
    'messageId\ttype\nm39\tresult\n',
  );
  const first = ['--sort', 'messageId', '--limit', '3'];
  expect((await run([...first, '-q', '--action', 'Heartbeat', '--type', 'call'])).stdout).toBe(
    'm0\nm1\nm2\n',
  );
  const { json } = await run([...first, '--json']);
  expect(json).toMatchObject([{ messageId: 'm0' }, { messageId: 'm0' }, { messageId: 'm1' }]);
  const onTerminal = await run(['--sort', '-messageId', '--columns', 'messageId'], 80);
  expect(onTerminal.stdout).toMatch(/^MESSAGE ID\nm39\n/);
  expect(onTerminal.stderr).toBe('50 of 80: --all shows the rest, --limit and --filter choose.\n');
});

it.each([['--filter'], ['--sort']])('%s names a field that is there', async (flag) => {
  const { json, exitCode } = await run([flag, flag === '--sort' ? 'latency' : 'latency=1', '--json']);
  expect(exitCode).toBe(2);
  expect(JSON.stringify(json)).toContain('latencyMs');
});

it('says what was meant by a misspelt action, as one document with --json', async () => {
  const { json, exitCode } = await run(['--action', 'heartbeet', '--json']);
  expect(exitCode).toBe(2);
  expect(json).toMatchObject({ error: { code: 'USAGE', suggestions: ['Did you mean Heartbeat?'] } });
});

it('works without a server, but there is nothing to follow then', async () => {
  await server.stop();
  expect((await run(['--limit', '1'])).stdout).toContain('Heartbeat answered');
  const { stdout, stderr, exitCode } = await run(['--follow']);
  expect([stdout, exitCode]).toEqual(['', 7]);
  expect(stderr).toContain('No server is running');
});

it('--follow with --json is a document per line; when the server stops, it says so', async () => {
  let hasBegun = false;
  class Watched extends MessageList {
    override streamJsonLines(items: AsyncIterable<unknown>): Promise<void> {
      async function* watched() {
        for await (const item of items) {
          hasBegun = true;
          yield item;
        }
      }
      return super.streamJsonLines(watched());
    }
  }
  const following = run(['--follow', '--json', '--limit', '1'], undefined, Watched);
  await until(() => hasBegun);
  await server.stop();
  const { stdout, exitCode } = await following;
  const lines = stdout.trimEnd().split('\n');
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({ messageId: 'm39', type: 'result' });
  expect(JSON.parse(lines[1] ?? '')).toMatchObject({ error: { message: 'The server has stopped.' } });
  expect(exitCode).toBe(7);
});
