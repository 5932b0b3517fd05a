import { undefuse } from '../csv-cell.js';
import { FleetError } from '../errors.js';
import { nearest } from '../nearest.js';
import { plural } from '../plural.js';

/** What is wrong with a line. */
export interface LineFault {
  readonly line: number;
  /** As the file calls it; empty when it concerns the whole line. */
  readonly column: string;
  readonly message: string;
}

/** A column that an import takes. */
interface ImportColumn<Line, Options> {
  /** What it may be called, without regard to case, spaces and punctuation; the first is what people are told. */
  readonly names: readonly [string, ...string[]];
  /** Spaces around the text belong to it, as long as there is anything else. */
  readonly keepsSpaces?: true;
  /**
   * What the cell says; never asked of an empty one, unless it is the key.
   * @throws FleetError USAGE with the reason, as the end of a sentence
   */
  readonly read: (text: string, options: Options) => Partial<Line>;
}

/** What the file of an import may hold. `Key` tells the lines apart. */
export interface ImportTable<Line, Key extends string, Column extends string, Options> {
  readonly key: Key;
  readonly columns: Readonly<Record<Key | Column, ImportColumn<Line, Options>>>;
  /** The same for lines that mean the same thing. */
  readonly identityOf: (line: Line) => string;
  /** What lists write and nobody can set: left aside, once a check, if there is one, has nothing against a cell. */
  readonly left: Readonly<Record<string, ((text: string) => void) | null>>;
  /** What no file may hold, and what to do instead. */
  readonly refused?: { readonly names: readonly string[]; readonly advice: readonly string[] };
  /** What to try when one of the faults is like this. */
  readonly hints?: readonly { readonly when: RegExp; readonly hint: string }[];
  /** A first line, for those who have none. */
  readonly example: string;
}

interface HeaderCell<Column extends string> {
  /** Undefined: nothing is taken from it. */
  readonly column: Column | undefined;
  readonly check?: ((text: string) => void) | null;
  /** As the file calls it. */
  readonly name: string;
}

/** The columns of a file, found by its first line. */
export interface ImportHeader<Key extends string, Column extends string> {
  /** Beside the key. */
  readonly columns: readonly Column[];
  readonly cells: readonly HeaderCell<Key | Column>[];
}

export interface CsvLine {
  readonly line: number;
  readonly cells: readonly string[];
}

/** A name without case, spaces and punctuation: `Max. power (kW)` is `maxpowerkw`. */
function fold(name: string): string {
  return name
    .normalize('NFC')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]/gu, '');
}

/**
 * @param ignored names of columns to leave aside, whatever they are
 * @throws FleetError USAGE when there is no column for the key, one that nobody knows, or one twice
 */
export function readHeader<Line, Key extends string, Column extends string, Options>(
  { line, cells: all }: CsvLine,
  table: ImportTable<Line, Key, Column, Options>,
  ignored: readonly string[] = [],
): ImportHeader<Key, Column> {
  const header = all.slice(0, all.findLastIndex((cell) => cell.trim() !== '') + 1);
  const columns = Object.entries(table.columns) as [Key | Column, ImportColumn<Line, Options>][];
  const known = new Map(columns.flatMap(([column, { names }]) => names.map((name) => [fold(name), column])));
  const left = new Map(Object.entries(table.left).map(([name, check]) => [fold(name), check]));
  const aside = new Set(ignored.map(fold));
  const unknown: string[] = [];
  const cells = header.map((cell): HeaderCell<Key | Column> => {
    const name = cell.trim();
    const plain = fold(name);
    if (name === '') return { column: undefined, check: checkBlank, name };
    if (aside.has(plain)) return { column: undefined, name };
    const column = known.get(plain);
    if (column !== undefined) return { column, name };
    const check = left.get(plain);
    if (check !== undefined) return { column: undefined, check, name };
    if (table.refused?.names.some((refused) => fold(refused) === plain)) {
      throw new FleetError('USAGE', `line ${line}: a column ${shown(name)} is not for a file.`, {
        suggestions: [...table.refused.advice, ignoreFlag([name])],
      });
    }
    unknown.push(name);
    return { column: undefined, name };
  });
  if (unknown.length > 0) throw unknownColumns(line, unknown, table);
  checkOnce(line, cells);
  const found = cells.flatMap(({ column }) => (column === undefined ? [] : [column]));
  if (!found.includes(table.key)) {
    const [key] = table.columns[table.key].names;
    throw new FleetError(
      'USAGE',
      `line ${line}: there is no column ${key}. The first line names the columns.`,
      {
        suggestions: [`${table.example} as the first line, for example`],
      },
    );
  }
  return { cells, columns: found.filter((column): column is Column => column !== table.key) };
}

