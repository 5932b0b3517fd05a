import type { SiteColumn, SiteLine } from '../../domain/import/site-import.js';
import type { Fleet, Output } from '../../operations/fleet.js';
import { countOutcomes } from '../../operations/import/import-lines.js';
import { checkedImport } from './checked-import.js';

export interface SiteImportOptions {
  readonly columns: SiteColumn[];
  readonly ifExists: 'fail' | 'skip' | 'update';
  readonly dryRun: boolean;
}

type Result = Output<'site-import.apply'>;

/** Sites of a list, to be created or changed at once. */
export function siteImport(fleet: Fleet, { dryRun, ...wanted }: SiteImportOptions) {
  return checkedImport<Omit<SiteLine, 'line'>, 'name' | SiteColumn, Pick<Result, 'lines'>, Result>({
    dryRun,
    check: (lines) => fleet.run('site-import.check', { ...wanted, lines }),
    apply: (lines) => fleet.run('site-import.apply', { ...wanted, lines }),
    sum(parts) {
      const lines = parts.flatMap((part) => part.lines);
      return { ...countOutcomes(lines), lines };
    },
  });
}
