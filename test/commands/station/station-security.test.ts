import { Readable } from 'node:stream';
import { describe, expect, it, vi } from 'vitest';
import StationCreate from '../../../commands/station/create.js';
import StationRotateKey from '../../../commands/station/rotate-key.js';
import StationShow from '../../../commands/station/show.js';
import StationUpdate from '../../../commands/station/update.js';
import { runCommand } from '../../helpers/run-command.js';
import { ScriptedStation } from '../../helpers/scripted-station.js';
import { basic, hexKey, keyBytes } from '../../helpers/station-key.js';
import { TestServer } from '../../helpers/test-server.js';

const commands = {
  create: StationCreate,
  show: StationShow,
  update: StationUpdate,
  'rotate-key': StationRotateKey,
};

async function withServer() {
  const server = await TestServer.start();
  const env = { EVFLEET_DATA_DIR: server.dataDir };
  const run = (verb: keyof typeof commands, ...argv: string[]) =>
    runCommand(commands[verb], argv, { env, id: `station:${verb}` });
  return { server, run };
}

function typed(text: string): void {
  vi.spyOn(process, 'stdin', 'get').mockReturnValue(
    Readable.from([Buffer.from(text)]) as unknown as typeof process.stdin,
  );
}

describe('a key that is made', () => {
  it('is alone on stdout, once, and opens', async () => {
    const { server, run } = await withServer();
    const { stdout, stderr } = await run('create', 'CP1', '--generate-auth-key');
    expect(stdout).toMatch(/^[0-9a-f]{40}\n$/);
    expect(stderr).toBe(
      'Created station CP1.\n' +
        'Its security profile is 1.\n' +
        'Its key is shown only now; type it into CP1, as its AuthorizationKey or password.\n',
    );
    await server.connect('CP1', basic('CP1', stdout.trim()));
    const shown = await run('show', 'CP1', '--json');
    expect(JSON.parse(shown.stdout)).toMatchObject({ hasAuthKey: true, securityProfile: 1, shownProfile: 1 });
    expect(shown.stdout).not.toContain(stdout.trim());
  });

  it('is in the one document of --json', async () => {
    const { run } = await withServer();
    await run('create', 'CP1');
    const { stdout } = await run('update', 'CP1', '--generate-auth-key', '--security-profile', '2', '--json');
    expect(JSON.parse(stdout)).toMatchObject({
      authKey: expect.stringMatching(/^[0-9a-f]{40}$/),
      securityProfile: 2,
    });
  });
});

describe('a key that is typed', () => {
  it('comes from standard input, and is shown nowhere', async () => {
    const { server, run } = await withServer();
    typed(`${hexKey}\n`);
    const { stdout, stderr, exitCode } = await run('create', 'CP1', '--auth-key-stdin');
    expect([stdout, stderr, exitCode]).toEqual(['', 'Created station CP1.\n', 0]);
    await server.connect('CP1', basic('CP1', keyBytes));
    const sheet = await run('show', 'CP1');
    expect(sheet.stdout).toMatch(/^hasAuthKey\ttrue$/m);
    expect(sheet.stdout).toMatch(/^shownProfile\t1$/m);
  });

  it('has to be a key', async () => {
    const { run } = await withServer();
    typed('too short\n');
    const { stderr, exitCode } = await run('create', 'CP1', '--auth-key-stdin');
    expect(exitCode).toBe(2);
    expect(stderr).toContain('The authorization key is 9 bytes long, at least 16 are needed.');
    expect(stderr).not.toContain('too short');
    expect((await run('show', 'CP1')).exitCode).toBe(5);
  });

  it('is taken away with --remove-auth-key and a profile that needs none', async () => {
    const { run } = await withServer();
    await run('create', 'CP1', '--generate-auth-key');
    const alone = await run('update', 'CP1', '--remove-auth-key');
    expect(alone.exitCode).toBe(6);
    expect(alone.stderr).toContain('Add --security-profile 0, or 3 for client certificates.');
    expect((await run('update', 'CP1', '--remove-auth-key', '--security-profile', '1')).exitCode).toBe(2);
    expect((await run('update', 'CP1', '--remove-auth-key', '--security-profile', '0')).exitCode).toBe(0);
  });
});

it('a profile that nobody could meet is refused, with the ways to a key', async () => {
  const { run } = await withServer();
  await run('create', 'CP1');
  const { stderr, exitCode } = await run('update', 'CP1', '--security-profile', '2');
  expect(exitCode).toBe(6);
  expect(stderr).toContain(
    'Station CP1 could not connect: profile 2 (TLS and its key) is required, and it has no key.',
  );
  expect(stderr).toContain('evfleet station rotate-key CP1');
});

describe('station rotate-key', () => {
  it('gives a station its first key, and tells what counts', async () => {
    const { server, run } = await withServer();
    const station = await server.connected('CP1');
    station.on('ChangeConfiguration', () => ({ status: 'Accepted' }));
    const { stdout, exitCode } = await run('rotate-key', 'CP1');
    const { value } = await station.received('ChangeConfiguration');
    expect(exitCode).toBe(0);
    expect(stdout).toBe(
      'CP1 answered Accepted: both keys are good until it connects with it. The key went over a connection without TLS.\n',
    );
    expect(stdout).not.toContain(String(value));
    await server.connect('CP1', basic('CP1', String(value)));
    expect((await ScriptedStation.refusal(server.url, 'CP1')).status).toBe(401);
  });

  it('goes on with the others when one refuses', async () => {
    const { server, run } = await withServer();
    for (const [id, status] of [
      ['CP1', 'Accepted'],
      ['CP2', 'Rejected'],
    ] as const) {
      const station = await server.connected(id);
      station.on('ChangeConfiguration', () => ({ status }));
    }
    const { stdout, stderr, exitCode } = await run('rotate-key', '--all', '--yes');
    expect(exitCode).toBe(9);
    expect(stdout).toMatch(/CP1 .*Accepted/);
    expect(stdout).toMatch(/CP2 refused its new key: Rejected\. The one before stays good\./);
    expect(stderr).toContain('1 of 2 accepted, 1 failed');
  });

  it('says who is offline', async () => {
    const { run } = await withServer();
    await run('create', 'CP1');
    expect((await run('rotate-key', 'CP1')).exitCode).toBe(7);
  });
});
