import type { Session } from './model.js';

/** More than any car takes in one session: a register that jumped, or Wh mistaken for kWh (field trap 25). */
export const sessionEnergyMaxWh = 2_000_000;

type Registers = Pick<Session, 'meterStartWh' | 'meterStopWh' | 'meterLastWh'>;

/**
 * Energy of a session in Wh from its registers: stop minus start, or the latest reading while it runs. Never
 * negative: a register that ran backwards counts as nothing and is flagged by `doubtEnergy`.
 */
export function sessionEnergyWh({ meterStartWh, meterStopWh, meterLastWh }: Registers): number {
  return Math.max(0, (meterStopWh ?? meterLastWh ?? meterStartWh) - meterStartWh);
}

/** Why the energy of an ended session cannot be right, in words; undefined when it can. */
export function doubtEnergy({ meterStartWh, meterStopWh }: Registers): string | undefined {
  if (meterStopWh === null) return undefined;
  const energyWh = meterStopWh - meterStartWh;
  if (energyWh < 0) return `the meter ran backwards, from ${meterStartWh} to ${meterStopWh} Wh`;
  if (energyWh > sessionEnergyMaxWh) return `${energyWh} Wh is more than a car can take`;
  return undefined;
}
