import type { Candidate } from './candidate.js';
import type { Candidates } from './candidates.js';
import type { RawWord } from './shell-words.js';

export const shells = ['bash', 'zsh', 'fish'] as const;

export type Shell = (typeof shells)[number];

/**
 * What the script of a shell reads: the first line says what else the shell is to offer (`none`, `files` or
 * `directories`), each other line is a candidate.
 *
 * - bash: the text that takes the place of what the line editor takes for the word, quoted, with a space behind it if
 *   the word is complete
 * - zsh: `+` when more is to follow or `-`, the word, a tab, what it is
 * - fish: the word, a tab, what it is
 */
export function zshAnswer({ files, words, start }: Candidates): string {
  const lines = usable(words).map(({ word, about, isOpen }) => `${isOpen ? '+' : '-'}${word}\t${about}`);
  return lined([`${files}\t${start}`, ...lines]);
}

export function fishAnswer({ files, words, start }: Candidates): string {
  return lined([`${files}\t${start}`, ...usable(words).map(({ word, about }) => `${word}\t${about}`)]);
}

/** @param wordBreaks the characters at which bash parts words (COMP_WORDBREAKS) */
export function bashAnswer({ files, words }: Candidates, current: RawWord, wordBreaks: string): string {
  const able = usable(words);
  // What is typed stays as it is while it fits; its case is put right only when nothing else is left.
  const exact = able.filter(({ word }) => word.startsWith(current.text));
  const offered = exact.length > 0 ? exact : able;
  const from = breakIn(current, wordBreaks);
  return lined([files, ...offered.map((candidate) => bashWord(candidate, current, from))]);
}

/** What stands in the way of a line, or does things to a terminal, cannot be offered. */
function usable(words: readonly Candidate[]): Candidate[] {
  return words
    .filter(({ word }) => !/\p{Cc}/u.test(word))
    .map((candidate) => ({ ...candidate, about: candidate.about.replaceAll(/\p{Cc}+/gu, ' ') }));
}

function lined(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('');
}

/** Where in the unquoted text the line editor takes the word to begin: behind the last break that is not quoted. */
function breakIn({ raw, text, quote, starts }: RawWord, wordBreaks: string): number {
  if (quote !== '') return raw.startsWith(quote) ? 0 : text.length - afterQuote(raw, quote, starts);
  for (let index = text.length - 1; index >= 0; index -= 1) {
    const at = starts[index] ?? 0;
    // A backslash before it, or quotes around it, make it an ordinary character.
    const isBare = raw[at] === text[index] && !isQuotedAt(raw, at);
    if (isBare && wordBreaks.includes(text[index] ?? '')) return index + 1;
  }
  return 0;
}

/** How many characters of the text stand behind the quote that is open. */
function afterQuote(raw: string, quote: string, starts: readonly number[]): number {
  const opened = raw.lastIndexOf(quote);
  return starts.filter((start) => start > opened).length;
}

function isQuotedAt(raw: string, at: number): boolean {
  let quote = '';
  for (let index = 0; index < at; index += 1) {
    const character = raw[index] ?? '';
    if (character === '\\' && quote !== "'") index += 1;
    else if (quote === '' && (character === '"' || character === "'")) quote = character;
    else if (character === quote) quote = '';
  }
  return quote !== '';
}

function bashWord({ word, isOpen }: Candidate, { quote, text }: RawWord, from: number): string {
  // Case may change the length of nothing that is typed here.
  const rest = word.slice(Math.min(from, text.length));
  if (quote === "'") return rest.replaceAll("'", `'\\''`);
  if (quote === '"') return rest.replaceAll(/[\\"$`]/g, '\\$&');
  // The line editor closes an open quote itself; without one the space is ours.
  return `${rest.replaceAll(/[^\p{L}\p{N}%+,./:=@_-]/gu, '\\$&')}${isOpen === true ? '' : ' '}`;
}
