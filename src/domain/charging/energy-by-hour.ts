import { sessionEnergyMaxWh, sessionEnergyWh } from './energy.js';
import type { MeteredSession, RegisterAt } from './session-repositories.js';

const hourMs = 3600_000;

/** Hours of the longest day, the one on which the clock is put back. */
export const dayHoursMax = 25;

/**
 * When the hours of a day began, as far as the day has come: real hours, counted from its midnight, so that a day has 23 or
 * 25 of them when the clock changes. Milliseconds since the epoch.
 */
export function hoursSince(dayStart: number, now: number): number[] {
  const hours = Math.min(dayHoursMax, Math.floor((now - dayStart) / hourMs) + 1);
  return Array.from({ length: Math.max(1, hours) }, (_, hour) => dayStart + hour * hourMs);
}

/**
 * Energy of sessions in each of some hours, Wh, by site (null: of no site). What a session took by the end of an hour is
 * what its last meter value before that says, held between what came before and the session as a whole: a wrong register
 * moves energy to another hour, but adds none. Where nothing was metered, it came evenly. A session that took more
 * than a car can take counts as nothing.
 * @param hours when they begin, ascending; the last one lasts until `now`
 * @param registers at the beginnings of these hours
 */
export function energyByHour(
  sessions: readonly MeteredSession[],
  registers: readonly RegisterAt[],
  { hours, now }: { readonly hours: readonly number[]; readonly now: number },
): Map<string | null, number[]> {
  const metered = new Map<number, Map<number, number>>();
  for (const { transactionId, at, energyWh } of registers) {
    if (energyWh === null) continue;
    const ofSession = metered.get(transactionId);
    if (ofSession) ofSession.set(at, energyWh);
    else metered.set(transactionId, new Map([[at, energyWh]]));
  }
  const bySite = new Map<string | null, number[]>();
  for (const session of sessions) {
    const totalWh = sessionEnergyWh(session);
    if (totalWh === 0 || totalWh > sessionEnergyMaxWh) continue;
    const ofSite = bySite.get(session.siteUuid) ?? hours.map(() => 0);
    bySite.set(session.siteUuid, ofSite);
    const takenBy = takenUntil(session, metered.get(session.transactionId), { totalWh, now });
    let before = takenBy(hours[0] ?? now);
    for (const index of hours.keys()) {
      const by = Math.max(before, takenBy(hours[index + 1] ?? now));
      ofSite[index] = (ofSite[index] ?? 0) + by - before;
      before = by;
    }
  }
  return bySite;
}

/** Gives what the session had taken at an instant, Wh. */
function takenUntil(
  { startedAt, stoppedAt, meterStartWh }: MeteredSession,
  registers: ReadonlyMap<number, number> | undefined,
  { totalWh, now }: { readonly totalWh: number; readonly now: number },
): (at: number) => number {
  // A clock that is ahead ends no session later than now.
  const end = Math.min(stoppedAt ?? now, now);
  return (at) => {
    if (at >= end) return totalWh;
    if (at <= startedAt) return 0;
    const register = registers?.get(at);
    if (register === undefined) return (totalWh * (at - startedAt)) / (end - startedAt);
    return Math.min(totalWh, Math.max(0, register - meterStartWh));
  };
}
