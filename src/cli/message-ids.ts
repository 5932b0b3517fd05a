import { FleetError } from '../domain/errors.js';

/** Numbers of messages in the outbox, each once. @throws FleetError USAGE when a word is none */
export function toMessageIds(words: readonly string[]): number[] {
  const ids = words.map((word) => {
    if (/^[1-9]\d{0,14}$/.test(word)) return Number(word);
    throw new FleetError('USAGE', `A message has a number, not ${JSON.stringify(word)}.`, {
      suggestions: ['evfleet alarm outbox list'],
    });
  });
  return [...new Set(ids)];
}
