import { writeDuration } from '../duration.js';
import type { ChargingPeriod, ChargingSchedule, RateUnit } from './charging-profile.js';

/** Periods told one by one; of more, how many there are. */
const toldMax = 4;

/** What a schedule allows, in words: `16 A, from 1h on 10 A, until 3h`; `daily 32 A, from 6h on 10 A` when it recurs. */
export function describeSchedule(schedule: ChargingSchedule, recurrency?: string | null): string {
  const { chargingRateUnit, chargingSchedulePeriod, duration } = schedule;
  const told = chargingSchedulePeriod.slice(0, toldMax).map((period) => {
    const limit = describeLimit(period, chargingRateUnit);
    return period.startPeriod === 0 ? limit : `from ${writeDuration(period.startPeriod * 1000)} on ${limit}`;
  });
  const more = chargingSchedulePeriod.length - told.length;
  if (more > 0) told.push(`${more} more`);
  if (duration !== undefined) told.push(`until ${writeDuration(duration * 1000)}`);
  const often = recurrency ? `${recurrency.toLowerCase()} ` : '';
  return `${often}${told.join(', ')}`;
}

function describeLimit({ limit, numberPhases }: ChargingPeriod, unit: RateUnit): string {
  if (numberPhases === undefined) return `${limit} ${unit}`;
  return `${limit} ${unit} (${numberPhases === 1 ? '1 phase' : `${numberPhases} phases`})`;
}
