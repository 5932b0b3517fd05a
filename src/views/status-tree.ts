import { grouped } from '../domain/grouped.js';
import { plural } from '../domain/plural.js';
import type { FleetStatus, StatusSite } from '../operations/topology/status.js';
import type { StatusConnector, StatusStation } from '../operations/topology/status-station.js';
import { oneLine } from './format.js';
import {
  connectorLine,
  inStates,
  type Layout,
  runningLine,
  siteLine,
  siteStates,
  stationLine,
  stationsOf,
} from './status-lines.js';
import { type Branch, treeLines } from './tree.js';

/** How much of the tree is shown. What needs eyes is left out last. */
interface Detail {
  /** Connectors with a line of their own: all, those with something to tell, those of stations in trouble, none. */
  readonly connectors: 'all' | 'telling' | 'troubled' | 'none';
  /** Stations that just stand there are shown, too. */
  readonly hasQuiet: boolean;
  /** Stations that each place shows of those in which something is under way; it may be less by those in trouble. */
  readonly busyMax: number;
  /** Stations in trouble that each place shows. */
  readonly troubleMax: number;
  /** Sites at which nothing is wrong: as a tree, as a line, all of them as one line. */
  readonly calmSites: 'tree' | 'line' | 'one';
}

const everything: Detail = {
  connectors: 'all',
  hasQuiet: true,
  busyMax: Number.POSITIVE_INFINITY,
  troubleMax: Number.POSITIVE_INFINITY,
  calmSites: 'tree',
};
const noQuiet: Detail = { ...everything, connectors: 'telling', hasQuiet: false };
const troubled: Detail = { ...noQuiet, connectors: 'troubled', busyMax: 0 };
const fewer = [20, 10, 5, 3, 2, 1];

/** From all there is to next to nothing. */
const details: readonly Detail[] = [
  everything,
  { ...everything, connectors: 'telling' },
  noQuiet,
  { ...noQuiet, connectors: 'troubled' },
  ...fewer.map((busyMax) => ({ ...troubled, busyMax })),
  troubled,
  { ...troubled, calmSites: 'line' },
  { ...troubled, calmSites: 'one' },
  ...fewer.map((troubleMax): Detail => ({ ...troubled, connectors: 'none', calmSites: 'one', troubleMax })),
];

export interface StatusTree {
  readonly lines: readonly string[];
  /** Whether something was left out. */
  readonly isFolded: boolean;
}

/**
 * The tree in as many lines as there is room for; what does not fit is counted, and what is wrong stays longest.
 * @param linesMax for the whole tree, and for one that leaves something out
 */
export function statusTree(
  status: FleetStatus,
  layout: Layout,
  linesMax: { readonly whole: number; readonly folded: number },
): StatusTree {
  const { stations } = status.counts;
  for (const [index, detail] of details.entries()) {
    const room = index === 0 ? linesMax.whole : linesMax.folded;
    // Each of them takes a line at least.
    if (detail.hasQuiet && stations > room) continue;
    const lines = drawn(status, { detail, layout });
    if (lines.length <= room) return { lines, isFolded: index > 0 };
  }
  return { lines: asLines(status, layout, linesMax.folded), isFolded: true };
}

/** Sites as a line each, those with most stations in trouble first; as many as there is room for. */
function asLines(status: FleetStatus, layout: Layout, linesMax: number): string[] {
  const inTrouble = (stations: readonly StatusStation[]) =>
    stations.filter((station) => rankOf(station, status) === 0).length;
  const ranked = status.sites
    .map((site) => ({ site, trouble: inTrouble(stationsOf(site)) }))
    .sort((a, b) => b.trouble - a.trouble)
    .map(({ site }) => site);
  const { paint } = layout.terminal;
  const homeless = inStates(status.stations, layout.terminal);
  const last = homeless === '' ? [] : [`${paint.italic('without a site')}  ${homeless}`];
  const room = Math.max(1, linesMax - 1 - last.length);
  const shown = ranked.length > room ? ranked.slice(0, room - 1) : ranked;
  const left = ranked.slice(shown.length);
  const more = `${paint.dim('…')} ${plural(left.length, 'more site')}: ${inStates(left.flatMap(stationsOf), layout.terminal)}`;
  return ['', ...shown.map((site) => siteStates(site, layout)), ...(left.length > 0 ? [more] : []), ...last];
}

interface Drawing {
  readonly detail: Detail;
  readonly layout: Layout;
}

function drawn(status: FleetStatus, drawing: Drawing): string[] {
  const { layout, detail } = drawing;
  const { paint } = layout.terminal;
  const isCalm = (site: StatusSite) => !stationsOf(site).some((station) => rankOf(station, status) === 0);
  const calm = detail.calmSites === 'tree' ? [] : status.sites.filter(isCalm);
  const lines: string[] = [];
  for (const site of status.sites) {
    if (calm.includes(site)) continue;
    lines.push('', ...treeLines(siteBranch(site, status, drawing)));
  }
  if (status.stations.length > 0) {
    const title = paint.italic(status.sites.length > 0 ? 'without a site' : 'stations');
    lines.push('', ...treeLines({ text: () => title, children: branches(status.stations, status, drawing) }));
  }
  if (calm.length > 0) lines.push('', ...calmLines(calm, drawing));
  return lines;
}

