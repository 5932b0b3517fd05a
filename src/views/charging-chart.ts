import { writeDuration } from '../domain/duration.js';
import type { CompositeSchedule } from '../operations/charging/profile-schedule.js';
import { instant, oneLine } from './format.js';
import type { Terminal } from './terminal.js';

type Period = CompositeSchedule['periods'][number];

/** Rows of the drawing, each of eight steps. */
const rows = 8;
/** Narrower it says nothing, wider it is hard to follow. */
const widthMin = 26;
const widthMax = 72;
const eighths = ['', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const;

/**
 * What a station would allow: drawn for a person, limit over time, with the periods in words below; for a program a line
 * for each period with tabs between start, end, limit, unit and phases.
 */
export function chargingSchedule(schedule: CompositeSchedule, terminal: Terminal): string {
  if (!terminal.isTTY) return asLines(schedule);
  const { stationId, connector, unit, periods } = schedule;
  const where = connector === 0 ? 'all connectors together' : `connector ${connector}`;
  const duration = writeDuration(schedule.duration * 1000);
  const head = `${oneLine(stationId)}, ${where}: ${duration} from ${instant(schedule.start, terminal)}`;
  if (periods.length === 0) return `${head}\nNo limit was told.\n`;
  const limitWidth = periods.reduce((width, { limit }) => Math.max(width, String(limit).length), 0);
  const lines = [
    terminal.paint.bold(head),
    '',
    ...drawing(schedule, terminal),
    '',
    ...periods.map((period) => `  ${inWords(period, { unit, limitWidth }, terminal)}`),
  ];
  return `${lines.join('\n')}\n`;
}

function asLines({ periods, unit }: CompositeSchedule): string {
  const head = ['start', 'end', 'limit', 'unit', 'numberPhases'];
  const cells = periods.map(({ start, end, limit, numberPhases }) => [
    start,
    end,
    limit,
    unit,
    numberPhases ?? '',
  ]);
  return [head, ...cells].map((line) => `${line.join('\t')}\n`).join('');
}

function inWords(
  { start, end, limit, numberPhases }: Period,
  { unit, limitWidth }: { readonly unit: string; readonly limitWidth: number },
  terminal: Terminal,
): string {
  const phases =
    numberPhases === null ? '' : `, ${numberPhases === 1 ? '1 phase' : `${numberPhases} phases`}`;
  return `${instant(start, terminal)}  to  ${instant(end, terminal)}  ${String(limit).padStart(limitWidth)} ${unit}${phases}`;
}

function drawing(schedule: CompositeSchedule, terminal: Terminal): string[] {
  const { unit, periods } = schedule;
  const top = roundUp(periods.reduce((most, { limit }) => Math.max(most, limit), 0));
  const labels = new Map([top, top / 2, 0].map((value, at) => [at * (rows / 2), `${value} ${unit}`]));
  const margin = Math.max(...[...labels.values()].map((label) => label.length));
  const width = Math.min(widthMax, Math.max(widthMin, terminal.columns - margin - 3));
  const heights = limitsOver(schedule, width).map((limit) =>
    limit === undefined ? 0 : Math.round((limit / top) * rows * 8),
  );
  const lines = Array.from({ length: rows }, (_, row) => {
    const below = (rows - 1 - row) * 8;
    const cells = heights.map((height) => eighths[Math.max(0, Math.min(8, height - below))] || ' ');
    const label = (labels.get(row) ?? '').padStart(margin);
    return `${label} ${label.trim() === '' ? '│' : '┤'}${cells.join('')}`.trimEnd();
  });
  const axis = timeAxis(schedule, width, terminal);
  const zero = (labels.get(rows) ?? '').padStart(margin);
  return [...lines, `${zero} ┼${axis.ticks}`, `${' '.repeat(margin + 2)}${axis.labels}`];
}

/** The limit in the middle of each cell; a cell in which it changes shows what holds longer. */
function limitsOver({ start, duration, periods }: CompositeSchedule, width: number): (number | undefined)[] {
  const from = Date.parse(start);
  const cellMs = (duration * 1000) / width;
  return Array.from({ length: width }, (_, cell) => {
    const at = from + (cell + 0.5) * cellMs;
    return periods.findLast((period) => Date.parse(period.start) <= at)?.limit;
  });
}

/** The next number that people read easily, and its half too; never 0. */
function roundUp(limit: number): number {
  if (limit <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(limit));
  const step =
    [1, 1.2, 1.6, 2, 2.4, 3.2, 4, 5, 6.4, 8, 10].find((factor) => factor * power >= limit - 1e-9) ?? 10;
  return Number((step * power).toPrecision(6));
}

/** Labels at every quarter, as many as there is room for. */
function timeAxis(
  { start, duration }: CompositeSchedule,
  width: number,
  terminal: Terminal,
): { ticks: string; labels: string } {
  const from = Date.parse(start);
  const isLong = duration > 86_400;
  const label = (share: number) => {
    // `2026-11-20 14:03:05`: the day only where there are several.
    const [day = '', time = ''] = instant(from + share * duration * 1000, terminal).split(' ');
    return isLong ? `${day.slice(5)} ${time.slice(0, 5)}` : time.slice(0, duration < 600 ? 8 : 5);
  };
  // The last label ends where the axis does, the others stand below the middle of theirs.
  const parts = [4, 2].find((count) => width / count >= 1.5 * label(0).length + 2) ?? 1;
  const ticks = Array<string>(width).fill('─');
  let labels = '';
  for (let part = 0; part <= parts; part += 1) {
    const words = label(part / parts);
    const cell = Math.min(width - 1, Math.round((part / parts) * width));
    if (part > 0) ticks[cell] = '┴';
    const begin = part === parts ? width - words.length : Math.max(0, cell - Math.floor(words.length / 2));
    labels = `${labels.padEnd(begin)}${words}`;
  }
  return { ticks: ticks.join(''), labels };
}
