import { textWidth } from './text-width.js';

/** Below this there is no room for words beside an indent. */
const usefulMin = 20;

export interface WrapOptions {
  /** Cells before each line but the first. */
  readonly indent?: number;
  /** Cells that the first line has before the text; `indent` when left out. */
  readonly begun?: number;
}

/**
 * A text in lines of at most `width` cells, broken between words; all but the first begin with `indent` spaces. A word that
 * is longer than a line stays whole, so that paths, addresses and keys can be copied; so does a command at the end of the
 * text that fits a line of its own. Line breaks of the text stay.
 */
export function wrap(text: string, width: number, options: WrapOptions = {}): string {
  const { indent = 0, begun = indent } = options;
  const hanging = width - indent < usefulMin ? 0 : indent;
  const lines: string[] = [];
  for (const [index, paragraph] of text.split('\n').entries()) {
    let line = index === 0 ? '' : ' '.repeat(hanging);
    let used = index === 0 ? begun : hanging;
    let isEmpty = true;
    for (const word of wordsOf(paragraph, width - hanging)) {
      const cells = textWidth(word);
      if (!isEmpty && used + 1 + cells > width) {
        lines.push(line.trimEnd());
        line = ' '.repeat(hanging) + word;
        used = hanging + cells;
      } else {
        line += isEmpty ? word : ` ${word}`;
        used += isEmpty ? cells : cells + 1;
      }
      isEmpty = false;
    }
    lines.push(line.trimEnd());
  }
  return lines.join('\n');
}

/** `…: evfleet site list`, as hints end. */
const commandAtEnd = /(?<=: )evfleet \S.*$/;

function wordsOf(paragraph: string, width: number): string[] {
  const command = commandAtEnd.exec(paragraph);
  if (command === null || textWidth(command[0]) > width) return paragraph.split(' ');
  return [...paragraph.slice(0, command.index - 1).split(' '), command[0]];
}
