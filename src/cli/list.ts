import type { ListQuery } from '../operations/list.js';
import type { ListOptions } from '../views/table.js';
import type { Terminal } from '../views/terminal.js';
import type { ListFlagValues } from './flags/flags.js';

/** Rows of a table on a terminal unless `--limit` or `--all` says otherwise. */
const ROWS_ON_TERMINAL = 50;

/** What the operation has to be asked for; cut only where a person reads along, never for programs. */
export function toListQuery(
  flags: ListFlagValues,
  { terminal, json }: { readonly terminal: Terminal; readonly json: boolean },
): ListQuery {
  const forPeople = terminal.isTTY && !json && !flags.csv && !flags.quiet && !flags.all;
  const limit = flags.limit ?? (forPeople ? ROWS_ON_TERMINAL : undefined);
  return {
    ...(flags.sort !== undefined && { sort: flags.sort }),
    ...(flags.filter !== undefined && { filter: [...flags.filter] }),
    ...(limit !== undefined && { limit }),
  };
}

export function toListOptions(flags: ListFlagValues): ListOptions {
  const format = flags.quiet ? 'ids' : flags.csv ? 'csv' : 'table';
  return { format, columns: flags.columns, header: !flags['no-header'] };
}
