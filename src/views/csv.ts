import { defuse } from '../domain/csv-cell.js';

/** Turns rows of cells into CSV text (RFC 4180 quoting, one `\n` after each row). */
export type CsvWriter = (rows: readonly (readonly unknown[])[]) => string;

/**
 * A writer for rows of any values: numbers and booleans as they are, null and undefined empty, objects as JSON, and
 * text that a spreadsheet would run as a formula behind an apostrophe. Loads its library on first use.
 */
export async function csvWriter(): Promise<CsvWriter> {
  const { stringify } = await import('csv-stringify/sync');
  return (rows) => (rows.length === 0 ? '' : stringify(rows.map((row) => row.map(csvCell))));
}

function csvCell(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'string') return defuse(value);
  return typeof value === 'object' ? defuse(JSON.stringify(value)) : String(value);
}
