import { grouped } from '../domain/grouped.js';
import { oneLine } from './format.js';

interface FirstFewOptions {
  /** Of them all, where only the first are at hand. */
  readonly count?: number;
  /** How many are named. */
  readonly max?: number;
}

/** Names of many things: `CP001, CP002 and 398 more`. */
export function firstFew(
  names: readonly string[],
  { count = names.length, max = 10 }: FirstFewOptions = {},
): string {
  const named = names.slice(0, max);
  const listed = named.map(oneLine).join(', ');
  const more = count - named.length;
  return more > 0 ? `${listed} and ${grouped(more)} more` : listed;
}
