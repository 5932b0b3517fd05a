import { formatDuration } from '../domain/duration.js';
import { inBytes } from './format.js';

const barMax = 30;
const barMin = 8;
/** Of less work than this nobody can say how long the rest takes. */
const foretoldMinMs = 2_000;

export interface ProgressState {
  readonly done: number;
  /** Undefined when nobody knows. */
  readonly total: number | undefined;
  /** What is counted, in the plural; bytes are shown as kB and MB. */
  readonly what: string;
  readonly elapsedMs: number;
}

/** `██████░░░░  62 %  620,000 of 1,000,000 sessions  52,100/s  7s left`: how far a long piece of work has come. */
export function renderProgressBar(state: ProgressState, columns: number): string {
  const { done, total, elapsedMs } = state;
  const perSecond = elapsedMs >= 1_000 ? (done * 1_000) / elapsedMs : undefined;
  const rate = perSecond === undefined || perSecond < 1 ? [] : [`${amount(Math.round(perSecond), state)}/s`];
  if (total === undefined) {
    return [`${amount(done, state)}${noun(state)}`, ...rate, formatDuration(elapsedMs)].join('  ');
  }
  const share = total === 0 ? 1 : Math.min(1, done / total);
  const percent = `${String(Math.floor(share * 100)).padStart(3)} %`;
  const counted = `${amount(done, state)} of ${amount(total, state)}${noun(state)}`;
  const left =
    elapsedMs < foretoldMinMs || done === 0 || done >= total
      ? []
      : [`${formatDuration(Math.ceil((elapsedMs * (total - done)) / done / 1_000) * 1_000)} left`];
  // Where there is little room the bar gets shorter, then the rate goes, which tells least.
  const words = [percent, counted, ...rate, ...left].join('  ');
  const brief = [percent, counted, ...left].join('  ');
  const text = words.length + barMin + 2 <= columns ? words : brief;
  const cells = Math.min(barMax, columns - text.length - 2);
  return cells < barMin
    ? text.trimStart()
    : `${bar(share, cells)}  ${text.trimStart().padStart(text.length)}`;
}

function bar(share: number, cells: number): string {
  const filled = Math.round(share * cells);
  return '█'.repeat(filled) + '░'.repeat(cells - filled);
}

function amount(value: number, { what }: ProgressState): string {
  return what === 'bytes' ? inBytes(value) : value.toLocaleString('en');
}

function noun({ what }: ProgressState): string {
  return what === 'bytes' ? '' : ` ${what}`;
}
