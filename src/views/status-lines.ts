import { formatDuration } from '../domain/duration.js';
import { grouped } from '../domain/grouped.js';
import { connectorState, type State } from '../domain/station/states.js';
import type { FleetStatus, StatusSite } from '../operations/topology/status.js';
import type { StatusConnector, StatusStation } from '../operations/topology/status-station.js';
import { cut } from './cut.js';
import { oneLine, since } from './format.js';
import { state, stateSymbol } from './states.js';
import { dayLine, inColumn, kilowattHours, kilowatts, loadBar } from './status-head.js';
import type { Terminal } from './terminal.js';
import { padded, textWidth } from './text-width.js';

const barWidth = 8;

/** Names of sites take so much at most, where the rest is to fit beside them. */
const siteNameMax = 30;

/** How the lines of one picture are laid out: columns stand below each other in the whole tree. */
export interface Layout {
  readonly terminal: Terminal;
  /** When the day of the sparklines began. */
  readonly dayStart: number;
  readonly siteNameWidth: number;
  /** Of id and name. */
  readonly stationWidth: number;
  /** Whether sites have room for the energy of the day. */
  readonly hasDay: boolean;
  readonly hasLoad: boolean;
  readonly hasBars: boolean;
  readonly hasSoc: boolean;
  /** Whether there is room for who, and make and model. */
  readonly isWide: boolean;
}

export function layoutOf(status: FleetStatus, terminal: Terminal): Layout {
  const stations = [...status.sites.flatMap(stationsOf), ...status.stations];
  const charging = stations.flatMap(({ connectors }) => connectors.filter(({ session }) => session !== null));
  const names = status.sites.map(({ name }) => textWidth(oneLine(name)));
  const room = terminal.isTTY ? terminal.columns : Number.POSITIVE_INFINITY;
  const siteNameWidth = Math.min(Math.max(0, ...names), siteNameMax, Math.max(8, room - 63));
  return {
    terminal,
    dayStart: Date.parse(status.today.start),
    siteNameWidth,
    stationWidth: Math.min(
      Math.max(0, ...stations.map((station) => textWidth(titleOf(station)))),
      room >= 80 ? 26 : 20,
    ),
    hasDay: room >= siteNameWidth + 63,
    hasLoad: room >= siteNameWidth + 73 && status.sites.some(({ maxPowerKw }) => maxPowerKw !== null),
    hasBars: room >= 72 && charging.some(({ maxPowerKw }) => maxPowerKw !== null),
    hasSoc: room >= 72 && charging.some(({ session }) => session?.soc !== null),
    isWide: room >= 110,
  };
}

export function stationsOf({ floors, stations }: StatusSite): StatusStation[] {
  return [...floors.flatMap((floor) => floor.stations), ...stations];
}

/** The name, what flows now, the energy of the day. */
export function siteLine(site: StatusSite, layout: Layout): string {
  const { terminal, hasDay, hasLoad, dayStart } = layout;
  const { powerKw, maxPowerKw, today } = site;
  const parts = siteCells(site, layout);
  if (hasLoad) {
    const isKnown = maxPowerKw !== null && powerKw > 0;
    parts.push(isKnown ? loadBar(powerKw, maxPowerKw, { width: barWidth, terminal }) : ' '.repeat(barWidth));
  }
  parts.push(inColumn(powerKw > 0 ? kilowatts(powerKw) : '', 8));
  if (hasDay && today.energyKwh > 0) {
    parts.push(dayLine(today, { start: dayStart, terminal }), inColumn(kilowattHours(today.energyKwh), 10));
  }
  return parts.join('  ').trimEnd();
}

/** The name, what flows now, and in which states its stations are. */
export function siteStates(site: StatusSite, layout: Layout): string {
  const power = inColumn(site.powerKw > 0 ? kilowatts(site.powerKw) : '', 8);
  return [...siteCells(site, layout), power, inStates(stationsOf(site), layout.terminal)]
    .join('  ')
    .trimEnd();
}

function siteCells(site: StatusSite, { terminal: { paint, isTTY }, siteNameWidth }: Layout): string[] {
  const name = isTTY ? cut(oneLine(site.name), siteNameWidth) : oneLine(site.name);
  const count = stationsOf(site).length;
  const stations = paint.dim(count === 1 ? 'station ' : 'stations');
  return [padded(paint.bold(name), siteNameWidth), `${inColumn(String(count), 4)} ${stations}`];
}

/** The state, what is wrong, and of what make it is. */
export function stationLine(station: StatusStation, { terminal, stationWidth, isWide }: Layout): string {
  const { paint } = terminal;
  const { id, vendor, model } = station;
  const full = titleOf(station).slice(oneLine(id).length);
  // What is typed stays whole; a name ends where the column does.
  const name = terminal.isTTY ? cut(full, Math.max(0, stationWidth - textWidth(oneLine(id)))) : full;
  const make = [vendor, model].flatMap((word) => (word ? [oneLine(word)] : []));
  return [
    `${stateSymbol(isAdmitted(station) ? station.state : station.registration, terminal)} ${padded(`${paint.bold(oneLine(id))}${name}`, stationWidth)}`,
    presence(station, terminal),
    ...(station.alarms > 0
      ? [paint.redBright(`! ${station.alarms === 1 ? '1 alarm' : `${station.alarms} alarms`}`)]
      : []),
    ...(station.maintenance ? [paint.yellow('maintenance')] : []),
    ...(station.refused ? [paint.redBright(`not let in: ${oneLine(station.refused.reason)}`)] : []),
    ...(isWide && make.length > 0 ? [paint.dim(make.join(' '))] : []),
  ].join('  ');
}