function calmLines(sites: readonly StatusSite[], { detail, layout }: Drawing): string[] {
  if (detail.calmSites === 'line') return sites.map((site) => siteLine(site, layout));
  const stations = sites.flatMap(stationsOf);
  const states = stations.length === 0 ? '' : `: ${inStates(stations, layout.terminal)}`;
  return [
    `${layout.terminal.paint.dim('…')} ${plural(sites.length, 'site')} where nothing is wrong${states}`,
  ];
}

function siteBranch(site: StatusSite, status: FleetStatus, drawing: Drawing): Branch {
  const { layout, detail } = drawing;
  const text = () => siteLine(site, layout);
  if (!detail.hasQuiet) return { text, children: branches(stationsOf(site), status, drawing, site) };
  const floors = site.floors.map(({ name, stations }) => ({
    text: () => layout.terminal.paint.bold(oneLine(name)),
    children: branches(stations, status, drawing),
  }));
  return { text, children: [...floors, ...branches(site.stations, status, drawing)] };
}

/** Stations of one place: those that are shown, by floor where there are some, and how many are not. */
function branches(
  stations: readonly StatusStation[],
  status: FleetStatus,
  { detail, layout }: Drawing,
  site?: StatusSite,
): Branch[] {
  const branch = (station: StatusStation): Branch =>
    stationBranch(station, rankOf(station, status), { detail, layout });
  if (detail.hasQuiet) return stations.map(branch);
  const ranked = stations
    .map((station) => ({ station, rank: rankOf(station, status) }))
    .sort((a, b) => a.rank - b.rank);
  const inTrouble = Math.min(detail.troubleMax, ranked.filter(({ rank }) => rank === 0).length);
  const busy = ranked.filter(({ rank }) => rank === 1).length;
  const wanted = inTrouble + Math.min(busy, Math.max(0, detail.busyMax - inTrouble));
  // To say that one is left out takes as much room as that one.
  const count = wanted === ranked.length - 1 ? ranked.length : wanted;
  const shown = ranked.slice(0, count).map(({ station }) => station);
  const left = ranked.slice(count).map(({ station }) => station);
  const onFloors = (site?.floors ?? []).flatMap((floor): Branch[] => {
    const here = shown.filter((station) => floor.stations.includes(station));
    if (here.length === 0) return [];
    return [{ text: () => layout.terminal.paint.bold(oneLine(floor.name)), children: here.map(branch) }];
  });
  const floorless = site ? shown.filter((station) => site.stations.includes(station)) : shown;
  const leftCount = shown.length > 0 ? `${grouped(left.length)} more: ` : '';
  const more = `${layout.terminal.paint.dim('…')} ${leftCount}${inStates(left, layout.terminal)}`;
  return [
    ...onFloors,
    ...floorless.map(branch),
    ...(left.length > 0 ? [{ text: () => more, children: [] }] : []),
  ];
}

function stationBranch(station: StatusStation, rank: number, { detail, layout }: Drawing): Branch {
  const shown = shownConnectors(station, rank, detail);
  const running = shown.length > 0 ? '' : runningLine(station, layout);
  return {
    text: () => `${stationLine(station, layout)}${running}`,
    children: shown.map((connector) => ({
      text: (indent) => connectorLine(connector, layout, indent),
      children: [],
    })),
  };
}

function shownConnectors({ connectors }: StatusStation, rank: number, detail: Detail): StatusConnector[] {
  switch (detail.connectors) {
    case 'all':
      return connectors;
    case 'telling':
      return connectors.filter(isTelling);
    case 'troubled':
      return rank === 0 ? connectors.filter(isTelling) : [];
    case 'none':
      return [];
  }
}

function hasError({ errorCode }: StatusConnector): boolean {
  return errorCode !== null && errorCode !== 'NoError';
}

function isTelling(connector: StatusConnector): boolean {
  return connector.session !== null || hasError(connector) || connector.state === 'faulted';
}

/** 0 what somebody should look at, 1 what is under way, 2 what just stands there. */
function rankOf(station: StatusStation, { served }: FleetStatus): number {
  const { state, registration, alarms, maintenance, connectors, refused } = station;
  const isLost = state === 'offline' && served;
  const isBroken = connectors.some((connector) => connector.state === 'faulted' || hasError(connector));
  if (alarms > 0 || (!maintenance && (isLost || isBroken || refused !== null || state === 'faulted')))
    return 0;
  const isKnown = registration === 'accepted';
  const isQuiet = isKnown && (state === 'available' || state === 'new' || state === 'offline');
  return isQuiet && !maintenance && connectors.every(({ session }) => session === null) ? 2 : 1;
}
