import { beforeEach, expect, it } from 'vitest';
import AuditList from '../../../commands/audit/list.js';
import StationUpdate from '../../../commands/station/update.js';
import type { AuditView } from '../../../src/operations/record/audit.js';
import { FleetStore } from '../../../src/store/fleet-store.js';
import { runCommand } from '../../helpers/run-command.js';
import { temporaryDirectory } from '../../helpers/temporary-directory.js';
import { TestServer } from '../../helpers/test-server.js';
import { newAuditEntry } from '../../store/support/fixtures.js';

let server: TestServer;

const run = (
  argv: string[],
  columns?: number,
  command: typeof AuditList | typeof StationUpdate = AuditList,
) =>
  runCommand(command, argv, {
    env: { EVFLEET_DATA_DIR: server.dataDir, NO_COLOR: '1' },
    ...(columns !== undefined && { columns }),
    id: command === AuditList ? 'audit:list' : 'station:update',
  });

const start = Date.UTC(2026, 4, 4, 8);

beforeEach(async () => {
  const dataDir = await temporaryDirectory();
  const options = { directory: dataDir, command: 'test', lockTimeoutMs: 0, now: () => start };
  const store = await FleetStore.open(options);
  const ada = { actor: 'ada@example.org', way: 'api', address: '192.0.2.7', keyId: 'k1' } as const;
  const site = { operation: 'site.update', kind: 'site', target: 'Solna' } as const;
  const nothing = { kind: null, before: null, after: null } as const;
  await store.write((r) =>
    r.audit.insert([
      newAuditEntry(start, {
        ...ada,
        ...site,
        before: '{"name":"Solna","address":null}',
        after: '{"name":"Kista","address":"Storgatan 1"}',
        input: null,
        outcome: 'ok',
      }),
      newAuditEntry(start + 60_000, {
        ...ada,
        ...nothing,
        operation: 'remote.reset',
        target: '412 stations',
        after: '{"ok":410,"failed":2}',
        input: '{"targets":{"all":true},"kind":"hard"}',
        outcome: 'SOME_FAILED',
      }),
      newAuditEntry(start + 120_000, {
        ...nothing,
        actor: 'eve@example.org',
        role: 'driver',
        way: 'api',
        address: '203.0.113.9',
        keyId: 'k2',
        operation: 'user.create',
        target: 'mallory@example.org',
        input: '{"email":"mallory@example.org","password":"***"}',
        outcome: 'NOT_ALLOWED',
      }),
      newAuditEntry(start + 180_000, {
        actor: 'root',
        way: 'socket',
        address: null,
        keyId: null,
        operation: 'connector.update',
        kind: 'connector',
        target: 'CP001 2',
        before: '{"mode":"rfid"}',
        after: '{"mode":"open"}',
        input: null,
        outcome: 'ok',
      }),
    ]),
  );
  await store.close();
  server = await TestServer.start({ dataDir });
});

it('shows who changed what on 80 columns, and more where there is room', async () => {
  expect((await run(['--utc'], 80)).stdout).toMatchInlineSnapshot(`
    "TIME               ACTOR  OPERATION      TARGET        CHANGE        OUTCOME
    2026-05-04 08:00Z  ada@…  site.update    Solna         name: Solna…  ok
    2026-05-04 08:01Z  ada@…  remote.reset   412 stations  kind: hard;…  SOME_FAILED
    2026-05-04 08:02Z  eve@…  user.create    mallory@exa…  password: *…  NOT_ALLOWED
    2026-05-04 08:03Z  root   connector.up…  CP001 2       mode: rfid…   ok
    "
  `);
  expect((await run(['--utc'], 200)).stdout).toMatchInlineSnapshot(`
    "TIME                  ACTOR            OPERATION         TARGET               CHANGE                                            OUTCOME      ROLE    WAY     FROM
    2026-05-04 08:00:00Z  ada@example.org  site.update       Solna                name: Solna → Kista; address: none → Storgatan 1  ok           admin   api     192.0.2.7
    2026-05-04 08:01:00Z  ada@example.org  remote.reset      412 stations         kind: hard; ok: 410; failed: 2                    SOME_FAILED  admin   api     192.0.2.7
    2026-05-04 08:02:00Z  eve@example.org  user.create       mallory@example.org  password: ***                                     NOT_ALLOWED  driver  api     203.0.113.9
    2026-05-04 08:03:00Z  root             connector.update  CP001 2              mode: rfid → open                                 ok           admin   socket  -
    "
  `);
});

it('gives programs objects, and CSV with JSON in its cells', async () => {
  const { json } = await run(['--json', '--target', 'Solna']);
  expect(json).toEqual([
    {
      time: '2026-05-04T08:00:00.000Z',
      actor: 'ada@example.org',
      role: 'admin',
      way: 'api',
      address: '192.0.2.7',
      keyId: 'k1',
      operation: 'site.update',
      kind: 'site',
      target: 'Solna',
      change: 'name: Solna → Kista; address: none → Storgatan 1',
      before: { name: 'Solna', address: null },
      after: { name: 'Kista', address: 'Storgatan 1' },
      input: null,
      outcome: 'ok',
    },
  ]);
  const { stdout } = await run(['--csv', '--columns', 'actor,before,after', '--target', 'CP001']);
  expect(stdout).toBe('actor,before,after\nroot,"{""mode"":""rfid""}","{""mode"":""open""}"\n');
});

it.each([
  [
    ['--actor', 'ADA@example.org'],
    ['Solna', '412 stations'],
  ],
  [['--target', 'Mallory@Example.ORG'], ['mallory@example.org']],
  [['--target', 'cp001'], ['CP001 2']],
  [['--operation', 'site'], ['Solna']],
  [['--operation', 'remote.reset'], ['412 stations']],
  [['--kind', 'connector'], ['CP001 2']],
  [['--target', 'CP001'], ['CP001 2']],
  [
    ['--outcome', 'failed'],
    ['412 stations', 'mallory@example.org'],
  ],
  [['--outcome', 'NOT_ALLOWED'], ['mallory@example.org']],
  [['--from', '2026-05-04T08:01Z', '--to', '2026-05-04T08:02Z'], ['412 stations']],
  [['--actor', 'ada@example.org', '--outcome', 'ok', '--limit', '1'], ['Solna']],
  [['--limit', '1'], ['CP001 2']],
  [['--sort', 'target', '--limit', '1'], ['412 stations']],
])('filters by %j', async (argv, targets) => {
  const { json } = await run([...argv, '--json']);
  expect((json as AuditView[]).map(({ target }) => target)).toEqual(targets);
});

it('says what outcomes there are', async () => {
  const { stderr, exitCode } = await run(['--outcome', 'refused']);
  expect(exitCode).toBe(2);
  expect(stderr).toContain('NOT_ALLOWED');
});

it('has a change that a command just made, by the user of the system', async () => {
  await server.connected('CP001');
  await run(['CP001', '--name', 'Entrance'], undefined, StationUpdate);
  const { json } = await run(['--kind', 'station', '--json', '--limit', '1']);
  expect(json).toMatchObject([
    { operation: 'station.update', target: 'CP001', change: 'name: CP001 → Entrance', way: 'socket' },
  ]);
});
