import { formatDuration } from '../domain/duration.js';
import { plural } from '../domain/plural.js';
import type { SimulationSnapshot, SimulationSummary } from '../simulator/fleet-statistics.js';
import type { Terminal } from './terminal.js';

/** One line that tells how a running simulation is doing. */
export function renderProgress(now: SimulationSnapshot, { paint }: Terminal): string {
  const errors = errorCount(now);
  return [
    formatDuration(now.elapsedMs),
    `${now.accepted}/${now.stations} stations`,
    ...now.unreachable.map(({ stations, reason }) => paint.yellow(`${stations} × ${reason}`)),
    paint.cyanBright(`${now.charging} charging`),
    `${now.sessionsStarted} started`,
    `${now.sessionsEnded} ended`,
    ...(now.sessionsRefused > 0 ? [paint.yellow(`${now.sessionsRefused} refused`)] : []),
    `${now.energyKwh.toFixed(1)} kWh`,
    plural(now.messagesSent, 'message'),
    ...(errors > 0 ? [paint.redBright(plural(errors, 'error'))] : []),
  ].join(paint.dim(' · '));
}

/** What a simulation came to, and what went wrong in it. */
export function renderSummary(summary: SimulationSummary, { paint }: Terminal): string {
  const { latency, errors, unreachable } = summary;
  const rows: [string, string][] = [
    ['TIME', formatDuration(summary.elapsedMs)],
    ['STATIONS', `${summary.stations}, ${summary.accepted} in service at the end`],
    [
      'SESSIONS',
      `${summary.sessionsStarted} started, ${summary.sessionsEnded} ended, ${summary.sessionsRefused} refused`,
    ],
    ['ENERGY', `${summary.energyKwh.toFixed(3)} kWh`],
    ['MESSAGES', String(summary.messagesSent)],
    [
      'ANSWERS',
      `${latency.answers}, median ${latency.medianMs.toFixed(1)} ms, p99 ${latency.p99Ms.toFixed(1)} ms`,
    ],
  ];
  for (const [kind, count] of Object.entries(errors))
    rows.push(['ERROR', paint.redBright(`${count} × ${kind}`)]);
  for (const { stations, examples, description, reason } of unreachable) {
    const who = stations > examples.length ? `${examples.join(', ')} …` : examples.join(', ');
    rows.push(['NOT IN SERVICE', paint.yellow(`${stations} (${who}): ${description} [${reason}]`)]);
  }
  const width = Math.max(...rows.map(([title]) => title.length));
  return rows.map(([title, text]) => `${paint.bold(title.padEnd(width))}  ${text}\n`).join('');
}

function errorCount({ errors }: SimulationSnapshot): number {
  return Object.values(errors).reduce((sum, count) => sum + count, 0);
}
