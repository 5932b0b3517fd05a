import { grouped } from '../domain/grouped.js';
import { plural } from '../domain/plural.js';
import type { FleetStatus, StatusSite } from '../operations/topology/status.js';
import { bar } from './bar.js';
import { sparkline } from './sparkline.js';
import { state, stateSymbol } from './states.js';
import type { Terminal } from './terminal.js';
import { padded, textWidth } from './text-width.js';

const dayHours = 24;
const hourMs = 3600_000;

/** The fleet in a few lines: what there is and how it does, the power now, the energy of the day. */
export function statusHead(status: FleetStatus, terminal: Terminal): string[] {
  const { counts, served, today, powerKw, maxPowerKw } = status;
  const { paint } = terminal;
  const inState = (name: string, count: number) =>
    count === 0 ? [] : [`${stateSymbol(name, terminal)} ${grouped(count)} ${state(name, terminal)}`];
  const offline = counts.offline - counts.neverConnected;
  const lines = [
    ...joined(
      [
        paint.bold(plural(counts.stations, 'station')),
        `${grouped(counts.online)} online`,
        ...inState('offline', served ? offline : 0),
        ...inState('pending', counts.pending),
        ...(counts.neverConnected > 0
          ? [paint.gray(`${grouped(counts.neverConnected)} never connected`)]
          : []),
        ...(counts.alarms > 0 ? [paint.redBright(`! ${plural(counts.alarms, 'open alarm')}`)] : []),
        ...(counts.maintenance > 0 ? [paint.yellow(`${grouped(counts.maintenance)} in maintenance`)] : []),
      ],
      terminal,
    ),
    ...joined(
      [
        paint.bold(plural(counts.connectors, 'connector')),
        ...inState('available', counts.available),
        ...inState('charging', counts.charging),
        ...inState('occupied', counts.occupied),
        ...inState('reserved', counts.reserved),
        ...inState('unavailable', counts.unavailable),
        ...inState('faulted', counts.faulted),
      ],
      terminal,
    ),
  ];
  if (!served) lines.push(paint.yellow('No server is running: evfleet serve'));
  if (counts.stations === 0) return lines;
  const load =
    maxPowerKw === null
      ? kilowatts(powerKw)
      : `${loadBar(powerKw, maxPowerKw, { width: dayHours, terminal })}  ${kilowatts(powerKw)} of ${kilowatts(maxPowerKw)}`;
  if (served)
    lines.push(`${paint.bold('Now')}    ${load}, ${plural(counts.activeSessions, 'running session')}`);
  const day = dayLine(today, { start: Date.parse(today.start), terminal });
  lines.push(
    `${paint.bold('Today')}  ${day}  ${kilowattHours(today.energyKwh)}, ${plural(today.sessions, 'session')}`,
  );
  return lines;
}

/** Parts side by side, on as many lines as they need. */
function joined(parts: readonly string[], { isTTY, columns, paint }: Terminal): string[] {
  const lines: string[] = [];
  for (const part of parts) {
    const last = lines.at(-1);
    const longer = last === undefined ? part : `${last}${paint.dim(' · ')}${part}`;
    if (last === undefined || (isTTY && textWidth(longer) > columns)) lines.push(part);
    else lines[lines.length - 1] = longer;
  }
  return lines;
}

/** The load as a bar, or as much room. */
export function loadBar(
  powerKw: number,
  maxPowerKw: number,
  { width, terminal: { paint } }: { readonly width: number; readonly terminal: Terminal },
): string {
  const { full, rest } = bar(powerKw / maxPowerKw, width);
  return `${paint.cyan(full)}${paint.dim(rest)}`;
}

/** The hours of a day, a cell each; those to come as dots. */
export function dayLine(
  { hourlyEnergyKwh }: StatusSite['today'],
  { start, terminal }: { readonly start: number; readonly terminal: Terminal },
): string {
  const past = sparkline(hourlyEnergyKwh);
  const isEmpty = hourlyEnergyKwh.every((energyKwh) => energyKwh <= 0);
  const toCome = Math.max(0, hoursOfDay(start, terminal) - hourlyEnergyKwh.length);
  const { dim, cyan } = terminal.paint;
  return `${isEmpty ? dim(past) : cyan(past)}${dim((terminal.isUnicode ? '·' : ' ').repeat(toCome))}`;
}

/** 23 or 25 when the clock changes. */
function hoursOfDay(start: number, { utc }: Terminal): number {
  if (utc) return dayHours;
  const end = new Date(start);
  end.setDate(end.getDate() + 1);
  return Math.ceil((end.getTime() - start) / hourMs);
}

/** `850 W`, `7.4 kW`, `1,250 kW`, `12.5 MW`. */
export function kilowatts(kw: number): string {
  if (kw > 0 && kw < 1) return `${Math.round(kw * 1000)} W`;
  return `${scaled(kw, 'kW', 'MW')}`;
}

/** `7.43 kWh`, `850.1 kWh`, `12.5 MWh`. */
export function kilowattHours(kwh: number): string {
  return kwh < 100 ? `${kwh.toFixed(2)} kWh` : scaled(kwh, 'kWh', 'MWh');
}

function scaled(value: number, unit: string, thousands: string): string {
  if (value >= 10_000) return `${grouped(value / 1000, 1).replace(/\.0$/, '')} ${thousands}`;
  const digits = value >= 1000 || Number.isInteger(value) ? 0 : 1;
  return `${grouped(value, digits)} ${unit}`;
}

/** Right-aligned in a column. */
export function inColumn(text: string, width: number): string {
  return padded(text, width, 'right');
}
