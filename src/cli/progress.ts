import { FleetError } from '../domain/errors.js';
import { inBytes } from '../views/format.js';
import { renderProgressBar } from '../views/progress.js';
import { ProgressLine } from './progress-line.js';

/** What is over sooner needs no bar, which would only flash. */
const patienceMs = 400;
/** While nothing is counted the clock at least goes on. */
const tickMs = 1_000;

/** What of a command is needed here; every FleetCommand is one. */
interface Command {
  readonly signal: AbortSignal;
  readonly terminal: { now(): number };
  jsonEnabled(): boolean;
}

export interface Work {
  /** What is counted, in the plural: `sessions`, `bytes`. */
  readonly what: string;
  /** How many there will be, when that is known. */
  readonly total?: number | undefined;
  /** Ends the sentence that begins "Interrupted: 1,200 of 5,000 sessions were read": what is there of it, and what not. */
  readonly interrupted: string;
  /** The same when all were counted and what comes behind was interrupted; `interrupted` when left out. */
  readonly interruptedLast?: string;
  /** `read`, `sent`: what has been done to those that are counted. */
  readonly done: string;
}

/** Tells how far the work has come; `total` when that became known, or is another. */
export type Advance = (done: number, total?: number) => void;

/**
 * Runs a long piece of work: a bar with rate and time left on a terminal, nothing for programs. Interrupted, the error
 * says how far it came and what is there of it.
 * @throws what `run` throws; FleetError INTERRUPTED in its place after a signal
 */
export async function withProgress<R>(
  command: Command,
  work: Work,
  run: (advance: Advance) => Promise<R>,
): Promise<R> {
  const { now } = command.terminal;
  const startedAt = now();
  const state = { done: 0, total: work.total, what: work.what };
  const line = isWatched(command) ? new ProgressLine(process.stderr, now) : undefined;
  const show = () => {
    const elapsedMs = now() - startedAt;
    if (elapsedMs < patienceMs || state.done === 0) return;
    line?.show(renderProgressBar({ ...state, elapsedMs }, (process.stderr.columns || 80) - 1));
  };
  const ticking = line && setInterval(show, tickMs);
  try {
    return await run((done, total = state.total) => {
      Object.assign(state, { done, total });
      show();
    });
  } catch (error) {
    const { reason } = command.signal;
    if (!command.signal.aborted || !(reason instanceof FleetError)) throw error;
    throw new FleetError(reason.code, interruptedText(reason, state, work), { cause: error });
  } finally {
    clearInterval(ticking);
    line?.end();
  }
}

/**
 * Runs work that counts nothing: what it is and how long it takes stand on a terminal, nothing for programs.
 * @param doing `Checking the store`
 * @param interrupted what is there when it was stopped: `Nothing was changed.`
 */
export async function whileWaiting<R>(
  command: Command,
  doing: string,
  interrupted: string,
  run: () => Promise<R>,
): Promise<R> {
  const { now } = command.terminal;
  const startedAt = now();
  const line = isWatched(command) ? new ProgressLine(process.stderr, now) : undefined;
  const show = () => line?.show(`${doing}, ${Math.round((now() - startedAt) / 1_000)}s`);
  const ticking = line && setInterval(show, tickMs);
  try {
    return await run();
  } catch (error) {
    const { reason } = command.signal;
    if (!command.signal.aborted || !(reason instanceof FleetError)) throw error;
    throw new FleetError(reason.code, `${word(reason)}. ${interrupted}`, { cause: error });
  } finally {
    clearInterval(ticking);
    line?.end();
  }
}

/** Whether a person sees what is written over again and again. */
export function isWatched(command: Pick<Command, 'jsonEnabled'>): boolean {
  return process.stderr.isTTY === true && process.env.TERM !== 'dumb' && !command.jsonEnabled();
}

function interruptedText(
  reason: FleetError,
  { done, total, what }: { readonly done: number; readonly total: number | undefined; readonly what: string },
  work: Work,
): string {
  const amount = (value: number) => (what === 'bytes' ? inBytes(value) : value.toLocaleString('en'));
  const of = total === undefined ? '' : ` of ${amount(total)}`;
  const noun = what === 'bytes' ? '' : ` ${what}`;
  const { interrupted, interruptedLast = interrupted } = work;
  const rest = done === total ? interruptedLast : interrupted;
  return `${word(reason)}: ${amount(done)}${of}${noun} were ${work.done}; ${rest}`;
}

function word(reason: FleetError): string {
  return reason.message.replace(/\.$/, '');
}
