import { fileURLToPath } from 'node:url';
import type { LoadOptions, LoadResult } from './load-options.js';
import { firstJson, loadCpu, startNode } from './measure.js';
import { line } from './report.js';
import { scrape } from './scrape.js';
import { type BenchServer, type ServerName, serverNames, startServer } from './servers.js';

const loadProgram = fileURLToPath(new URL('load.js', import.meta.url));

export type RunOptions = Pick<LoadOptions, 'workload' | 'stations' | 'seconds' | 'warmUpSeconds'>;

export interface RunResult extends LoadResult {
  /** Mean of the syncs of the journal: what the disk makes every answer wait. Undefined of the baselines. */
  readonly syncMs?: number;
}

/** Runs the load against a server that is running. */
export async function runLoad(
  { url, pid: serverPid, controlSocket }: BenchServer,
  options: RunOptions & Pick<LoadOptions, 'ratePerS' | 'isEcho'>,
): Promise<RunResult> {
  const argument: LoadOptions = { ...options, url, serverPid };
  const load = startNode(loadProgram, [JSON.stringify(argument)], { cpu: loadCpu });
  const result = await firstJson<LoadResult>(load);
  if (controlSocket === undefined) return result;
  const syncS = await scrape(controlSocket, 'evfleet_journal_sync_seconds_total');
  const syncs = await scrape(controlSocket, 'evfleet_journal_syncs_total');
  return { ...result, syncMs: (syncS / syncs) * 1000 };
}

/** The fastest run of each, taken in turns, because the speed of the machine drifts. */
export async function bestOf(
  runs: number,
  names: readonly ServerName[],
  options: RunOptions,
): Promise<Map<ServerName, RunResult>> {
  const best = new Map<ServerName, RunResult>();
  for (let run = 0; run < runs; run += 1) {
    for (const name of names) {
      const server = await startServer(name, options.stations);
      const result = await runLoad(server, { ...options, isEcho: name === 'echo' });
      await server.stop();
      const rate = best.get(name)?.ratePerS ?? 0;
      if (result.ratePerS > rate) best.set(name, result);
    }
  }
  return best;
}

/** At this share of its processor, the load may be what limits the rate. */
const loadBusyMax = 0.95;

export function printRate(name: ServerName, result: RunResult): void {
  const { ratePerS, serverCpuPer1000, p99Ms, serverBusy, loadBusy, failures, syncMs } = result;
  line(
    serverNames[name],
    `${Math.round(ratePerS)} /s`,
    `${serverCpuPer1000.toFixed(4)} CPU s per 1,000, p99 ${p99Ms.toFixed(1)} ms, ` +
      `CPUs: server ${serverBusy.toFixed(2)}, load ${loadBusy.toFixed(2)}` +
      (syncMs === undefined ? '' : `, ${syncMs.toFixed(1)} ms a sync`),
  );
  if (failures > 0) line('', `${failures}`, 'FAILED: answers that were errors, or lost connections');
  if (loadBusy > loadBusyMax && serverBusy < loadBusyMax) {
    line('', '', 'the load was busier than the server: the server may be faster than this');
  }
}
