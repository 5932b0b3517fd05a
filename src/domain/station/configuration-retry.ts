import { type DesiredKey, isToSend } from './configuration.js';
import { type Endeavour, type Learned, onlyDesired } from './configuration-exchange.js';

/** From the first failure to the next attempt; doubled after each. */
const firstDelayMs = 60_000;
const delayMaxMs = 3_600_000;

/** What an endeavour taught, with when to try again: never, when the station has what it should or will not take it. */
export function settled(
  { learned, states, failure }: Endeavour,
  desired: ReadonlyMap<string, DesiredKey>,
  now: number,
): Learned {
  const isLeft = failure !== undefined || [...states.values()].some(isToSend);
  return (before) => {
    const known = onlyDesired(desired)(learned(before));
    if (!isLeft) return { ...known, attempts: 0, dueAt: null };
    const delayMs = Math.min(delayMaxMs, firstDelayMs * 2 ** Math.min(known.attempts, 10));
    return { ...known, attempts: known.attempts + 1, dueAt: now + delayMs };
  };
}
