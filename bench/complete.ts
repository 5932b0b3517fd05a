import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { newStation, newTag } from '../src/domain/new-entities.js';
import { firstJson, median, startNode, stop } from './measure.js';
import { line, section, verdict } from './report.js';
import { openStore } from './store-fixture.js';

const answerMsMax = 150;
const stations = 1000;
const tags = 100_000;

const program = fileURLToPath(new URL('../../bin/run.js', import.meta.url));

/** What is typed, and what has to be among the answers. */
const lines = [
  ['commands', 'evfleet stat', 'station '],
  ['flags', 'evfleet station list --col', '--columns '],
  ['stations', 'evfleet station show BENCH-0', 'BENCH-0000 '],
  ['tags', 'evfleet tag show 099', '09900000 '],
] as const;

/** How long the tab key takes, whole process, with many names; an empty Node process in the same turns. */
export async function benchComplete({ quick }: { readonly quick: boolean }): Promise<void> {
  const runs = quick ? 5 : 30;
  section(`The tab key with ${stations} stations and ${tags.toLocaleString('en')} tags, whole process`);
  const directory = mkdtempSync(join(tmpdir(), 'evfleet-bench-'));
  try {
    await fill(directory);
    report('without a server', measure(directory, runs));
    const flags = ['--port', '0', '--data-dir', directory, '--json', '--log-level', 'error'];
    const server = startNode(program, ['serve', ...flags]);
    await firstJson(server);
    report('with a running server', measure(directory, runs));
    await stop(server);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

interface Measured {
  readonly emptyMs: readonly number[];
  readonly answersMs: ReadonlyMap<string, readonly number[]>;
}

function measure(dataDir: string, runs: number): Measured {
  const emptyMs: number[] = [];
  const answersMs = new Map<string, number[]>(lines.map(([name]) => [name, []]));
  // The first two are for the caches of files.
  for (let run = -2; run < runs; run += 1) {
    const empty = timed(['-e', '0'], dataDir);
    if (run >= 0) emptyMs.push(empty.ms);
    for (const [name, typed, expected] of lines) {
      const { ms, stdout } = timed(
        [program, '__complete', 'bash', typed, String(typed.length), ' \t\n='],
        dataDir,
      );
      // With another load than this one's own an answer may be given up; that is no figure.
      if (!stdout.split('\n').includes(expected) && run >= 0) line(`${name}: no answer in time`, '');
      if (run >= 0) answersMs.get(name)?.push(ms);
    }
  }
  return { emptyMs, answersMs };
}

function report(where: string, { emptyMs, answersMs }: Measured): void {
  line(`${where}: empty Node process`, `${median(emptyMs).toFixed(0)} ms`);
  for (const [name, ms] of answersMs) {
    const middle = median(ms);
    const worst = Math.max(...ms);
    const remark = verdict(worst <= answerMsMax, `at most ${answerMsMax} ms`);
    line(
      `${where}: ${name}, median and worst of ${ms.length}`,
      `${middle.toFixed(0)}, ${worst.toFixed(0)} ms`,
      remark,
    );
  }
}

function timed(argv: readonly string[], dataDir: string) {
  const begun = performance.now();
  const { stdout } = spawnSync(process.execPath, argv, {
    encoding: 'utf8',
    env: { PATH: process.env.PATH, HOME: dataDir, EVFLEET_DATA_DIR: dataDir },
  });
  return { ms: performance.now() - begun, stdout };
}

async function fill(directory: string): Promise<void> {
  const store = await openStore(directory);
  const createdAt = Date.now();
  await store.write(async (r) => {
    for (let index = 0; index < stations; index += 1) {
      const id = `BENCH-${String(index).padStart(4, '0')}`;
      await r.stations.insert(newStation({ uuid: id, id, createdAt }));
    }
  });
  for (let from = 0; from < tags; from += 10_000) {
    const some = Array.from({ length: 10_000 }, (_, index) =>
      newTag({ tag: `${String(from + index).padStart(5, '0')}000`, createdAt }),
    );
    await store.write((r) => r.tags.insertMany(some));
  }
  await store.compact();
  await store.close();
}
