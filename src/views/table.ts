import { FleetError } from '../domain/errors.js';
import { grouped } from '../domain/grouped.js';
import { nearest } from '../domain/nearest.js';
import { plain, text } from './format.js';
import { fitted, lineWidth, tableLines, widest } from './table-layout.js';
import type { Terminal } from './terminal.js';

export interface Column<Value, Row> {
  /** Heading for people; programs get the JSON key. */
  readonly title: string;
  readonly align?: 'left' | 'right';
  /** What one looks for in this list: on a narrow terminal other columns give way first. */
  readonly isMain?: boolean;
  /** The cell for a person; the default is the value on one line. Programs get the raw value instead. */
  show?(value: Value, row: Row, terminal: Terminal): string;
}

/** How a list looks. Every key of the JSON has a column, so that the formats cannot drift apart. */
export interface ListView<Row extends object> {
  readonly columns: { readonly [K in keyof Row & string]-?: Column<Row[K], Row> };
  /** Columns shown unless `--columns` names others; CSV has all of them. */
  readonly defaults: readonly (keyof Row & string)[];
  /** Those that follow while the terminal has room for them whole, and always for programs. */
  readonly whereRoom?: readonly (keyof Row & string)[];
  id(row: Row): string;
  /** Said on stderr instead of an empty table, for example how to make the first entry. */
  readonly empty?: string;
}

export interface ListOptions {
  readonly format: 'table' | 'csv' | 'ids';
  /** As typed: column names separated by commas. */
  readonly columns?: string | undefined;
  readonly header: boolean;
}

export interface RenderedList {
  /** For stdout, complete with its last line break, or empty. */
  readonly text: string;
  /** For stderr, when there is something to say about the list. */
  readonly note?: string;
  /** Columns of a table that found no room; the note tells of them, too. */
  readonly left?: readonly string[];
}

/**
 * The text of a list: a table for a person, tab-separated raw values for a program, CSV or bare ids.
 * @param total how many there are when nothing is cut
 * @throws FleetError USAGE when `options.columns` names an unknown column
 */
export async function renderList<Row extends object>(
  rows: readonly Row[],
  total: number,
  view: ListView<Row>,
  options: ListOptions,
  terminal: Terminal,
): Promise<RenderedList> {
  const names = chosenColumns(view, options);
  const extra = options.columns === undefined ? (view.whereRoom ?? []) : [];
  switch (options.format) {
    case 'ids':
      return { text: lines(rows.map((row) => plain(view.id(row)))) };
    case 'csv':
      return { text: await csv(rows, names, options.header) };
    case 'table': {
      if (!terminal.isTTY) return { text: tabSeparated(rows, [...names, ...extra], options.header) };
      if (rows.length === 0 && total === 0) return { text: '', note: view.empty ?? 'Nothing to list.' };
      const { text, left } = table(rows, { names, extra }, view, options, terminal);
      const notes = [
        ...(left.length > 0 ? [noRoomFor(left)] : []),
        ...(rows.length < total
          ? [
              `${grouped(rows.length)} of ${grouped(total)}: --all shows the rest, --limit and --filter choose.`,
            ]
          : []),
      ];
      return { text, left, ...(notes.length > 0 && { note: notes.join('\n') }) };
    }
  }
}

/** What a narrow terminal does not show, and how to see it. */
export function noRoomFor(names: readonly string[]): string {
  return `No room for ${names.join(', ')}: --columns chooses, --json has all.`;
}

/**
 * The columns to show, by name.
 * @throws FleetError USAGE when `options.columns` names an unknown one
 */
export function chosenColumns<Row extends object>(
  view: ListView<Row>,
  options: ListOptions,
): (keyof Row & string)[] {
  const all = Object.keys(view.columns) as (keyof Row & string)[];
  if (options.columns === undefined) return options.format === 'csv' ? all : [...view.defaults];
  return options.columns.split(',').map((typed) => {
    const wanted = typed.trim();
    const name = all.find((known) => known === wanted);
    if (name !== undefined) return name;
    const near = nearest(wanted, all);
    throw new FleetError('USAGE', `There is no column "${plain(wanted)}".`, {
      suggestions: [...(near ? [`--columns ${near}`] : []), `The columns are: ${all.join(', ')}.`],
    });
  });
}

async function csv<Row extends object>(
  rows: readonly Row[],
  names: readonly (keyof Row & string)[],
  header: boolean,
): Promise<string> {
  const { csvWriter } = await import('./csv.js');
  const write = await csvWriter();
  return write([...(header ? [names] : []), ...rows.map((row) => names.map((name) => row[name]))]);
}

function tabSeparated<Row extends object>(
  rows: readonly Row[],
  names: readonly (keyof Row & string)[],
  header: boolean,
): string {
  // Tabs and line breaks inside a value become spaces: one row stays one line. CSV and JSON keep them.
  const body = rows.map((row) => names.map((name) => plain(row[name])).join('\t'));
  return lines(header ? [names.join('\t'), ...body] : body);
}

interface Table {
  readonly text: string;
  /** Columns that found no room. */
  readonly left: readonly string[];
}

function table<Row extends object>(
  rows: readonly Row[],
  { names: wanted, extra }: Record<'names' | 'extra', readonly (keyof Row & string)[]>,
  view: ListView<Row>,
  { header, columns: asked }: ListOptions,
  terminal: Terminal,
): Table {
  const columnOf = (name: keyof Row & string) => {
    const { title, align = 'left', isMain = false } = view.columns[name];
    const cells = rows.map((row) => cell(row, name, view, terminal));
    if (header) cells.unshift(terminal.paint.bold(title));
    return {
      name,
      align,
      cells,
      width: widest(cells),
      isMain,
      isEmpty: rows.every((row) => plain(row[name]) === ''),
    };
  };
  const columns = wanted.map(columnOf);
  for (const more of extra.map(columnOf)) {
    if (lineWidth([...columns, more].map(({ width }) => width)) > terminal.columns) break;
    columns.push(more);
  }
  const layout = fitted(columns, terminal.columns, asked !== undefined);
  return { text: lines(tableLines(layout)), left: layout.left.map(({ name }) => name) };
}

function cell<Row extends object, K extends keyof Row & string>(
  row: Row,
  name: K,
  view: ListView<Row>,
  terminal: Terminal,
): string {
  const column: Column<Row[K], Row> = view.columns[name];
  const value = row[name];
  if (!column.show) return text(value, terminal);
  // A view adds colours of its own, so control characters are taken out before it sees the value.
  return column.show(typeof value === 'string' ? (plain(value) as Row[K]) : value, row, terminal);
}

function lines(all: readonly string[]): string {
  return all.length === 0 ? '' : `${all.join('\n')}\n`;
}
