import { cut } from './cut.js';
import { padded, textWidth } from './text-width.js';

/** Between columns. */
export const GAP = '  ';

/** Text columns are no narrower than this, as far as the terminal has room; what is left of less says nothing. */
const textMin = 10;
/** What a main column needs. */
const mainMin = 18;
/** A column that was asked for by name is shown, however little of it. */
const askedMin = 4;

export interface LayoutColumn {
  /** The heading and what stands below it, without line breaks. */
  readonly cells: readonly string[];
  readonly align: 'left' | 'right';
  /** Cells of the widest. */
  readonly width: number;
  /** Whether it stays longer than the others. */
  readonly isMain: boolean;
  /** Whether nothing stands below its heading. */
  readonly isEmpty: boolean;
}

export interface Layout<Column> {
  /** Those for which there is room, in their order. */
  readonly shown: readonly Column[];
  /** Cells of each column shown. */
  readonly widths: readonly number[];
  readonly left: readonly Column[];
}

/**
 * Widths that fit into `available` cells. Text gives way, the widest first; numbers and instants stay whole, because a part
 * of them would be another number or instant. When that is not enough, columns are left out, those without a value first,
 * then from the last on; unless they were asked for: then the lines become too long. The first column names the row: it
 * stays whole, up to half of the line, unless others would have to go for it.
 */
export function fitted<Column extends LayoutColumn>(
  columns: readonly Column[],
  available: number,
  isAsked = false,
): Layout<Column> {
  const whole = columns.map((column, index) => floorOf(column, index === 0, available));
  if (lineWidth(whole) <= available) return shrunk(columns, whole, available, []);
  const floors = columns.map((column) => (isAsked ? askedFloor(column) : floorOf(column, false, available)));
  const shown = [...columns.keys()];
  const left: Column[] = [];
  const widthOf = () => lineWidth(shown.map((index) => floors[index] ?? 0));
  while (!isAsked && shown.length > 1 && widthOf() > available) {
    const lastOf = (isIt: (column: LayoutColumn | undefined) => boolean | undefined) =>
      shown.findLastIndex((index, at) => at > 0 && isIt(columns[index]));
    const empty = lastOf((column) => column?.isEmpty);
    const [gone] = shown.splice(empty >= 0 ? empty : lastOf((column) => !column?.isMain), 1);
    const column = gone === undefined ? undefined : columns[gone];
    if (column) left.unshift(column);
  }
  const kept = shown.flatMap((index) => columns[index] ?? []);
  return shrunk(
    kept,
    shown.map((index) => floors[index] ?? 0),
    available,
    columns.filter((column) => left.includes(column)),
  );
}

function shrunk<Column extends LayoutColumn>(
  shown: readonly Column[],
  floors: readonly number[],
  available: number,
  left: readonly Column[],
): Layout<Column> {
  const widths = shown.map(({ width }) => width);
  for (let over = lineWidth(widths) - available; over > 0; over -= 1) {
    const giving = widestAbove(widths, floors);
    if (giving === undefined) break;
    widths[giving] = (widths[giving] ?? 0) - 1;
  }
  return { shown, widths, left };
}

/** The lines of a table, with no space at their end. */
export function tableLines({ shown, widths }: Layout<LayoutColumn>): string[] {
  const height = shown[0]?.cells.length ?? 0;
  return Array.from({ length: height }, (_, line) =>
    shown
      .map(({ cells, align }, index) => {
        const width = widths[index] ?? 0;
        return padded(cut(cells[line] ?? '', width), width, align);
      })
      .join(GAP)
      .trimEnd(),
  );
}

/** Cells of a line with columns of these widths. */
export function lineWidth(widths: readonly number[]): number {
  return widths.reduce((sum, width) => sum + width + GAP.length, -GAP.length);
}

export function widest(cells: readonly string[]): number {
  return cells.reduce((max, text) => Math.max(max, textWidth(text)), 1);
}

function floorOf({ cells, align, width, isMain }: LayoutColumn, isName: boolean, available: number): number {
  const isSolid = align === 'right' || hasInstants(cells);
  return isSolid || (isName && width <= available / 2) ? width : Math.min(width, isMain ? mainMin : textMin);
}

function askedFloor({ cells, align, width }: LayoutColumn): number {
  return align === 'right' || hasInstants(cells) ? width : Math.min(width, askedMin);
}

/** `2026-11-20 14:03:05`, in whatever zone: among the first rows, because a column is of one kind. */
function hasInstants(cells: readonly string[]): boolean {
  return cells.slice(0, 20).some((cell) => /^\d{4}-\d\d-\d\d \d\d:\d\d/.test(cell));
}

/** The column that has most to give; of two that are equally wide the later one. */
function widestAbove(widths: readonly number[], floors: readonly number[]): number | undefined {
  let found: number | undefined;
  for (const [index, width] of widths.entries()) {
    if (width > (floors[index] ?? 0) && width >= (found === undefined ? 0 : (widths[found] ?? 0)))
      found = index;
  }
  return found;
}
