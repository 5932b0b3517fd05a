import { checkedLinesMax } from '../../operations/import/import-lines.js';
import type { ColumnFaults, ImportTarget } from './import-file.js';

/** The operations that an import of a few thousand lines takes: parts are checked, then all of them done at once. */
export interface CheckedImportOptions<Line, Column extends string, Checked, Result> {
  readonly dryRun: boolean;
  check(lines: Numbered<Line>[]): Promise<ColumnFaults<Column> & Checked>;
  apply(lines: Numbered<Line>[]): Promise<Result>;
  /** What `apply` would have given. */
  sum(parts: readonly Checked[]): Result;
}

type Numbered<Line> = Line & { readonly line: number };

/** An import whose lines wait here until all of them were checked. */
export function checkedImport<Line, Column extends string, Checked, Result extends object>({
  dryRun,
  check,
  apply,
  sum,
}: CheckedImportOptions<Line, Column, Checked, Result>): ImportTarget<
  Line,
  Column,
  Result & { readonly dryRun: boolean }
> {
  const lines: Numbered<Line>[] = [];
  const parts: Checked[] = [];
  return {
    partMaxLines: checkedLinesMax,
    async check(part) {
      const { faultCount, faults, ...checked } = await check(part);
      for (const line of part) lines.push(line);
      parts.push(checked as Checked);
      return { faultCount, faults };
    },
    finish: async () => ({ ...(dryRun ? sum(parts) : await apply(lines)), dryRun }),
    discard: async () => undefined,
  };
}
