import type { Words } from './typed-line.js';

/** What stands before the cursor of a word that is being typed, and how. */
export interface RawWord {
  /** As typed, quotes and backslashes among it. */
  readonly raw: string;
  readonly text: string;
  /** The quote that is open at the cursor; '' outside of quotes. */
  readonly quote: '' | '"' | "'";
  /** Where in `raw` each character of `text` begins. */
  readonly starts: readonly number[];
}

export interface SplitLine {
  readonly words: Words;
  readonly current: RawWord;
}

/**
 * Splits a line as bash does, quotes and backslashes undone, nothing else: variables stay as they are typed. The first
 * word, the program, is left out.
 * @param point where the cursor is, in characters
 */
export function splitLine(line: string, point: number): SplitLine {
  const characters = [...line];
  const rest = characters.slice(point).join('');
  const typed = wordsOf(characters.slice(0, point).join(''));
  const current = typed.pop() ?? { raw: '', text: '', quote: '', starts: [] };
  // What is left of the word behind the cursor belongs to it.
  const after = current.quote === '' ? rest.replace(/^[^\s'"]+/, '') : '';
  return {
    current,
    words: {
      before: typed.slice(1).map(({ text }) => text),
      current: current.text,
      after: wordsOf(after).flatMap(({ text }) => (text === '' ? [] : [text])),
    },
  };
}

/** A word as it is typed, without its quotes. */
export function unquoted(raw: string): string {
  return readWord(raw, 0).text;
}

/** The last one may be empty: that which is about to be typed. */
function wordsOf(line: string): RawWord[] {
  const words: RawWord[] = [];
  let at = 0;
  for (;;) {
    while (at < line.length && isBlank(line[at])) at += 1;
    const word = readWord(line, at);
    words.push(word);
    at += word.raw.length;
    if (at >= line.length) return words;
  }
}

function readWord(line: string, from: number): RawWord {
  let text = '';
  let quote: RawWord['quote'] = '';
  const starts: number[] = [];
  let at = from;
  const take = (length: number, character: string) => {
    for (const _ of character) starts.push(at - from);
    text += character;
    at += length;
  };
  while (at < line.length) {
    const character = line[at] ?? '';
    const next = line[at + 1];
    if (quote === '' && isBlank(character)) break;
    if (quote === '' && (character === '"' || character === "'")) {
      quote = character;
      at += 1;
    } else if (character === quote) {
      quote = '';
      at += 1;
    } else if (
      character === '\\' &&
      quote !== "'" &&
      next !== undefined &&
      (quote === '' || '$`"\\'.includes(next))
    ) {
      take(2, next);
    } else {
      take(1, character);
    }
  }
  return { raw: line.slice(from, at), text, quote, starts };
}

function isBlank(character: string | undefined): boolean {
  return character === ' ' || character === '\t' || character === '\n';
}
