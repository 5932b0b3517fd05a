import { stripVTControlCharacters } from 'node:util';

const zeroWidth = /^[\p{Mn}\p{Me}\p{Cf}]$/u;
/** East Asian wide and fullwidth blocks, and emoji that are shown as pictures (Unicode UAX #11). */
const wide =
  /^[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}\p{Emoji_Presentation}]$/u;

/** Character cells that one line of text takes on a terminal; colour codes take none. */
export function textWidth(text: string): number {
  const bare = stripVTControlCharacters(text);
  if (/^[\x20-\x7e]*$/.test(bare)) return bare.length;
  let width = 0;
  for (const character of bare) {
    if (!zeroWidth.test(character)) width += wide.test(character) ? 2 : 1;
  }
  return width;
}

/**
 * Column widths that fit into `available` cells: the widest give way first, none below `MIN_WIDTH`, so that on a very
 * narrow terminal the lines wrap rather than say nothing. The first column names the row and stays whole while it
 * takes no more than half.
 */
export function fitWidths(natural: readonly number[], available: number): number[] {
  const kept = natural[0] !== undefined && natural[0] <= available / 2 ? natural[0] : 0;
  const fitted = (cap: number) =>
    natural.map((width, index) => (index === 0 && kept > 0 ? kept : Math.min(width, cap)));
  let cap = Math.max(...natural, MIN_WIDTH);
  while (cap > MIN_WIDTH && sum(fitted(cap)) > available) cap -= 1;
  return fitted(cap);
}

const MIN_WIDTH = 6;

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
