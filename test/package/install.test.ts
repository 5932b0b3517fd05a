import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

/**
 * `npm run package-test`: packs the program, installs it as a stranger would, without scripts and into a path with a space,
 * and uses it on each Node that is supported. It takes minutes and the registry, so `npm test` leaves it out.
 */
const isWanted = process.env.EVFLEET_PACKAGE_TEST === '1';
const versions = ['20.19', '22', '24'];

const run = promisify(execFile);
const root = fileURLToPath(new URL('../../', import.meta.url));
const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel', 'error'];

describe.skipIf(!isWanted)('the package (npm run package-test)', () => {
  const directory = mkdtempSync(join(tmpdir(), 'evfleet package-'));
  const prefix = join(directory, 'global');
  const program = join(prefix, 'bin', 'evfleet');
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  beforeAll(async () => {
    await run('npm', ['pack', '--ignore-scripts', '--pack-destination', directory], { cwd: root });
    const [file = ''] = readdirSync(directory).filter((name) => name.endsWith('.tgz'));
    await run('npm', ['install', '--global', ...quiet, '--prefix', prefix, join(directory, file)]);
  }, 600_000);

  it('nothing else was installed, and nothing wants to run a script', () => {
    const packages = readdirSync(join(prefix, 'lib'), { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith('package.json'),
    );
    expect(packages).toEqual(['node_modules/evfleet/package.json']);
    const { scripts = {} } = JSON.parse(readFileSync(join(prefix, 'lib', packages[0] ?? ''), 'utf8'));
    expect(['preinstall', 'install', 'postinstall', 'prepare'].filter((script) => script in scripts)).toEqual(
      [],
    );
  });

  describe.each(versions)('on Node %s', (version) => {
    const home = join(directory, `home ${version}`);
    const dataDir = join(home, 'data');
    let node = '';
    let env: NodeJS.ProcessEnv = {};
    let server: ChildProcess | undefined;

    const evfleet = async (...argv: string[]) => (await run(program, argv, { env })).stdout;

    beforeAll(async () => {
      mkdirSync(home, { recursive: true });
      const name = `node-${process.platform}-${process.arch}`;
      await run('npm', ['install', ...quiet, '--prefix', home, `${name}@${version}`]);
      node = join(home, 'node_modules', name, 'bin');
      env = { PATH: `${node}:/usr/bin:/bin`, HOME: home, EVFLEET_DATA_DIR: dataDir };
    }, 600_000);
    afterAll(() => void server?.kill('SIGKILL'));

    it('says its version and the status of a new fleet', async () => {
      expect(await evfleet('--version')).toMatch(
        new RegExp(`^evfleet/\\S+ \\S+ node-v${version.replace('.', '\\.')}`),
      );
      expect(JSON.parse(await evfleet('status', '--json'))).toMatchObject({ stations: [] });
    });

    it('serves, charges virtual cars, shows the sessions, and stops', async () => {
      const readyFile = join(home, 'ready.json');
      server = spawn(program, ['serve', '--port', '0', '--api-port', '0', '--ready-file', readyFile], {
        env,
        stdio: 'ignore',
      });
      const ended = new Promise<number | null>((resolve) => server?.once('exit', resolve));
      while (!existsSync(readyFile)) {
        if (server.exitCode !== null) throw new Error(`serve ended with ${server.exitCode}`);
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      const doctor = await evfleet('doctor', '--json').catch(({ stdout }) => stdout as string);
      expect(JSON.parse(doctor)).toEqual(
        expect.arrayContaining([expect.objectContaining({ check: 'mail' })]),
      );
      const { url } = JSON.parse(readFileSync(readyFile, 'utf8')) as { readonly url: string };
      await evfleet(
        'simulate',
        '--url',
        url,
        '--stations',
        '2',
        '--sessions',
        '1',
        '--speed',
        '3600',
        '--create',
      );
      const sessions = JSON.parse(await evfleet('session', 'list', '--json')) as readonly {
        readonly state: string;
      }[];
      expect(sessions.map(({ state }) => state)).toEqual(['ended', 'ended']);
      // The thread that compacts, and what else is loaded by name.
      await evfleet('store', 'compact');
      await evfleet('session', 'export', '--format', 'xlsx', '--output', join(home, 'sessions.xlsx'));
      await evfleet('certificate', 'ca', 'create');
      server.kill('SIGTERM');
      expect(await ended).toBe(0);
      expect(JSON.parse(await evfleet('station', 'list', '--json'))).toHaveLength(2);
    });

    it('is found through a link', async () => {
      const link = join(home, 'ev');
      symlinkSync(program, link);
      expect((await run(link, ['--version'], { env })).stdout).toMatch(/^evfleet\//);
    });
  });
});
