import { FleetError } from '../domain/errors.js';

/**
 * Splits arguments of the form `STATION... WORD`: the last is the word, also where stations are chosen by flags.
 * @param what the word, as the help calls it: `MESSAGE`
 * @throws FleetError USAGE when there is none
 */
export function stationsAndWord(
  words: readonly string[],
  what: string,
  example: string,
): { stationIds: readonly string[]; word: string } {
  const word = words.at(-1);
  if (word !== undefined) return { stationIds: words.slice(0, -1), word };
  throw new FleetError('USAGE', `Missing: ${what}.`, { suggestions: [example] });
}