function isAdmitted({ registration }: StatusStation): boolean {
  return registration === 'accepted';
}

/** `CP001 North gate`, or the id alone where the name says no more. */
function titleOf({ id, name }: StatusStation): string {
  return name === null || name === id ? oneLine(id) : `${oneLine(id)} ${oneLine(name)}`;
}

function presence(station: StatusStation, terminal: Terminal): string {
  const { state: name, registration, online, lastSeen, offlineSince } = station;
  // What it reports says little: it may not charge yet.
  const admission = isAdmitted(station) ? '' : state(registration, terminal);
  if (online) return admission || (name === 'new' ? terminal.paint.gray(unheard) : state(name, terminal));
  if (lastSeen === null) return terminal.paint.gray('never connected');
  return `${admission && `${admission}, `}${state('offline', terminal)} ${since(offlineSince ?? lastSeen, terminal)}`;
}

/** What a station with its connectors comes to, for where these have no lines of their own. */
export function runningLine(station: StatusStation, { terminal }: Layout): string {
  const running = station.connectors.flatMap(({ session }) => (session ? [session] : []));
  if (running.length === 0) return '';
  const powerKw = running.reduce((sum, session) => sum + (session.powerKw ?? 0), 0);
  const sessions = running.length === 1 ? '1 session' : `${running.length} sessions`;
  return `  ${terminal.paint.dim(`${sessions}, ${kilowatts(powerKw)}`)}`;
}

/** @param indent cells of the tree before it: what follows the state stands below each other all the same */
export function connectorLine(connector: StatusConnector, layout: Layout, indent: number): string {
  const { terminal } = layout;
  const { paint } = terminal;
  const { session, errorCode } = connector;
  const isUnheard = connector.state === 'new' || (connector.state === 'offline' && connector.status === null);
  const name = isUnheard ? paint.gray(unheard) : state(connector.state, terminal);
  const symbol = stateSymbol(isUnheard ? 'new' : connector.state, terminal);
  const parts = [padded(`${connector.connector} ${symbol} ${name}`, stateEnd - indent)];
  if (connector.state === 'offline' && connector.status !== null) {
    const before = connectorState(connector.status, { online: true, charging: session !== null });
    parts.push(paint.dim(`was ${before}`));
  }
  if (session) parts.push(...sessionCells(session, connector.maxPowerKw, layout));
  if (errorCode !== null && errorCode !== 'NoError') parts.push(paint.redBright(fault(connector)));
  return parts.join('  ').trimEnd();
}

/** Of what has not said yet how it is. */
const unheard = 'no status yet';

/** Where the states of connectors end: below site and floor, with the longest of them. */
const stateEnd = 9 + 4 + 'unavailable'.length;

type Running = NonNullable<StatusConnector['session']>;

function sessionCells(
  { powerKw, energyKwh, startTime, soc, tag, userEmail, transactionId }: Running,
  maxPowerKw: number | null,
  { terminal, hasBars, hasSoc, isWide }: Layout,
): string[] {
  const { paint } = terminal;
  const lastsMs = Math.max(0, terminal.now() - Date.parse(startTime));
  const isKnown = maxPowerKw !== null && powerKw !== null;
  const loadCells = isKnown
    ? loadBar(powerKw, maxPowerKw, { width: barWidth, terminal })
    : ' '.repeat(barWidth);
  const who = userEmail ?? tag;
  const more = isWide && userEmail !== null && tag !== null ? `, tag ${oneLine(tag)}` : '';
  return [
    ...(hasBars ? [loadCells] : []),
    inColumn(powerKw === null ? paint.dim('-') : kilowatts(powerKw), 7),
    inColumn(kilowattHours(energyKwh), 9),
    inColumn(formatDuration(Math.floor(lastsMs / 1000) * 1000), 7),
    ...(hasSoc ? [inColumn(soc === null ? '' : `${Math.round(soc)} %`, 5)] : []),
    ...(who === null ? [] : [oneLine(who) + paint.dim(more)]),
    ...(isWide ? [paint.dim(`session ${transactionId}`)] : []),
  ];
}

function fault({ errorCode, vendorErrorCode, info }: StatusConnector): string {
  return [errorCode, vendorErrorCode, info].flatMap((text) => (text ? [oneLine(text)] : [])).join(', ');
}

/** `1 faulted, 8 available, 4 charging`: the states of stations, what is wrong first, then most of them. */
export function inStates(stations: readonly StatusStation[], terminal: Terminal): string {
  const counts = new Map<State, number>();
  for (const station of stations) counts.set(station.state, (counts.get(station.state) ?? 0) + 1);
  return [...counts]
    .sort(([a, countOfA], [b, countOfB]) => urgency(b) - urgency(a) || countOfB - countOfA)
    .map(
      ([name, count]) =>
        `${grouped(count)} ${name === 'new' ? terminal.paint.gray('never connected') : state(name, terminal)}`,
    )
    .join(', ');
}

function urgency(name: State): number {
  return ['offline', 'faulted'].indexOf(name);
}
