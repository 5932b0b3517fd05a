import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { openLocalFleet } from '../src/server/local-fleet.js';
import { cpuSeconds, firstJson, median, startNode, stop } from './measure.js';

/**
 * MeterValues per second over many connections, each validated, stored and synced before it is answered, against a
 * bare `ws` echo server in the same run: interleaved, because the machine's speed drifts.
 */
export interface MeterValuesOptions {
  readonly stations: number;
  readonly seconds: number;
  readonly runs: number;
}

interface Result {
  readonly rate: number;
  readonly p99Ms: number;
  /** Processor seconds of the server per 1,000 messages. */
  readonly cpuPer1000: number;
}

const here = fileURLToPath(new URL('.', import.meta.url));
const program = fileURLToPath(new URL('../../bin/run.js', import.meta.url));
/** Only the load is pinned: it must not take both processors from the server. */
const loadCpu = 1;

export async function benchMeterValues(
  options: MeterValuesOptions,
): Promise<{ echo: Result[]; evfleet: Result[] }> {
  const echo: Result[] = [];
  const evfleet: Result[] = [];
  for (let run = 0; run < options.runs; run += 1) {
    echo.push(await measureEcho(options));
    evfleet.push(await measureEvfleet(options));
  }
  return { echo, evfleet };
}

async function measureEcho(options: MeterValuesOptions): Promise<Result> {
  const server = startNode(join(here, 'echo-server.js'), []);
  const { url } = await firstJson<{ url: string }>(server);
  const result = await load(url, server.pid, options);
  await stop(server);
  return result;
}

async function measureEvfleet(options: MeterValuesOptions): Promise<Result> {
  const dataDir = mkdtempSync(join(tmpdir(), 'evfleet-bench-'));
  try {
    await createFleet(dataDir, options.stations);
    const argv = ['serve', '--port', '0', '--data-dir', dataDir, '--json', '--log-level', 'error'];
    const server = startNode(program, argv);
    const { url, pid } = await firstJson<{ url: string; pid: number }>(server);
    const result = await load(url, pid, options);
    await stop(server);
    return result;
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}

async function createFleet(dataDir: string, stations: number): Promise<void> {
  const { signal } = new AbortController();
  const fleet = await openLocalFleet({ dataDir, lockTimeoutMs: 0, signal });
  await fleet.run('tag.create', { tag: 'BENCH' });
  const ids = Array.from({ length: stations }, (_, index) => `BENCH-${String(index).padStart(4, '0')}`);
  await Promise.all(ids.map((id) => fleet.run('station.create', { id })));
  await fleet.close();
}

async function load(
  url: string,
  serverPid: number | undefined,
  options: MeterValuesOptions,
): Promise<Result> {
  const child = startNode(join(here, 'load.js'), [url, String(options.stations), String(options.seconds)], {
    cpu: loadCpu,
  });
  if (!child.stdout) throw new Error('The output of the load is not captured.');
  let cpuBefore = Number.NaN;
  for await (const line of createInterface({ input: child.stdout })) {
    if (!line.startsWith('done ')) {
      cpuBefore = cpuSeconds(serverPid);
      continue;
    }
    const { rate, answered, p99Ms } = JSON.parse(line.slice(5)) as {
      rate: number;
      answered: number;
      p99Ms: number;
    };
    return { rate, p99Ms, cpuPer1000: ((cpuSeconds(serverPid) - cpuBefore) / answered) * 1000 };
  }
  throw new Error('The load ended without a result.');
}

export function summarize(results: readonly Result[]): Result {
  return {
    rate: median(results.map(({ rate }) => rate)),
    p99Ms: median(results.map(({ p99Ms }) => p99Ms)),
    cpuPer1000: median(results.map(({ cpuPer1000 }) => cpuPer1000)),
  };
}
