import { foldKey } from '../../domain/fold-key.js';
import type { StationColumn, StationLine } from '../../domain/import/station-import.js';
import type { Fleet, Output } from '../../operations/fleet.js';
import { countOutcomes } from '../../operations/import/import-lines.js';
import { checkedImport } from './checked-import.js';

export interface StationImportOptions {
  readonly columns: StationColumn[];
  readonly ifExists: 'fail' | 'skip' | 'update';
  /** Makes the sites, floors and groups that the lines name and that are not there. */
  readonly createMissing: boolean;
  readonly dryRun: boolean;
}

type Result = Output<'station-import.apply'>;
type Checked = Pick<Result, 'lines' | 'sites' | 'floors' | 'groups'>;

/** Stations of a list, to be created or changed at once. */
export function stationImport(fleet: Fleet, { dryRun, ...wanted }: StationImportOptions) {
  return checkedImport<Omit<StationLine, 'line'>, 'id' | StationColumn, Checked, Result>({
    dryRun,
    check: (lines) => fleet.run('station-import.check', { ...wanted, lines }),
    apply: (lines) => fleet.run('station-import.apply', { ...wanted, lines }),
    sum(parts) {
      const lines = parts.flatMap((part) => part.lines);
      return {
        ...countOutcomes(lines),
        // Each part names what is missing for it.
        sites: once(parts, ({ sites }) => sites, foldKey),
        floors: once(
          parts,
          ({ floors }) => floors,
          ({ site, name }) => foldKey(`${site}\n${name}`),
        ),
        groups: once(parts, ({ groups }) => groups, foldKey),
        lines,
      };
    },
  });
}

function once<T>(
  parts: readonly Checked[],
  itemsOf: (part: Checked) => readonly T[],
  keyOf: (item: T) => string,
): T[] {
  const found = new Map<string, T>();
  for (const item of parts.flatMap(itemsOf)) {
    const key = keyOf(item);
    // The spelling of the first.
    if (!found.has(key)) found.set(key, item);
  }
  return [...found.values()];
}
