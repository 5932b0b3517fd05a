import { plain, text } from './format.js';
import { type Column, type ListView, renderList } from './table.js';
import { GAP, widest } from './table-layout.js';
import type { Terminal } from './terminal.js';
import { padded } from './text-width.js';
import { wrap } from './wrap.js';

type ListOf<Value> =
  NonNullable<Value> extends readonly (infer Item extends object)[] ? ListView<Item> : never;

interface Field<Value, Item> extends Column<Value, Item> {
  /** Shows a list of objects as a small table of its own below the sheet. */
  readonly list?: ListOf<Value>;
}

/** How one thing looks in `show`. Every key of the JSON has a field, in the order shown. */
export interface RecordView<Item extends object> {
  readonly fields: { readonly [K in keyof Item & string]-?: Field<Item[K], Item> };
}

/** The text of one thing: titles and values aligned for a person, `key<TAB>raw value` lines for a program. */
export async function renderRecord<Item extends object>(
  item: Item,
  view: RecordView<Item>,
  terminal: Terminal,
): Promise<string> {
  const names = Object.keys(view.fields) as (keyof Item & string)[];
  if (!terminal.isTTY) return names.map((name) => `${name}\t${plain(item[name])}\n`).join('');

  const titleWidth = widest(names.map((name) => view.fields[name].title));
  const sheet: string[] = [];
  const tables: string[] = [];
  for (const name of names) {
    const field = view.fields[name];
    const value = item[name];
    if (field.list && Array.isArray(value)) {
      tables.push(`\n${terminal.paint.bold(field.title)}\n${await nested(value, field.list, terminal)}`);
    } else {
      const title = padded(terminal.paint.bold(field.title), titleWidth);
      const text = wrap(shown(item, name, view, terminal), terminal.columns, {
        indent: titleWidth + GAP.length,
      });
      sheet.push(`${`${title}${GAP}${text}`.trimEnd()}\n`);
    }
  }
  return sheet.join('') + tables.join('');
}

function shown<Item extends object, K extends keyof Item & string>(
  item: Item,
  name: K,
  view: RecordView<Item>,
  terminal: Terminal,
): string {
  const field: Field<Item[K], Item> = view.fields[name];
  const value = item[name];
  if (!field.show) return text(value, terminal);
  return field.show(typeof value === 'string' ? (plain(value) as Item[K]) : value, item, terminal);
}

async function nested<Item extends object>(
  rows: readonly Item[],
  view: ListView<Item>,
  terminal: Terminal,
): Promise<string> {
  const { text: table, left = [] } = await renderList(
    rows,
    rows.length,
    view,
    { format: 'table', header: true },
    terminal,
  );
  const rest =
    left.length > 0 ? `${terminal.paint.dim(`No room for ${left.join(', ')}: --json has all.`)}\n` : '';
  return table === '' ? `${text(null, terminal)}\n` : table + rest;
}
