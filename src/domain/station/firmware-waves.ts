import type { FirmwareRollout, TargetState } from './firmware.js';
import { isEnded } from './firmware-progress.js';

export interface WavePlan {
  /** Stations that go first; 0: none. */
  readonly canary: number;
  /** Stations of each wave after them; 0: all at once. */
  readonly wave: number;
}

/** How many stations each wave has, in order. */
export function waveSizes(stations: number, { canary, wave }: WavePlan): number[] {
  const sizes: number[] = [];
  let left = stations;
  for (let size = canary > 0 ? canary : wave; left > 0; size = wave) {
    const taken = size > 0 ? Math.min(size, left) : left;
    sizes.push(taken);
    left -= taken;
  }
  return sizes;
}

/** The wave of the station at this place. */
export function waveOf(position: number, sizes: readonly number[]): number {
  let end = 0;
  for (const [wave, size] of sizes.entries()) {
    end += size;
    if (position < end) return wave;
  }
  return Math.max(0, sizes.length - 1);
}

/** How many stations of a wave are in a state. */
export interface Tally {
  readonly wave: number;
  readonly state: TargetState;
  readonly stations: number;
}

export type Step =
  /** Tell those of the wave that wait. */
  | { readonly kind: 'send' }
  /** Nothing to do until a station is heard of or its time is up. */
  | { readonly kind: 'wait' }
  | { readonly kind: 'advance'; readonly wave: number }
  /** Too many failed: tell no more. */
  | { readonly kind: 'stop'; readonly failed: number }
  /** The rollout ended, and stations whose connection broke as they were told wait again: they are told no more. */
  | { readonly kind: 'drop' }
  /** Everybody is judged. */
  | { readonly kind: 'finish' };

/** What is due now. The next wave begins when everybody in the one before was judged. */
export function nextStep(
  { state, wave, waves, maxFailures }: Pick<FirmwareRollout, 'state' | 'wave' | 'waves' | 'maxFailures'>,
  tallies: readonly Tally[],
): Step {
  const count = (matches: (tally: Tally) => boolean) =>
    tallies.filter(matches).reduce((sum, { stations }) => sum + stations, 0);
  const open = count((tally) => !isEnded(tally));
  if (open === 0) return { kind: 'finish' };
  if (state !== 'running') {
    return { kind: count((tally) => tally.state === 'waiting') > 0 ? 'drop' : 'wait' };
  }
  const failed = count((tally) => tally.state === 'failed');
  if (failed > maxFailures) return { kind: 'stop', failed };
  const ofWave = (tally: Tally) => tally.wave === wave;
  if (count((tally) => ofWave(tally) && tally.state === 'waiting') > 0) return { kind: 'send' };
  if (count((tally) => ofWave(tally) && !isEnded(tally)) > 0) return { kind: 'wait' };
  return wave + 1 < waves ? { kind: 'advance', wave: wave + 1 } : { kind: 'wait' };
}
