import { Flags } from '@oclif/core';
import { concurrencyDefault, concurrencyMax } from '../domain/bulk-limits.js';
import { errorCatalogue, FleetError } from '../domain/errors.js';
import { plural } from '../domain/plural.js';
import { noTargets } from '../domain/selector.js';
import { itemsOf } from '../operations/batches.js';
import type { BulkOutcome } from '../operations/bulk.js';
import type { Fleet, Input } from '../operations/fleet.js';
import { chosenStations } from './chosen-stations.js';
import type { StationLine } from './files/station-file.js';
import { integer, withOwnEnv } from './flags/flags.js';
import { isAllTyped, narrowedTo } from './narrowed-to.js';
import type { Asker } from './prompt.js';

type Targets = Input<'station.select'>['targets'];

/** The ways to say which stations, beside ids as arguments. All that is given must hold. */
export const bulkFlags = {
  // Lists have flags of these names too, and a variable for lists must not choose what is restarted.
  ...withOwnEnv('bulk', {
    site: Flags.string({ helpGroup: 'STATIONS', summary: 'The stations of this site.' }),
    group: Flags.string({ helpGroup: 'STATIONS', summary: 'The stations of this group.' }),
  }),
  selector: Flags.string({
    char: 'l',
    helpGroup: 'STATIONS',
    helpValue: '<conditions>',
    summary:
      'Stations by vendor, model, firmware, status, registration, site or id: vendor=Acme,model!=Box*,status=offline.',
  }),
  all: Flags.boolean({
    helpGroup: 'STATIONS',
    default: false,
    exclusive: ['site', 'group', 'selector', 'from-file'],
    // A variable for lists must not reset a fleet.
    env: '',
    summary: 'All stations. It has to be typed: no variable can say it.',
  }),
  'from-file': Flags.string({
    helpGroup: 'STATIONS',
    helpValue: '<file|->',
    summary: 'Stations from a file, or standard input: an id on each line, # for comments.',
  }),
  concurrency: integer({
    helpGroup: 'STATIONS',
    default: concurrencyDefault,
    min: 1,
    max: concurrencyMax,
    summary: 'How many stations at a time.',
  }),
  'dry-run': Flags.boolean({
    helpGroup: 'STATIONS',
    default: false,
    summary: 'Only list the stations that are meant.',
  }),
  'json-lines': Flags.boolean({
    helpGroup: 'STATIONS',
    default: false,
    summary: 'A JSON document for each station, as it finishes.',
  }),
};

/** What `bulkFlags` parse to. */
interface BulkFlagValues {
  readonly site?: string | undefined;
  readonly group?: string | undefined;
  readonly selector?: string | undefined;
  readonly all: boolean;
  readonly 'from-file'?: string | undefined;
  readonly concurrency: number;
  readonly 'dry-run': boolean;
  readonly 'json-lines': boolean;
}

/** What of a command is needed here; every FleetCommand with `bulkFlags` is one. */
interface Command extends Asker {
  /** As typed. */
  readonly argv: readonly string[];
  readonly terminal: import('../views/terminal.js').Terminal;
  readonly flags: BulkFlagValues & { readonly yes?: boolean };
  fleet(): Promise<Fleet>;
  jsonEnabled(): boolean;
  print(text: string): Promise<void>;
  say(line: string): void;
  streamJsonLines(items: AsyncIterable<unknown> | Iterable<unknown>): Promise<void>;
}

export interface BulkAction {
  /** Ids of stations from the command line. */
  readonly stationIds: readonly string[];
  /** The operation. */
  run(
    fleet: Fleet,
    input: { readonly targets: Targets; readonly concurrency: number },
  ): AsyncIterable<readonly BulkOutcome[]>;
  /** Asked before it is done at more than one station; the command needs `yesFlag` then. Gets `1,200 stations`. */
  readonly question?: (stations: string) => string;
  /** What a success is called in the summary; `accepted` when left out. */
  readonly done?: string;
  /** The text for people when one station was named; its message when left out. */
  readonly show?: (outcome: BulkOutcome) => string;
  /** The message for people; that of the outcome when left out. */
  readonly words?: (outcome: BulkOutcome) => string;
}

/**
 * Runs an operation at the stations that arguments and flags name, and gives its outcomes, which are the result of the
 * command. One line per station as it finishes, a bar on stderr, a summary, exit code 9 when some failed, those included
 * that do not exist. With exactly one id and nothing else it is a plain command: one outcome, and the exit code of what went wrong.
 */
export async function runBulk(
  command: Command,
  action: BulkAction,
): Promise<BulkOutcome | readonly BulkOutcome[] | readonly object[] | undefined> {
  const { flags } = command;
  const { targets, lines } = await toTargets(command, action.stationIds);
  const fleet = await command.fleet();
  const isOne = targets.stationIds?.length === 1 && Object.keys(targets).length === 1 && lines.length === 0;
  if (isOne && !flags['dry-run']) return runOne(command, action, fleet, targets);
  const { stations, missing } = await chosenStations(fleet, targets, lines);
  const ids = stations.map(({ stationId }) => stationId);
  if (flags['dry-run']) {
    await command.print(ids.map((id) => `${id}\n`).join(''));
    command.say(`${plural(ids.length, 'station')} would be asked.`);
    for (const { message } of missing) command.say(message);
    if (missing.length > 0) process.exitCode = errorCatalogue.SOME_FAILED.exit;
    return stations;
  }
  if (action.question && ids.length > 1) {
    const { confirm } = await import('./prompt.js');
    const { interactive, signal } = command;
    const asker = { interactive, signal, flags: { yes: flags.yes ?? false } };
    await confirm(asker, action.question(plural(ids.length, 'station')));
  }
  return runMany(command, action, fleet, { stationIds: ids, missing });
}

