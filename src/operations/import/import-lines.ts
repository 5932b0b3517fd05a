import { type Static, type TSchema, Type } from '@sinclair/typebox';
import { FleetError } from '../../domain/errors.js';
import { badLines, faultsTold } from '../../domain/import/bad-lines.js';
import { asClause } from '../../domain/import/import-file.js';
import { oneOf } from '../shared.js';

/** What imports of every kind have in common. */

/** How many lines of an import came to what. */
export const importCounts = {
  created: Type.Integer(),
  updated: Type.Integer(),
  skipped: Type.Integer(),
  /** They were as the file says before. */
  unchanged: Type.Integer(),
};
const counts = Type.Object(importCounts);
export type ImportCounts = Static<typeof counts>;

const scalar = Type.Union([Type.String(), Type.Number(), Type.Null()]);
const value = Type.Union([scalar, Type.Array(scalar)]);
export type ImportValue = Static<typeof value>;

/** A property that is not as it was; null stands for nothing. */
const importChange = Type.Object({ field: Type.String(), from: value, to: value });
export type ImportChange = Static<typeof importChange>;

/** What becomes of a line. */
export const importOutcome = {
  line: Type.Integer(),
  outcome: oneOf('created', 'updated', 'skipped', 'unchanged'),
  changes: Type.Array(importChange),
};
export type ImportOutcome = 'created' | 'updated' | 'skipped' | 'unchanged';

/** What is wrong with lines: how many things, and the first of them. */
export function importFaults<Column extends TSchema>(column: Column) {
  return {
    faultCount: Type.Integer(),
    faults: Type.Array(Type.Object({ line: Type.Integer(), column, message: Type.String() })),
  };
}

/** Lines that are looked at together; few enough that stations are answered in between. */
export const checkedLinesMax = 500;

/** Lines that become something at once. */
export const appliedLinesMax = 10_000;

export interface ColumnFault<Column extends string> {
  readonly line: number;
  readonly column: Column;
  readonly message: string;
}

export interface Judged {
  readonly line: number;
  readonly outcome: ImportOutcome;
  readonly changes: readonly ImportChange[];
}

export interface JudgeOptions<Line, Column extends string, J> {
  readonly key: Column;
  /** The same for lines that mean the same thing. */
  keyOf(line: Line): string;
  /** Undefined when something is wrong with the line, which is told in `faults`. */
  judge(line: Line, faults: ColumnFault<Column>[]): Promise<J | undefined>;
}

/** Says line by line what an import would do; a thing may be in one line only. */
export async function judgeLines<Line extends { readonly line: number }, Column extends string, J>(
  lines: readonly Line[],
  { key, keyOf, judge }: JudgeOptions<Line, Column, J>,
): Promise<{ judged: J[]; faults: ColumnFault<Column>[] }> {
  const faults: ColumnFault<Column>[] = [];
  const judged: J[] = [];
  const seen = new Map<string, number>();
  for (const line of lines) {
    const own = keyOf(line);
    const earlier = seen.get(own);
    seen.set(own, earlier ?? line.line);
    const result =
      earlier === undefined
        ? await judge(line, faults)
        : void faults.push({ line: line.line, column: key, message: `it is in line ${earlier} already` });
    if (result) judged.push(result);
  }
  return { judged, faults };
}

/** Runs a check; what it throws becomes a fault. */
export async function tellFault<Column extends string>(
  faults: ColumnFault<Column>[],
  { line, column }: { readonly line: number; readonly column: Column },
  check: () => void | Promise<void>,
): Promise<void> {
  try {
    await check();
  } catch (error) {
    if (!(error instanceof FleetError)) throw error;
    faults.push({ line, column, message: asClause(error.message) });
  }
}

export function firstFaults<Column extends string>(faults: readonly ColumnFault<Column>[]) {
  return { faultCount: faults.length, faults: faults.slice(0, faultsTold) };
}

/** @throws FleetError USAGE when anything is wrong */
export function checkNoFaults(faults: readonly ColumnFault<string>[]): void {
  if (faults.length > 0) throw badLines(faults, faults.length);
}

/** How many lines came to what. */
export function countOutcomes(judged: readonly Pick<Judged, 'outcome'>[]): ImportCounts {
  const counts = { created: 0, updated: 0, skipped: 0, unchanged: 0 };
  for (const { outcome } of judged) counts[outcome] += 1;
  return counts;
}

type Picture = Readonly<Record<string, ImportValue>>;

/** What differs, of a new thing what is not nothing. */
export function changesBetween(before: Picture | undefined, after: Picture): ImportChange[] {
  return Object.entries(after).flatMap(([field, to]) => {
    const from = before?.[field] ?? null;
    return JSON.stringify(from) === JSON.stringify(to) || (before === undefined && isNothing(to))
      ? []
      : [{ field, from, to }];
  });
}

function isNothing(value: ImportValue): boolean {
  return Array.isArray(value) ? value.every((item) => item === null) : value === null;
}
