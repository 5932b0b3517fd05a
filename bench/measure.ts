import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

/** What the benchmarks share: processes, processor time, medians. */

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

/** Pinning keeps server and load from chasing each other over the processors; without taskset it is left to chance. */
const canPin = existsSync('/usr/bin/taskset');

/** Only the load is pinned: it must not take both processors from the server. */
export const loadCpu = 1;

/** Starts a Node program, on one processor if that can be had. */
export function startNode(
  script: string,
  argv: readonly string[],
  options: { cpu?: number; env?: NodeJS.ProcessEnv } = {},
): ChildProcess {
  const { cpu, env = process.env } = options;
  const command = [process.execPath, script, ...argv];
  const [program = '', ...rest] =
    cpu !== undefined && canPin ? ['taskset', '-c', String(cpu), ...command] : command;
  return spawn(program, rest, { stdio: ['ignore', 'pipe', 'inherit'], env });
}

/** The first line of JSON that a program prints: its way to say that it is ready, or what it measured. */
export function firstJson<T>(child: ChildProcess): Promise<T> {
  return new Promise((resolve, reject) => {
    if (!child.stdout) throw new Error('The output of the program is not captured.');
    const lines = createInterface({ input: child.stdout });
    lines.on('line', (line) => {
      if (line.startsWith('{')) resolve(JSON.parse(line) as T);
    });
    child.once('exit', (code) => reject(new Error(`the program ended with ${code} before it said anything`)));
  });
}

export async function stop(child: ChildProcess): Promise<void> {
  const exited = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await exited;
}

const clockTicksPerSecond = 100;

/** Processor seconds that a process has used so far, all threads; NaN where there is no /proc. */
export function cpuSeconds(pid: number | undefined): number {
  if (pid === undefined || !existsSync(`/proc/${pid}/stat`)) return Number.NaN;
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) / clockTicksPerSecond;
}
