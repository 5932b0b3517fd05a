import { plural } from '../domain/plural.js';
import type { BulkOutcome } from '../operations/bulk.js';
import { cut } from './cut.js';
import { oneLine } from './format.js';
import type { Terminal } from './terminal.js';
import { textWidth } from './text-width.js';

/** What happened to a station, said to whoever sees the station beside it: without its name. */
export function aboutStation({ stationId, message }: BulkOutcome): string {
  const subject = [`${stationId} `, `Station ${stationId} `, `${stationId}: `].find((start) =>
    message.startsWith(start),
  );
  return oneLine(subject === undefined ? message : message.slice(subject.length));
}

/**
 * One station of many, on one line: a mark, its id, what happened. For a program id, `ok` or `failed`, what the station
 * said or the code of the error, and the whole message are separated by tabs.
 * @param idWidth cells of the longest id
 */
export function bulkLine(outcome: BulkOutcome, idWidth: number, terminal: Terminal): string {
  const { stationId, ok, status, code, message } = outcome;
  const id = oneLine(stationId);
  if (!terminal.isTTY) {
    const said = oneLine(code ?? status ?? '');
    return `${[id, ok ? 'ok' : 'failed', said, oneLine(message)].join('\t')}\n`;
  }
  const { paint, columns } = terminal;
  const mark = ok ? paint.green('✓') : paint.red('✗');
  const padding = ' '.repeat(Math.max(0, idWidth - textWidth(id)));
  const said = ok ? aboutStation(outcome) : paint.red(aboutStation(outcome));
  return `${cut(`${mark} ${paint.bold(id)}${padding}  ${said}`, columns)}\n`;
}

/** `1,998 of 2,000 accepted, 2 failed`. */
export function bulkSummary(
  { total, succeeded, failed }: { total: number; succeeded: number; failed: number },
  done: string,
): string {
  const count = (value: number) => value.toLocaleString('en');
  const failures = failed === 0 ? '' : `, ${count(failed)} failed`;
  return `${count(succeeded)} of ${count(total)} ${done}${failures}`;
}

/** Why fewer were asked than meant. */
export function bulkInterrupted(
  { total, finished, underWay }: { total: number; finished: number; underWay: number },
  word: string,
): string {
  const were = (value: number) => `${value.toLocaleString('en')} ${value === 1 ? 'was' : 'were'}`;
  const notAsked = total - finished - underWay;
  const rest = notAsked === 0 ? 'all were asked' : `${were(notAsked)} not asked`;
  return `${word} ${finished.toLocaleString('en')} of ${plural(total, 'station')} had finished, ${were(underWay)} under way, ${rest}.`;
}
