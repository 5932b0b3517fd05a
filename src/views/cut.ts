import { textWidth } from './text-width.js';

// Colour codes as this program writes them; everything else was taken out of the text before.
const piece = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m|.`, 'gsu');
const reset = '\u001b[0m';

/** The line if it fits into `width` character cells, else its beginning with an ellipsis; colours end with it. */
export function cut(line: string, width: number): string {
  if (textWidth(line) <= width) return line;
  let kept = '';
  let used = 0;
  let coloured = false;
  for (const [part] of line.matchAll(piece)) {
    const cells = textWidth(part);
    if (used + cells > width - 1) break;
    kept += part;
    used += cells;
    coloured ||= cells === 0 && part.length > 1;
  }
  return `${kept}${coloured ? reset : ''}…`;
}