async function runOne(
  command: Command,
  action: BulkAction,
  fleet: Fleet,
  targets: Targets,
): Promise<BulkOutcome | undefined> {
  let outcome: BulkOutcome | undefined;
  for await (const item of itemsOf(action.run(fleet, { targets, concurrency: 1 }))) outcome = item;
  if (!outcome) throw new FleetError('UNEXPECTED', 'The server did not say what became of it.');
  const { code, message, suggestions } = outcome;
  if (command.flags['json-lines']) {
    await command.streamJsonLines([outcome]);
    if (code !== null) process.exitCode = errorCatalogue[code].exit;
    return undefined;
  }
  if (code !== null) throw new FleetError(code, message, { suggestions });
  const { oneLine } = await import('../views/format.js');
  const words = action.words?.(outcome) ?? message;
  await command.print(action.show ? action.show(outcome) : `${oneLine(words)}\n`);
  return outcome;
}

/** What is said of stations begins in one column; only the lines of longer ids have it further on. */
const idWidthMax = 24;

async function runMany(
  command: Command,
  action: BulkAction,
  fleet: Fleet,
  { stationIds, missing }: { readonly stationIds: string[]; readonly missing: readonly BulkOutcome[] },
): Promise<readonly BulkOutcome[] | undefined> {
  const { flags, terminal } = command;
  const { concurrency } = flags;
  const { bulkInterrupted, bulkLine, bulkSummary } = await import('../views/bulk.js');
  const { BulkFailures } = await import('../views/bulk-failures.js');
  const { renderProgressBar } = await import('../views/progress.js');
  const { textWidth } = await import('../views/text-width.js');
  const { ProgressLine } = await import('./progress-line.js');
  const { isWatched } = await import('./progress.js');
  const named = [...stationIds, ...missing.map(({ stationId }) => stationId)];
  const widest = named.reduce((width, id) => Math.max(width, textWidth(id)), 0);
  const idWidth = Math.min(idWidthMax, widest);
  const progress = new ProgressLine(process.stderr, () => terminal.now());
  const startedAt = terminal.now();
  const counts = { total: named.length, succeeded: 0, failed: missing.length };
  const outcomes: BulkOutcome[] = [];
  const failures = new BulkFailures();
  failures.add(missing);

  function worded(outcome: BulkOutcome): BulkOutcome {
    return { ...outcome, message: action.words?.(outcome) ?? outcome.message };
  }

  async function* counted(): AsyncGenerator<readonly BulkOutcome[]> {
    if (missing.length > 0) yield missing;
    for await (const batch of action.run(fleet, { targets: { stationIds }, concurrency })) {
      for (const { ok } of batch) counts[ok ? 'succeeded' : 'failed'] += 1;
      failures.add(batch.map(worded));
      progress.end();
      yield batch;
      const done = counts.succeeded + counts.failed;
      if (!isWatched(command) || done === counts.total) continue;
      const elapsedMs = terminal.now() - startedAt;
      const state = { done, total: counts.total, what: 'stations', elapsedMs };
      progress.show(renderProgressBar(state, (process.stderr.columns || 80) - 1));
    }
  }

  try {
    if (flags['json-lines']) await command.streamJsonLines(itemsOf(counted()));
    else {
      for await (const batch of counted()) {
        if (command.jsonEnabled()) outcomes.push(...batch);
        else
          await command.print(batch.map((outcome) => bulkLine(worded(outcome), idWidth, terminal)).join(''));
      }
    }
  } catch (error) {
    const { reason } = command.signal;
    const finished = counts.succeeded + counts.failed;
    // The server keeps so many under way as long as there are stations to begin.
    const underWay = Math.min(concurrency, counts.total - finished);
    if (reason instanceof FleetError) {
      const word = reason.message.replace(/\.$/, ':');
      throw new FleetError(reason.code, bulkInterrupted({ total: counts.total, finished, underWay }, word));
    }
    if (finished > 0) command.say(bulkSummary(counts, action.done ?? 'accepted'));
    throw error;
  } finally {
    progress.end();
  }
  command.say(bulkSummary(counts, action.done ?? 'accepted'));
  for (const line of failures.lines(counts.total)) command.say(line);
  if (counts.failed > 0) process.exitCode = errorCatalogue.SOME_FAILED.exit;
  return flags['json-lines'] ? undefined : outcomes;
}

async function toTargets(
  command: Command,
  args: readonly string[],
): Promise<{ targets: Targets; lines: readonly StationLine[] }> {
  const file = command.flags['from-file'];
  if (isAllTyped(command) && args.length > 0) {
    throw new FleetError('USAGE', `--all is for all stations, and ${args.join(', ')} is named too.`, {
      suggestions: ['Leave out one of them.'],
    });
  }
  let lines: readonly StationLine[] = [];
  if (file !== undefined) {
    const { readStationFile } = await import('./files/station-file.js');
    lines = await readStationFile(file, command.signal);
  }
  const targets = narrowedTo(command, [...args, ...lines.map(({ id }) => id)]);
  if (!targets) throw noTargets();
  return { targets, lines };
}
