import type { CheckResult, CheckStatus } from '../domain/check/check-result.js';
import { plural } from '../domain/plural.js';
import { oneLine } from './format.js';
import type { Terminal } from './terminal.js';
import { wrap } from './wrap.js';

const marks: Readonly<Record<CheckStatus, string>> = { ok: '✔', warning: '!', problem: '✖' };

/** A line for each check, what to do below it, and what it comes to at the end, where the eye stays. */
export function renderChecks(results: readonly CheckResult[], terminal: Terminal): string {
  const { paint } = terminal;
  const colours = { ok: paint.green, warning: paint.yellow, problem: paint.redBright };
  const width = Math.max(...results.map(({ check }) => check.length));
  const broken = (text: string, indent: number) =>
    terminal.isTTY ? wrap(text, terminal.columns, { indent }) : text;
  const lines = results.flatMap(({ check, status, message, advice }) => [
    `${colours[status](marks[status])} ${check.padEnd(width)}  ${broken(oneLine(message), width + 4)}`,
    ...(advice === null
      ? []
      : [`${' '.repeat(width + 4)}${paint.dim('→')} ${paint.bold(broken(oneLine(advice), width + 6))}`]),
  ]);
  return `${[...lines, '', summary(results, colours)].join('\n')}\n`;
}

function summary(
  results: readonly CheckResult[],
  colours: Readonly<Record<CheckStatus, (text: string) => string>>,
): string {
  const count = (wanted: CheckStatus) => results.filter(({ status }) => status === wanted).length;
  const [problems, warnings] = [count('problem'), count('warning')];
  if (problems === 0 && warnings === 0) return colours.ok(`${plural(results.length, 'check')}, all is well.`);
  const found = [plural(problems, 'problem'), plural(warnings, 'warning')];
  const worst = problems > 0 ? 'problem' : 'warning';
  return colours[worst](`${plural(results.length, 'check')}: ${found.join(', ')}.`);
}
