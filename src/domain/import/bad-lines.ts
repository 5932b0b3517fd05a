import { FleetError } from '../errors.js';
import { grouped } from '../grouped.js';
import type { ImportTable, LineFault } from './import-file.js';

/** Faults that are told of a part of a file: with the same fault on every line, people see the others, too. */
export const faultsTold = 1000;

/** Lines of an error about bad lines. */
const linesShown = 100;

/** Faults that differ only in what they quote, and are told one by one; and runs of lines that are named. */
const ofKindShown = 10;
const runsShown = 5;

const isThere = /^there is a .+ already$/s;
const commonHints = [
  { when: isThere, hint: '--if-exists skip, to leave those that are there already as they are' },
  { when: isThere, hint: '--if-exists update, to change them' },
];

/** The same fault on some lines; without a message, others like those before. */
interface FaultGroup {
  readonly lines: number[];
  readonly column: string;
  readonly message: string | undefined;
}

/**
 * The error that tells of bad lines: what is wrong with many of them is said once, with the numbers of the lines.
 * @param count of faults in all, as those are that were not kept
 */
export function badLines(
  faults: readonly LineFault[],
  count: number,
  hints: ImportTable<never, string, never, never>['hints'] = [],
): FleetError {
  const groups = groupsOf([...faults].sort((a, b) => a.line - b.line)).slice(0, linesShown);
  const told = groups.reduce((sum, { lines }) => sum + lines.length, 0);
  const more = count - told;
  const texts = groups.map(groupText);
  const [first = ''] = texts;
  const text = count === 1 ? first : `${grouped(count)} things are wrong.`;
  return new FleetError('USAGE', `Nothing was imported: ${text}`, {
    suggestions: [
      ...(count === 1 ? [] : texts.map(asSentence)),
      ...(more > 0 ? [`And ${grouped(more)} more.`] : []),
      ...[...commonHints, ...hints]
        .filter(({ when }) => faults.some(({ message }) => when.test(message)))
        .map(({ hint }) => hint),
    ],
  });
}

function groupsOf(faults: readonly LineFault[]): FaultGroup[] {
  const groups = new Map<string, FaultGroup>();
  const kinds = new Map<string, number>();
  for (const { line, column, message } of faults) {
    const same = groups.get(`${column}\n${message}`);
    if (same) {
      same.lines.push(line);
      continue;
    }
    const kind = `${column}\n${kindOf(message)}`;
    const before = kinds.get(kind) ?? 0;
    kinds.set(kind, before + 1);
    const key = before < ofKindShown ? `${column}\n${message}` : `${kind}\nand so on`;
    const group = groups.get(key);
    if (group) group.lines.push(line);
    else groups.set(key, { lines: [line], column, message: before < ofKindShown ? message : undefined });
  }
  return [...groups.values()];
}

/** A message without what differs from line to line. */
function kindOf(message: string): string {
  if (isThere.test(message)) return 'there is one already';
  return message
    .replaceAll(/"(?:[^"\\]|\\.)*"/g, '""')
    .replace(/; did you mean .*$/s, '')
    .replaceAll(/\d+/g, '0');
}

/** `lines 2–5, 9 and 40 more: Floor: there is no floor "P1" in Solna`. */
function groupText({ lines, column, message }: FaultGroup): string {
  const where = column === '' ? '' : `${column}: `;
  const [only, ...others] = new Set(lines);
  const what = message ?? `${grouped(lines.length)} more like these`;
  if (others.length === 0) return `line ${only}: ${where}${what}`;
  return `lines ${runsOf(lines)}: ${where}${what}`;
}

/** @param lines in their order */
function runsOf(lines: readonly number[]): string {
  const runs: { readonly from: number; to: number }[] = [];
  for (const line of lines) {
    const last = runs.at(-1);
    if (last && line <= last.to + 1) last.to = line;
    else runs.push({ from: line, to: line });
  }
  const named = runs.slice(0, runs.length > runsShown + 1 ? runsShown : runs.length);
  const texts = named.map(({ from, to }) =>
    from === to ? `${from}` : `${from}${to > from + 1 ? '–' : ', '}${to}`,
  );
  const rest = new Set(lines.filter((line) => line > (named.at(-1)?.to ?? 0))).size;
  if (rest > 0) return `${texts.join(', ')} and ${grouped(rest)} more`;
  return texts.length === 1 ? texts.join('') : `${texts.slice(0, -1).join(', ')} and ${texts.at(-1)}`;
}

function asSentence(text: string): string {
  return `${text[0]?.toUpperCase()}${text.slice(1)}${text.endsWith('?') ? '' : '.'}`;
}
