import type { Named, NameQuery } from '../../domain/names.js';

/** What a word can become. */
export interface Candidate {
  /** The whole word, without quotes. */
  readonly word: string;
  /** What it is, in a few words; '' when the word says it all. */
  readonly about: string;
  /** Whether more is to follow without a space: `HeartbeatInterval=`. */
  readonly isOpen?: boolean;
}

/** Asks the fleet; gives nothing, rather than an error or much later, when it cannot be asked. */
export type FindNames = (query: Omit<NameQuery, 'limit' | 'siteUuids'>) => Promise<readonly Named[]>;

export function plainWords(words: readonly string[]): Candidate[] {
  return words.map((word) => ({ word, about: '' }));
}

/** Whether a word may become this one: case counts for nobody who is still typing. */
export function fits(candidate: string, typed: string): boolean {
  return candidate.toLowerCase().startsWith(typed.toLowerCase());
}