function checkBlank(text: string): void {
  if (text !== '') throw wrong(`${shown(text)} stands in a column without a name`);
}

function checkOnce(line: number, cells: readonly HeaderCell<string>[]): void {
  for (const { column, name } of cells) {
    const same = cells.filter((cell) => cell.column === column && column !== undefined);
    if (same.length < 2) continue;
    const all = same.map((cell) => cell.name).join(' and ');
    throw new FleetError('USAGE', `line ${line}: the columns ${all} mean the same, ${name} among them.`);
  }
}

/** Columns that are named in one message; and for how many of them something like it is looked for. */
const unknownShown = 5;

function unknownColumns(
  line: number,
  unknown: readonly string[],
  { columns }: { readonly columns: Readonly<Record<string, { readonly names: readonly string[] }>> },
): FleetError {
  const all = Object.values(columns);
  const names = unknown.map((name) => shown(name));
  const listed =
    names.length > unknownShown
      ? `${names.slice(0, unknownShown).join(', ')} and ${names.length - unknownShown} more`
      : names.join(', ');
  const near = unknown.slice(0, unknownShown).flatMap((name) => {
    const alias = nearest(
      name,
      all.flatMap((column) => column.names),
    );
    const found = all.find(({ names }) => alias !== undefined && names.includes(alias))?.names[0];
    if (found === undefined) return [];
    return unknown.length === 1 ? `Did you mean ${found}?` : `Did you mean ${found} by ${shown(name)}?`;
  });
  return new FleetError(
    'USAGE',
    `line ${line}: unknown ${unknown.length === 1 ? 'column' : 'columns'} ${listed}.`,
    {
      suggestions: [
        ...near,
        `The columns are: ${all.map((column) => column.names[0]).join(', ')}.`,
        ignoreFlag(unknown),
      ],
    },
  );
}

function ignoreFlag(names: readonly string[]): string {
  const list = names.join(',');
  const typed = /^[\w,.-]+$/.test(list) ? list : `"${list.replaceAll(/["$`\\]/g, '\\$&')}"`;
  return `--ignore-columns ${typed}, to leave ${names.length === 1 ? 'it' : 'them'} aside`;
}

/** One line; everything that is wrong with it goes to `faults`, and then there is none. */
export function readLine<Line, Key extends string, Column extends string, Options>(
  { line, cells }: CsvLine,
  header: ImportHeader<Key, Column>,
  table: ImportTable<Line, Key, Column, Options>,
  options: Options,
  faults: LineFault[],
): (Line & { readonly line: number }) | undefined {
  const faultsBefore = faults.length;
  const surplus = cells.slice(header.cells.length).filter((cell) => cell.trim() !== '');
  if (surplus.length > 0 || cells.length < header.cells.length) {
    const message = `it has ${plural(cells.length, 'cell')}, the first line has ${header.cells.length}`;
    faults.push({ line, column: '', message });
    return undefined;
  }
  const read: Partial<Line> = {};
  for (const [index, { column, check, name }] of header.cells.entries()) {
    const cell = cells[index] ?? '';
    try {
      if (column === undefined) check?.(cell.trim());
      else Object.assign(read, readCell(cell, column === table.key, table.columns[column], options));
    } catch (error) {
      if (!(error instanceof FleetError)) throw error;
      faults.push({ line, column: name, message: asClause(error.message) });
    }
  }
  return faults.length > faultsBefore ? undefined : { ...(read as Line), line };
}

function readCell<Line, Options>(
  cell: string,
  isKey: boolean,
  { keepsSpaces, read }: ImportColumn<Line, Options>,
  options: Options,
): Partial<Line> {
  const text = undefuse(keepsSpaces && cell.trim() !== '' ? cell : cell.trim());
  if (text !== '') return read(text, options);
  if (isKey) throw wrong('it is empty');
  return {};
}

/** The reason why a cell is refused: the end of a sentence. */
export function wrong(message: string): FleetError {
  return new FleetError('USAGE', message);
}

/** A text of the file, quoted and not longer than a line of a message. */
export function shown(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
}

/** A sentence as the end of another. */
export function asClause(sentence: string): string {
  return sentence.replace(/^(There|The|A|No) /, (word) => word.toLowerCase()).replace(/\.$/, '');
}
