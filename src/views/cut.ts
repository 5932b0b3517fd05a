import { pieces, textWidth } from './text-width.js';

const reset = '\u001b[0m';

/** The line if it fits into `width` character cells, else its beginning with an ellipsis; colours end with it. */
export function cut(line: string, width: number): string {
  if (textWidth(line) <= width) return line;
  let kept = '';
  let used = 0;
  let coloured = false;
  for (const piece of pieces(line)) {
    if (used + piece.width > width - 1) break;
    kept += piece.text;
    used += piece.width;
    coloured ||= piece.isColour;
  }
  return `${kept.trimEnd()}${coloured ? reset : ''}…`;
}
