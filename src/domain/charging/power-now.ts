import type { OpenSample } from './session-repositories.js';

/** Stations measure at least every quarter of an hour; what is older than two of these says nothing of now. */
const validForMs = 30 * 60_000;

/** Energy over less than that is mostly rounding. */
const spanMinMs = 20_000;

/**
 * The power of a running session in W: the last one that was measured, else what the last two energy registers come to;
 * null when that is not known, or too long ago.
 * @param samples the last few of the session, oldest first
 */
export function powerNow(samples: readonly OpenSample[], now: number): number | null {
  const recent = samples.filter(({ receivedAt }) => now - receivedAt <= validForMs);
  return recent.findLast(({ powerW }) => powerW !== null)?.powerW ?? derived(recent);
}

function derived(samples: readonly OpenSample[]): number | null {
  const registers = samples.flatMap(({ takenAt, energyWh }) =>
    energyWh === null ? [] : [{ takenAt, energyWh }],
  );
  const last = registers.at(-1);
  const before = last && registers.findLast(({ takenAt }) => last.takenAt - takenAt >= spanMinMs);
  if (!before) return null;
  const powerW = ((last.energyWh - before.energyWh) * 3600_000) / (last.takenAt - before.takenAt);
  return powerW < 0 ? null : Math.round(powerW);
}
