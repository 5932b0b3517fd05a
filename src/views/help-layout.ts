import type { Terminal } from './terminal.js';
import { padded, textWidth } from './text-width.js';
import { wrap } from './wrap.js';

/** Longer lines are hard to read, however wide the terminal is. */
const readableMax = 100;
const margin = '  ';
const gap = 3;
/** A term that is longer stands on a line of its own, so that the others keep their room. */
const termMax = 30;
/** Less room than this beside the terms is none: what they mean goes below them. */
const meaningMin = 26;

export interface Entry {
  /** A command, flag or argument. */
  readonly term: string;
  readonly meaning: string;
}

/** Cells of a line of help. */
export function helpWidth({ columns }: Terminal): number {
  return Math.min(columns, readableMax);
}

/** A heading and what belongs below it, or nothing when there is nothing. */
export function section(title: string, lines: readonly string[], { paint }: Terminal): readonly string[] {
  return lines.length === 0 ? [] : ['', paint.bold(title), ...lines];
}

/** Terms below each other, and beside each what it means. */
export function entryLines(
  entries: readonly Entry[],
  terminal: Terminal,
  termWidth = widestTerm(entries),
): string[] {
  const width = helpWidth(terminal);
  const from = margin.length + termWidth + gap;
  return entries.flatMap(({ term, meaning }) => {
    if (width - from < meaningMin) {
      const below = margin.repeat(3);
      const text = wrap(meaning, width, { indent: below.length });
      return [margin + term, ...(meaning === '' ? [] : (below + text).split('\n'))];
    }
    const text = wrap(meaning, width, { indent: from });
    if (textWidth(term) > termWidth) return [margin + term, ...(' '.repeat(from) + text).split('\n')];
    return `${margin}${padded(term, termWidth + gap)}${text}`.trimEnd().split('\n');
  });
}

/** Cells for the terms of a section; of long ones only the line they stand on suffers. */
export function widestTerm(entries: readonly Entry[]): number {
  return entries.reduce((most, { term }) => {
    const width = textWidth(term);
    return width > termMax ? most : Math.max(most, width);
  }, 0);
}

/** Paragraphs fill the lines, wherever those of the source end; what is indented, such as a file, keeps its form. */
export function paragraphs(text: string, terminal: Terminal): string[] {
  return unfolded(text)
    .split('\n')
    .map((line) => {
      if (line === '') return '';
      if (line.startsWith(' ')) return margin + line;
      return margin + wrap(line, helpWidth(terminal), { indent: margin.length });
    });
}

/** What can be typed, ready to be copied. */
export function typedLines(text: string, terminal: Terminal): string[] {
  return text
    .split('\n')
    .flatMap((line) => continued(line, helpWidth(terminal) - typedMargin.length))
    .map((line, index) => `${index === 0 ? `${margin}${terminal.paint.dim('$')} ` : typedMargin}${line}`);
}

const typedMargin = margin.repeat(2);

/**
 * A command on as many lines as it takes, each but the last ending in a backslash, so that the shell reads it as one. It is
 * broken before flags, pipes and redirections, never within quotes; pieces that are longer stay whole.
 */
export function continued(command: string, width: number): string[] {
  if (textWidth(command) <= width) return [command];
  const pieces = command.split(/ (?=(?:--?[a-z]|[|<>] )(?:[^"']|"[^"]*"|'[^']*')*$)/);
  const lines: string[] = [];
  for (const piece of pieces) {
    const last = lines.at(-1);
    const room = width - (lines.length > 1 ? margin.length : 0) - ' \\'.length;
    if (last !== undefined && textWidth(`${last} ${piece}`) <= room)
      lines[lines.length - 1] = `${last} ${piece}`;
    else lines.push(piece);
  }
  return lines.map((line, index) => {
    const end = index < lines.length - 1 ? ' \\' : '';
    return `${index === 0 ? '' : margin}${line}${end}`;
  });
}

/** Lines become paragraphs; what is indented, such as an example of a file, stays as it is. */
export function unfolded(text: string): string {
  return text.replace(/(?<=\S)\n(?=\S)/g, ' ');
}
