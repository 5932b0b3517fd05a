import { stripVTControlCharacters } from 'node:util';

const esc = '\u001b';
const zeroWidth = /^[\p{Mn}\p{Me}\p{Cf}]$/u;
/** East Asian wide and fullwidth blocks, and emoji that are shown as pictures (Unicode UAX #11). */
const wide =
  /^[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}\p{Emoji_Presentation}]$/u;
/** Asks for a picture where the character alone would be text: ❤ becomes ❤️. */
const emojiSelector = '\ufe0f';
const oneCellEach = /^[\x20-\x7e\u00a1-\u02ff\u2010-\u2027\u2500-\u25fc]*$/;

/** Character cells that one line of text takes on a terminal; colour codes take none. */
export function textWidth(text: string): number {
  const bare = text.includes(esc) ? stripVTControlCharacters(text) : text;
  // A soft hyphen is in the range, and no other character of it has no width.
  if (oneCellEach.test(bare) && !bare.includes('\u00ad')) return bare.length;
  let width = 0;
  for (const cluster of graphemes(bare)) width += clusterWidth(cluster);
  return width;
}

/**
 * What a reader takes for one character each: a letter with its accents, a family of emoji, a flag. Colour codes are taken
 * apart by it; see `pieces` for texts that have some.
 */
function* graphemes(text: string): Generator<string> {
  // Costs some milliseconds when first used, and most texts are never cut.
  for (const { segment } of new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(text)) {
    yield segment;
  }
}

/** A cluster takes as many cells as its widest character: what is joined to that is drawn over or into it. */
function clusterWidth(cluster: string): number {
  if (cluster.length > 1 && cluster.includes(emojiSelector)) return 2;
  let width = 0;
  for (const character of cluster) {
    if (!zeroWidth.test(character)) width = Math.max(width, wide.test(character) ? 2 : 1);
  }
  return width;
}

const colourCode = new RegExp(`(${esc}\\[[0-9;]*m)`);

export interface Piece {
  /** A colour code, or one character as a reader sees it. */
  readonly text: string;
  readonly width: number;
  readonly isColour: boolean;
}

/** A line as what may not be taken apart: colour codes as this program writes them, and characters with what belongs to them. */
export function* pieces(line: string): Generator<Piece> {
  for (const part of line.split(colourCode)) {
    if (part.startsWith(`${esc}[`)) yield { text: part, width: 0, isColour: true };
    else
      for (const text of graphemes(part)) {
        yield { text, width: clusterWidth(text), isColour: false };
      }
  }
}

/** The text filled up with spaces to so many cells. */
export function padded(text: string, width: number, align: 'left' | 'right' = 'left'): string {
  const fill = ' '.repeat(Math.max(0, width - textWidth(text)));
  return align === 'left' ? text + fill : fill + text;
}
