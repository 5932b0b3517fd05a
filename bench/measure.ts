import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';

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
  const child = spawn(program, rest, { stdio: ['ignore', 'pipe', 'inherit'], env });
  running.add(child);
  child.once('exit', () => running.delete(child));
  return child;
}

/** None of them outlives the benchmark, whatever becomes of it. */
const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

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

/** All lines of JSON that a program prints, one after the other. */
export class JsonLines {
  readonly #lines: AsyncIterator<string>;

  constructor(child: ChildProcess) {
    if (!child.stdout) throw new Error('The output of the program is not captured.');
    this.#lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  }

  async next<T>(timeoutS: number): Promise<T> {
    const abort = new AbortController();
    const timeout = waitS(timeoutS, abort.signal).then(() => {
      throw new Error(`the program said nothing for ${timeoutS} s`);
    });
    try {
      const line = await Promise.race([this.#lines.next(), timeout]);
      if (line.done) throw new Error('the program ended before it said anything');
      return JSON.parse(line.value) as T;
    } finally {
      timeout.catch(() => undefined);
      abort.abort();
    }
  }
}

export async function stop(child: ChildProcess, signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
  const exited = new Promise((resolve) => child.once('exit', resolve));
  child.kill(signal);
  await exited;
}

export function waitS(seconds: number, signal?: AbortSignal): Promise<void> {
  return setTimeout(seconds * 1000, undefined, { ...(signal && { signal }) });
}

/** Memory of a process that is not swapped out; NaN where there is no /proc. */
export function residentBytes(pid: number): number {
  if (!existsSync(`/proc/${pid}/status`)) return Number.NaN;
  const kB = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kB) * 1024;
}

const clockTicksPerSecond = 100;

/** Processor seconds that a process has used so far, all threads; NaN where there is no /proc. */
export function cpuSeconds(pid: number | undefined): number {
  if (pid === undefined || !existsSync(`/proc/${pid}/stat`)) return Number.NaN;
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) / clockTicksPerSecond;
}
