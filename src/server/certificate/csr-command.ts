import { type ChildProcess, spawn } from 'node:child_process';
import { constants } from 'node:fs';
import fs from 'node:fs/promises';
import type { Clock } from '../../domain/clock.js';
import { FleetError } from '../../domain/errors.js';

/** How long a program may take to have a certificate signed. */
export const csrCommandTimeoutMs = 60_000;

/** More than the longest chain of certificates. */
const outputMaxBytes = 64 * 1024;

/** What it complains of goes to the log. */
const complaintMaxBytes = 4096;

/** What of this process's environment it gets: nothing that could hold a secret. */
const inherited = ['PATH', 'HOME', 'LANG', 'LC_ALL', 'TZ', 'TMPDIR'] as const;

export interface CsrCommandInput {
  readonly csr: string;
  readonly stationId: string;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** @throws FleetError USAGE when it is no program that could be run */
export async function checkCsrCommand(file: string): Promise<void> {
  try {
    await fs.access(file, constants.X_OK);
    if (!(await fs.stat(file)).isFile()) throw new Error('it is no file');
  } catch (error) {
    throw new FleetError('USAGE', `--csr-command ${file} cannot be run: ${messageOf(error)}.`, {
      cause: error,
      suggestions: ['It takes the path of a program, without arguments; a script can have some.'],
    });
  }
}

/**
 * Has another authority sign: the program gets the request (PEM) on its standard input and the station's id as
 * `EVFLEET_STATION_ID`, and writes the chain (PEM) to its standard output. No shell is involved.
 * @throws FleetError TIMED_OUT, or CONFLICT that says how it failed
 */
export async function runCsrCommand(file: string, input: CsrCommandInput): Promise<string> {
  const { csr, stationId, clock, signal } = input;
  signal.throwIfAborted();
  const env: NodeJS.ProcessEnv = { EVFLEET_STATION_ID: stationId };
  for (const name of inherited) if (process.env[name] !== undefined) env[name] = process.env[name];
  // A group of its own, so that what it has begun ends with it.
  const child = spawn(file, [], { env, stdio: ['pipe', 'pipe', 'pipe'], detached: true, shell: false });
  const whenEnded = ended(child);
  // One that could not be begun, for want of file descriptors perhaps, has no pipes either.
  if (child.pid === undefined) await whenEnded;
  let failure: FleetError | undefined;
  const stop = (why: FleetError): void => {
    failure ??= why;
    killGroup(child);
  };
  const cancel = clock.schedule(csrCommandTimeoutMs, () =>
    stop(new FleetError('TIMED_OUT', `The program took longer than ${csrCommandTimeoutMs / 1000} s.`)),
  );
  const abort = (): void => stop(new FleetError('CONFLICT', 'The server is stopping.'));
  signal.addEventListener('abort', abort, { once: true });
  const output: Buffer[] = [];
  const complaint: Buffer[] = [];
  let bytes = 0;
  child.stdout.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > outputMaxBytes) stop(failed(`it wrote more than ${outputMaxBytes} bytes`));
    else output.push(chunk);
  });
  let complained = 0;
  child.stderr.on('data', (chunk: Buffer) => {
    if (complained < complaintMaxBytes) complaint.push(chunk.subarray(0, complaintMaxBytes - complained));
    complained += chunk.length;
  });
  // One that does not read its input may be right all the same.
  child.stdin.on('error', () => undefined);
  child.stdin.end(csr);
  try {
    const code = await whenEnded;
    if (failure) throw failure;
    if (code !== 0) {
      const said = Buffer.concat(complaint).toString('utf8').trim().split('\n').at(-1) ?? '';
      throw failed(`it ended with ${code ?? 'a signal'}${said === '' ? '' : `: ${said.slice(0, 300)}`}`);
    }
    return Buffer.concat(output).toString('utf8');
  } finally {
    cancel();
    signal.removeEventListener('abort', abort);
    // What it left behind, if anything.
    killGroup(child);
  }
}

function ended(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve, reject) => {
    child.once('error', (error) => reject(failed(messageOf(error))));
    // Not `close`: something it left behind may keep its output open for ever.
    child.once('exit', (code) => setImmediate(() => resolve(code)));
  });
}

function killGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended.
  }
}

function failed(why: string): FleetError {
  return new FleetError('CONFLICT', `The program that signs certificates failed: ${why}.`);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
