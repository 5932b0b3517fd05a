import type { Session } from '../model.js';

/** More than any car takes in one session: a register that jumped, or Wh mistaken for kWh (field trap 25). */
export const sessionEnergyMaxWh = 2_000_000;

/** How far a reading may be ahead of the register at the stop: stations round kWh to one decimal. */
const roundingWh = 100;

type Registers = Pick<Session, 'meterStartWh' | 'meterStopWh' | 'meterLastWh'>;

/**
 * Energy of a session in Wh from its registers: stop minus start, or the latest reading while it runs. Never
 * negative: a register that ran backwards counts as nothing and is flagged by `doubtEnergy`.
 */
export function sessionEnergyWh({ meterStartWh, meterStopWh, meterLastWh }: Registers): number {
  return Math.max(0, (meterStopWh ?? meterLastWh ?? meterStartWh) - meterStartWh);
}

/** Whether a car may have taken what lies between two registers. */
export function isPlausible(meterStartWh: number, meterStopWh: number): boolean {
  const energyWh = meterStopWh - meterStartWh;
  return energyWh >= 0 && energyWh <= sessionEnergyMaxWh;
}

/**
 * Why the energy of an ended session cannot be right, in words; undefined when it can.
 * @param reportedWh the latest register among its meter values, believed or not; null when there is none
 */
export function doubtEnergy(
  { meterStartWh, meterStopWh, meterLastWh }: Registers,
  reportedWh: number | null = meterLastWh,
): string | undefined {
  if (meterStopWh === null) return undefined;
  const energyWh = meterStopWh - meterStartWh;
  if (isKilo(reportedWh, meterStartWh, meterStopWh)) {
    const between = `${meterStartWh} and ${meterStopWh}`;
    return `the meter values say ${reportedWh / 1000} kWh: the registers ${between} are kWh, not Wh`;
  }
  if (energyWh < 0) return `the meter ran backwards, from ${meterStartWh} to ${meterStopWh} Wh`;
  if (energyWh > sessionEnergyMaxWh) return `${energyWh} Wh is more than a car can take`;
  if (meterLastWh !== null && meterLastWh > meterStopWh + roundingWh) {
    return `the meter fell from ${meterLastWh} to ${meterStopWh} Wh during the session`;
  }
  return undefined;
}

/** Whether a reading agrees with start and stop only when those are kWh that are called Wh. */
function isKilo(readingWh: number | null, meterStartWh: number, meterStopWh: number): readingWh is number {
  if (readingWh === null || readingWh <= meterStopWh + roundingWh) return false;
  const readingKwh = readingWh / 1000;
  return readingKwh >= meterStartWh - 1 && readingKwh <= meterStopWh + 1;
}
