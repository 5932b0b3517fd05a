import { spawnSync } from 'node:child_process';
import { setMaxListeners } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openLocalFleet } from '../src/server/local-fleet.js';
import { firstJson, median, startNode, stop } from './measure.js';
import { line, section, verdict } from './report.js';

const servedRatioMax = 1.3;
const offlineRatioMax = 1.8;
const readyMaxMs = 1000;

/** Commands that read, each of another kind. */
const reads = ['station list', 'session list', 'status', 'tag list', 'alarm list', 'site list'];

const root = fileURLToPath(new URL('../..', import.meta.url));
const program = join(root, 'bin', 'run.js');

/** Wall time of whole commands against that of an oclif command that does nothing, run in turns; then of `serve`. */
export async function benchStartUp({ stations, runs }: { stations: number; runs: number }): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'evfleet-bench-'));
  try {
    const empty = createEmptyCommand(directory);
    const offline = join(directory, 'offline');
    const served = join(directory, 'served');
    await createStations(offline, stations);
    cpSync(offline, served, { recursive: true });
    section(`Commands that read, with ${stations} stations: whole process, against an empty oclif command`);
    const server = startNode(program, serveArgv(served));
    await firstJson(server);
    const times = timesInTurns(empty, { offline, served }, runs);
    await stop(server);
    line('empty oclif command', `${median(times.empty).toFixed(0)} ms`);
    printRatios('with a running server', times.empty, times.served, servedRatioMax);
    printRatios('without a server', times.empty, times.offline, offlineRatioMax);
    const readyMs = median(await timesUntilReady(served, Math.ceil(runs / 3)));
    line(
      'serve is ready',
      `${readyMs.toFixed(0)} ms`,
      verdict(readyMs <= readyMaxMs, `at most ${readyMaxMs}`),
    );
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

type Times = ReadonlyMap<string, readonly number[]>;

/** What runs after each other meets the same moods of the machine. */
function timesInTurns(
  empty: string,
  { offline, served }: { offline: string; served: string },
  runs: number,
): { empty: readonly number[]; served: Times; offline: Times } {
  const rounds = Array.from({ length: runs + 1 }, () => ({
    empty: time([empty, 'empty']),
    served: reads.map((read) => time([program, ...read.split(' '), '--data-dir', served])),
    offline: reads.map((read) => time([program, ...read.split(' '), '--data-dir', offline])),
  }));
  // The first fills the caches of the disk.
  const counted = rounds.slice(1);
  const byCommand = (of: 'served' | 'offline') =>
    new Map(reads.map((read, at) => [read, counted.map((round) => round[of][at] ?? Number.NaN)]));
  return {
    empty: counted.map((round) => round.empty),
    served: byCommand('served'),
    offline: byCommand('offline'),
  };
}

/** Medians of the ratios of runs of the same round. */
function printRatios(how: string, empty: readonly number[], times: Times, ratioMax: number): void {
  for (const [command, taken] of times) {
    const ratio = median(taken.map((ms, round) => ms / (empty[round] ?? Number.NaN)));
    const remark = `${median(taken).toFixed(0)} ms; ${verdict(ratio <= ratioMax, `at most ${ratioMax}`)}`;
    line(`${command}, ${how}`, ratio.toFixed(2), remark);
  }
}

/** From the start of the process until stations can connect. */
async function timesUntilReady(dataDir: string, runs: number): Promise<number[]> {
  const times: number[] = [];
  for (let run = 0; run < runs; run += 1) {
    const begun = performance.now();
    const server = startNode(program, serveArgv(dataDir));
    await firstJson(server);
    times.push(performance.now() - begun);
    await stop(server);
  }
  return times;
}

function serveArgv(dataDir: string): string[] {
  return ['serve', '--port', '0', '--data-dir', dataDir, '--json', '--log-level', 'error'];
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
  await Promise.all(ids.map((tag) => fleet.run('tag.create', { tag })));
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
