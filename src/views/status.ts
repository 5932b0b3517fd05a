import { formatDuration } from '../domain/duration.js';
import { plural } from '../domain/plural.js';
import { connectorState } from '../domain/station/states.js';
import type { FleetStatus, StatusSite } from '../operations/topology/status.js';
import type { StatusConnector, StatusStation } from '../operations/topology/status-station.js';
import { mailIsOff } from './alarm.js';
import { cut } from './cut.js';
import { oneLine, relative } from './format.js';
import { state, stateSymbol } from './states.js';
import type { Terminal } from './terminal.js';
import { textWidth } from './text-width.js';

/** The fleet as a tree of sites, floors, stations and connectors, with a summary on top. */
export function renderStatus(status: FleetStatus, terminal: Terminal): string {
  const { paint } = terminal;
  const branches: Branch[] = status.sites.map((site) => siteBranch(site, terminal));
  if (status.stations.length > 0) {
    const title = paint.italic(status.sites.length > 0 ? 'without a site' : 'stations');
    branches.push({
      text: title,
      children: status.stations.map((station) => stationBranch(station, terminal)),
    });
  }
  const lines = summary(status, terminal);
  for (const branch of branches) lines.push('', ...draw(branch));
  if (branches.length === 0) lines.push('', 'The fleet is empty. Begin with: evfleet site create Solna');
  lines.push(...below(status, terminal));
  const fits = terminal.isTTY ? lines.map((line) => cut(line, terminal.columns)) : lines;
  return `${fits.join('\n')}\n`;
}

/** What is to be seen to. */
function below({ counts, mailOff }: FleetStatus, { paint }: Terminal): string[] {
  const lines: string[] = [];
  const { unknownStations } = counts;
  if (unknownStations > 0) {
    const many = unknownStations === 1 ? 'An unknown station is' : `${unknownStations} unknown stations are`;
    lines.push(paint.yellow(`${many} knocking: evfleet station list --state unknown`));
  }
  if (mailOff !== null && counts.stations > 0) lines.push(paint.dim(mailIsOff(mailOff)));
  return lines.length === 0 ? [] : ['', ...lines];
}

interface Branch {
  readonly text: string;
  readonly children: readonly Branch[];
}

function draw({ text, children }: Branch): string[] {
  const lines = [text];
  for (const [index, child] of children.entries()) {
    const isLast = index === children.length - 1;
    const [first = '', ...rest] = draw(child);
    lines.push(
      `${isLast ? '└─ ' : '├─ '}${first}`,
      ...rest.map((line) => `${isLast ? '   ' : '│  '}${line}`),
    );
  }
  return lines;
}

function summary({ counts, served }: FleetStatus, terminal: Terminal): string[] {
  const { paint } = terminal;
  const line = (...parts: string[]) => parts.join(paint.dim(' · '));
  return [
    line(
      plural(counts.stations, 'station'),
      `${counts.online} online`,
      counts.offline > 0 ? paint.red(`${counts.offline} offline`) : '0 offline',
      plural(counts.activeSessions, 'running session'),
      ...(counts.alarms > 0 ? [paint.redBright(plural(counts.alarms, 'open alarm'))] : []),
    ),
    line(
      plural(counts.connectors, 'connector'),
      paint.green(`${counts.available} available`),
      paint.cyanBright(`${counts.charging} charging`),
      counts.faulted > 0 ? paint.redBright(`${counts.faulted} faulted`) : '0 faulted',
    ),
    ...(served ? [] : [paint.yellow('No server is running: evfleet serve')]),
  ];
}

function siteBranch(site: StatusSite, terminal: Terminal): Branch {
  const all = [...site.floors.flatMap(({ stations }) => stations), ...site.stations];
  const children = [
    ...site.floors.map(({ name, stations }) => ({
      text: terminal.paint.bold(oneLine(name)),
      children: stations.map((station) => stationBranch(station, terminal)),
    })),
    ...site.stations.map((station) => stationBranch(station, terminal)),
  ];
  const text = `${terminal.paint.bold(oneLine(site.name))}  ${terminal.paint.dim(plural(all.length, 'station'))}`;
  return { text, children };
}

function stationBranch(station: StatusStation, terminal: Terminal): Branch {
  const { paint } = terminal;
  const { id, name, vendor, model } = station;
  const title = name === null || name === id ? oneLine(id) : `${oneLine(id)} ${paint.dim(oneLine(name))}`;
  const make = [vendor, model].filter((word) => word).map((word) => oneLine(String(word)));
  const parts = [
    `${stateSymbol(station.state, terminal)} ${pad(paint.bold(title), 12)}`,
    presence(station, terminal),
    ...(station.alarms > 0 ? [paint.redBright(`! ${plural(station.alarms, 'alarm')}`)] : []),
    ...(station.maintenance ? [paint.yellow('maintenance')] : []),
    ...(make.length > 0 ? [paint.dim(make.join(' '))] : []),
  ];
  return {
    text: parts.join('  '),
    children: station.connectors.map((connector) => ({
      text: connectorLine(connector, terminal),
      children: [],
    })),
  };
}

function presence(
  { state: name, online, lastSeen, offlineSince }: StatusStation,
  terminal: Terminal,
): string {
  if (online) return state(name, terminal);
  if (lastSeen === null) return terminal.paint.gray('never connected');
  return `${state('offline', terminal)} since ${relative(offlineSince ?? lastSeen, terminal)}`;
}

function connectorLine(connector: StatusConnector, terminal: Terminal): string {
  const { paint } = terminal;
  const { session } = connector;
  const parts = [
    `${connector.connector} ${stateSymbol(connector.state, terminal)} ${pad(state(connector.state, terminal), 11)}`,
  ];
  if (connector.state === 'offline' && connector.status !== null) {
    parts.push(
      paint.dim(`was ${connectorState(connector.status, { online: true, charging: session !== null })}`),
    );
  }
  if (session) {
    const seconds = Math.max(0, Math.round((terminal.now() - Date.parse(session.startTime)) / 1000));
    parts.push(
      padStart(session.powerKw === null ? '-' : `${session.powerKw.toFixed(1)} kW`, 8),
      padStart(`${session.energyKwh.toFixed(2)} kWh`, 10),
      padStart(formatDuration(seconds * 1000), 7),
      ...(session.soc === null ? [] : [`${Math.round(session.soc)} %`]),
      paint.dim(`session ${session.transactionId}${session.tag ? `, tag ${oneLine(session.tag)}` : ''}`),
    );
  }
  if (connector.errorCode !== null && connector.errorCode !== 'NoError') {
    const more = [connector.vendorErrorCode, connector.info]
      .filter((text) => text)
      .map((text) => oneLine(String(text)));
    parts.push(paint.redBright([oneLine(connector.errorCode), ...more].join(', ')));
  }
  return parts.join('  ').trimEnd();
}

function pad(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - textWidth(text)));
}

function padStart(text: string, width: number): string {
  return ' '.repeat(Math.max(0, width - textWidth(text))) + text;
}
