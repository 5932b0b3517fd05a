import { cut } from './cut.js';
import { padded, textWidth } from './text-width.js';

/** Between columns. */
export const GAP = '  ';

/** Text columns are no narrower than this, as far as the terminal has room; what is left of less says nothing. */
const textMin = 10;
/** A column that was asked for by name is shown, however little of it. */
const askedMin = 4;

export interface LayoutColumn {
  /** The heading and what stands below it, without line breaks. */
  readonly cells: readonly string[];
  readonly align: 'left' | 'right';
  /** Cells of the widest. */
  readonly width: number;
}

export interface Layout {
  /** Cells of each column shown; these are the first ones. */
  readonly widths: readonly number[];
  /** How many of the last columns have no room. */
  readonly dropped: number;
}

/**
 * Widths that fit into `available` cells. Text gives way, the widest first; numbers and instants stay whole, because a part
 * of them would be another number or instant. When that is not enough the last columns are left out, unless they were
 * asked for: then the lines become too long. The first column names the row and stays whole while it takes no more than
 * half.
 */
export function fitted(columns: readonly LayoutColumn[], available: number, isAsked = false): Layout {
  const min = isAsked ? askedMin : textMin;
  const floors = columns.map((column, index) => floorOf(column, index, { min, available }));
  let count = columns.length;
  while (!isAsked && count > 1 && lineWidth(floors.slice(0, count)) > available) count -= 1;
  const widths = columns.slice(0, count).map(({ width }) => width);
  const least = floors.slice(0, count);
  for (let over = lineWidth(widths) - available; over > 0; over -= 1) {
    const giving = widestAbove(widths, least);
    if (giving === undefined) break;
    widths[giving] = (widths[giving] ?? 0) - 1;
  }
  return { widths, dropped: columns.length - count };
}

/** The lines of a table, with no space at their end. */
export function tableLines(columns: readonly LayoutColumn[], widths: readonly number[]): string[] {
  const shown = columns.slice(0, widths.length);
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

function floorOf(
  { cells, align, width }: LayoutColumn,
  index: number,
  { min, available }: { readonly min: number; readonly available: number },
): number {
  if (align === 'right' || hasInstants(cells)) return width;
  if (index === 0 && width <= available / 2) return width;
  return Math.min(width, min);
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
