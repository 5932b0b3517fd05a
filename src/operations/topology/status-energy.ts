import { type Static, Type } from '@sinclair/typebox';
import { energyByHour, hoursSince } from '../../domain/charging/energy-by-hour.js';
import type { Session } from '../../domain/model.js';
import type { Repositories } from '../../domain/repositories.js';
import { nullable, toThousandths } from '../shared.js';
import type { StatusStation } from './status-station.js';

/** Of stations together. */
export const statusLoad = {
  /** As far as it is known: a session that tells no power adds none. */
  powerKw: Type.Number(),
  /** Of all connectors; null when that of one of them is not known. */
  maxPowerKw: nullable(Type.Number()),
};

export const statusDay = Type.Object({
  energyKwh: Type.Number(),
  /** In each hour since the day began; the last one is under way. */
  hourlyEnergyKwh: Type.Array(Type.Number()),
});

/** Cars that stood there for longer take next to nothing any more. */
const sessionMaxMs = 48 * 3600_000;

/** A day of more sessions than that is shown with less care: each took its energy evenly. */
const sessionsLookedInto = 6_000;

/** More than any fleet has in a day; what is beyond is left out. */
const sessionsMax = 100_000;

export interface EnergyOfDay {
  /** Wh in each hour, by the uuid of the site; null: of no site. */
  readonly bySite: ReadonlyMap<string | null, readonly number[]>;
  readonly whole: readonly number[];
  readonly hours: readonly number[];
  readonly sessions: number;
}

/**
 * The energy of the day under way, hour by hour. Two queries over the sessions of the day, each of which is looked up in
 * the index of samples at the hours that it spans: history is not looked through.
 * @param running all sessions without a stop
 */
export async function energyOfDay(
  r: Pick<Repositories, 'sessions' | 'samples'>,
  {
    dayStart,
    now,
    running,
    siteUuid,
  }: {
    readonly dayStart: number;
    readonly now: number;
    readonly running: readonly Session[];
    /** Only of this site. */
    readonly siteUuid?: string;
  },
): Promise<EnergyOfDay> {
  const hours = hoursSince(dayStart, now);
  const since = { startedFrom: dayStart - sessionMaxMs, endedFrom: dayStart };
  const ended = await r.sessions.listEndedSince(since, sessionsMax);
  const registers = await r.samples.listRegistersAt(
    hours,
    ended.length > sessionsLookedInto ? undefined : since,
  );
  const sessions = [...ended, ...running].filter(
    (one) => siteUuid === undefined || one.siteUuid === siteUuid,
  );
  const bySite = energyByHour(sessions, registers, { hours, now });
  const whole = hours.map((_, hour) => sum([...bySite.values()].map((ofSite) => ofSite[hour] ?? 0)));
  return { bySite, whole, hours, sessions: sessions.length };
}

/** @param energyWh in each hour; undefined where there was none */
export function dayOf(
  energyWh: readonly number[] | undefined,
  { hours }: EnergyOfDay,
): Static<typeof statusDay> {
  const wh = energyWh ?? hours.map(() => 0);
  return { energyKwh: toKilowattHours(sum(wh)), hourlyEnergyKwh: wh.map(toKilowattHours) };
}

/** Power of stations now, and what they could deliver together. */
export function loadOf(stations: readonly Pick<StatusStation, 'connectors'>[]): {
  powerKw: number;
  maxPowerKw: number | null;
} {
  const connectors = stations.flatMap((station) => station.connectors);
  const known = connectors.map(({ maxPowerKw }) => maxPowerKw).filter((maxPowerKw) => maxPowerKw !== null);
  const isKnown = known.length > 0 && known.length === connectors.length;
  return {
    powerKw: toThousandths(sum(connectors.map(({ session }) => session?.powerKw ?? 0))) ?? 0,
    maxPowerKw: isKnown ? toThousandths(sum(known)) : null,
  };
}

function toKilowattHours(energyWh: number): number {
  return Math.round(energyWh) / 1000;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
