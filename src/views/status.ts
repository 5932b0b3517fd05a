import { plural } from '../domain/plural.js';
import { quoteForShell } from '../domain/shell.js';
import type { FleetStatus } from '../operations/topology/status.js';
import { mailIsOff } from './alarm.js';
import { cut } from './cut.js';
import { statusHead } from './status-head.js';
import { layoutOf, stationsOf } from './status-lines.js';
import { statusTree } from './status-tree.js';
import type { Terminal } from './terminal.js';
import { wrap } from './wrap.js';

/**
 * The fleet as a picture: how it does in a few lines, then sites, floors, stations and connectors as a tree.
 * @param linesMax lines that it should not exceed: what stands there quietly is counted instead of shown, until it fits
 */
export function renderStatus(
  status: FleetStatus,
  terminal: Terminal,
  linesMax = Number.POSITIVE_INFINITY,
): string {
  const head = statusHead(status, terminal);
  const foot = below(status, terminal).flatMap((line) => wrapped(line, terminal));
  const hint = 'Not all are shown: --all shows them, --site those of one site.';
  const folded = wrapped(terminal.paint.dim(hint), terminal);
  const room = linesMax - head.length - foot.length;
  const tree = statusTree(status, layoutOf(status, terminal), {
    whole: room,
    folded: room - folded.length - (foot.length === 0 ? 1 : 0),
  });
  const lines = [
    ...head,
    ...tree.lines,
    ...(tree.lines.length === 0 ? ['', 'The fleet is empty. Begin with: evfleet site create Solna'] : []),
    ...(tree.isFolded ? ['', ...folded] : []),
    ...(tree.isFolded ? foot.slice(1) : foot),
  ];
  const fits = terminal.isTTY ? lines.map((line) => cut(line, terminal.columns)) : lines;
  return `${fits.map((line) => line.trimEnd()).join('\n')}\n`;
}

function wrapped(line: string, { isTTY, columns }: Terminal): string[] {
  return isTTY ? wrap(line, columns).split('\n') : [line];
}

/** Stations that wait to be accepted; what is connected comes first. */
function waiting({ sites, stations }: FleetStatus) {
  return [
    ...sites.flatMap(stationsOf).map((station) => ({ station, hasSite: true })),
    ...stations.map((station) => ({ station, hasSite: false })),
  ]
    .filter(({ station }) => station.registration === 'pending')
    .sort((a, b) => Number(b.station.online) - Number(a.station.online));
}

/** What is to be seen to. */
function below(status: FleetStatus, { paint }: Terminal): string[] {
  const lines: string[] = [];
  const { counts, mailOff } = status;
  const { pending, unknownStations } = counts;
  const next = waiting(status)[0];
  if (next !== undefined) {
    const many = `${plural(pending, 'station')} ${pending === 1 ? 'is' : 'are'} pending`;
    const accept = `evfleet station accept ${quoteForShell(next.station.id)}${next.hasSite ? '' : ' --site <site>'}`;
    lines.push(paint.yellow(`${many} and may not charge yet: ${accept}`));
  }
  if (unknownStations > 0) {
    const many =
      unknownStations === 1 ? 'An unknown station is' : `${plural(unknownStations, 'unknown station')} are`;
    lines.push(paint.yellow(`${many} knocking: evfleet station list --state unknown`));
  }
  if (mailOff !== null && counts.stations > 0) lines.push(paint.dim(mailIsOff(mailOff)));
  return lines.length === 0 ? [] : ['', ...lines];
}
