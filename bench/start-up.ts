import { spawnSync } from 'node:child_process';
import { setMaxListeners } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openLocalFleet } from '../src/server/local-fleet.js';
import { firstJson, median, startNode, stop } from './measure.js';

/** Wall time of whole commands against that of an oclif command that does nothing, run in turns. */
export interface StartUp {
  readonly emptyMs: number;
  readonly servedMs: number;
  readonly offlineMs: number;
  /** Medians of the ratios of runs that followed each other. */
  readonly servedRatio: number;
  readonly offlineRatio: number;
}

const root = fileURLToPath(new URL('../..', import.meta.url));
const program = join(root, 'bin', 'run.js');

export async function benchStartUp({ stations, runs }: { stations: number; runs: number }): Promise<StartUp> {
  const directory = mkdtempSync(join(tmpdir(), 'evfleet-bench-'));
  try {
    const empty = createEmptyCommand(directory);
    const offline = join(directory, 'offline');
    const served = join(directory, 'served');
    await createStations(offline, stations);
    await createStations(served, stations);
    const server = startNode(program, [
      'serve',
      '--port',
      '0',
      '--data-dir',
      served,
      '--json',
      '--log-level',
      'error',
    ]);
    await firstJson(server);
    const rows = [];
    for (let run = 0; run < runs + 2; run += 1) {
      rows.push({
        empty: time([empty, 'empty']),
        served: time([program, 'station', 'list', '--data-dir', served]),
        offline: time([program, 'station', 'list', '--data-dir', offline]),
      });
    }
    await stop(server);
    const counted = rows.slice(2);
    return {
      emptyMs: median(counted.map((row) => row.empty)),
      servedMs: median(counted.map((row) => row.served)),
      offlineMs: median(counted.map((row) => row.offline)),
      servedRatio: median(counted.map((row) => row.served / row.empty)),
      offlineRatio: median(counted.map((row) => row.offline / row.empty)),
    };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** The smallest program that oclif makes, with a manifest as ours has. */
function createEmptyCommand(directory: string): string {
  const home = join(directory, 'empty');
  mkdirSync(join(home, 'commands'), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(home, 'node_modules'));
  const write = (name: string, text: string) => writeFileSync(join(home, name), text);
  const manifest = { version: '1.0.0', commands: { empty: command } };
  write(
    'package.json',
    JSON.stringify({
      name: 'empty',
      version: '1.0.0',
      type: 'module',
      oclif: { bin: 'empty', commands: './commands' },
    }),
  );
  write('oclif.manifest.json', JSON.stringify(manifest));
  write(
    'commands/empty.js',
    "import { Command } from '@oclif/core';\nexport default class Empty extends Command {\n  async run() {\n    await this.parse(Empty);\n  }\n}\n",
  );
  write('run.js', "import { execute } from '@oclif/core';\nawait execute({ dir: import.meta.url });\n");
  return join(home, 'run.js');
}

const command = {
  aliases: [],
  args: {},
  flags: {},
  hasDynamicHelp: false,
  hiddenAliases: [],
  id: 'empty',
  pluginAlias: 'empty',
  pluginName: 'empty',
  pluginType: 'core',
  strict: true,
  enableJsonFlag: false,
  isESM: true,
  relativePath: ['commands', 'empty.js'],
};

async function createStations(dataDir: string, stations: number): Promise<void> {
  const { signal } = new AbortController();
  setMaxListeners(0, signal);
  const fleet = await openLocalFleet({ dataDir, lockTimeoutMs: 0, signal });
  await fleet.run('site.create', { name: 'Bench' });
  const ids = Array.from({ length: stations }, (_, index) => `BENCH-${String(index).padStart(4, '0')}`);
  await Promise.all(ids.map((id) => fleet.run('station.create', { id, site: 'Bench', connectors: 2 })));
  await fleet.close();
}

function time(argv: readonly string[]): number {
  const begun = performance.now();
  const { status, stderr } = spawnSync(process.execPath, argv, {
    encoding: 'utf8',
    env: { ...process.env, NODE_ENV: 'production' },
  });
  if (status !== 0) throw new Error(`${argv.join(' ')} ended with ${status}: ${stderr}`);
  return performance.now() - begun;
}
