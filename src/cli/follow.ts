import { setTimeout as delay } from 'node:timers/promises';
import { Flags } from '@oclif/core';
import { itemsOf } from '../operations/batches.js';
import type { Fleet } from '../operations/fleet.js';
import { cut } from '../views/cut.js';
import type { ListOptions, ListView } from '../views/table.js';
import type { Terminal } from '../views/terminal.js';
import type { ListFlagValues } from './flags/flags.js';
import { acrossRestarts } from './follow-again.js';
import { toListOptions } from './list.js';
import { type OpenFleetOptions, servedFleet, serverStopped } from './open-fleet.js';
import { ConnectionLost } from './remote/http-transport.js';
import type { ServerChoice } from './remote/server-choice.js';

/** Of lists that can be followed. What comes can be neither sorted nor cut. */
export const followFlag = {
  follow: Flags.boolean({
    char: 'f',
    default: false,
    exclusive: ['sort', 'filter', 'all', 'from', 'to'],
    summary: 'Go on with what happens, a line each, until interrupted.',
  }),
};

/** How a list looks while it grows: on a terminal widths cannot wait for what comes. */
export interface FollowView<Row extends object> extends ListView<Row> {
  line(row: Row, terminal: Terminal): string;
}

/** What of a command is needed here. */
interface Command {
  readonly signal: AbortSignal;
  readonly terminal: Terminal;
  readonly server: ServerChoice | undefined;
  readonly storeOptions: OpenFleetOptions;
  say(line: string): void;
  jsonEnabled(): boolean;
  print(text: string): Promise<void>;
  streamJsonLines(items: AsyncIterable<unknown>): Promise<void>;
}

/** How often a server that has stopped is looked for. */
const lookEveryMs = 1000;

/**
 * The same stream for a person, who need not begin anew when the server is restarted. A program is told by the exit code.
 * @param open the stream of a server, with so many earlier rows first
 */
export function followedAgain<Row extends object>(
  command: Command,
  first: AsyncIterable<readonly Row[]>,
  open: (fleet: Fleet, tail: number) => AsyncIterable<readonly Row[]>,
): AsyncIterable<readonly Row[]> {
  const { signal, storeOptions } = command;
  if (!command.terminal.isTTY || command.jsonEnabled()) return first;
  let fleet: Fleet | undefined;
  return acrossRestarts(first, {
    signal,
    async open(tail) {
      await fleet?.close();
      fleet = await servedFleet(storeOptions);
      return fleet && open(fleet, tail);
    },
    pause: () => delay(lookEveryMs, undefined, { signal }).catch(() => undefined),
    changed: (isServed) =>
      command.say(isServed ? 'The server is back.' : 'The server has stopped; waiting for it. Ctrl-C ends.'),
  });
}

/**
 * Prints items as they come, in the form that the flags ask for, until the command is interrupted, which is how it ends.
 * @throws FleetError SERVER_UNREACHABLE when the server stops before that
 */
export async function printFollowed<Row extends object>(
  command: Command,
  flags: ListFlagValues,
  batches: AsyncIterable<readonly Row[]>,
  view: FollowView<Row>,
): Promise<void> {
  const source = itemsOf(batches);
  try {
    if (command.jsonEnabled()) await command.streamJsonLines(source);
    else for await (const text of toTexts(batches, flags, view, command.terminal)) await command.print(text);
  } catch (error) {
    if (!command.signal.aborted && !(error instanceof ConnectionLost)) throw error;
  }
  if (command.signal.aborted) return;
  throw serverStopped(command.server);
}

async function* toTexts<Row extends object>(
  batches: AsyncIterable<readonly Row[]>,
  flags: ListFlagValues,
  view: FollowView<Row>,
  terminal: Terminal,
): AsyncGenerator<string> {
  const options = toListOptions(flags);
  if (terminal.isTTY && options.format === 'table' && options.columns === undefined) {
    for await (const rows of batches) {
      const lines = rows.map((row) => `${cut(view.line(row, terminal), terminal.columns)}\n`);
      if (lines.length > 0) yield lines.join('');
    }
    return;
  }
  yield* unalignedTexts(batches, options, view, terminal);
}

/** A list that grows, as for a program: columns cannot be aligned with what comes later. */
export async function* unalignedTexts<Row extends object>(
  batches: AsyncIterable<readonly Row[]>,
  options: ListOptions,
  view: ListView<Row>,
  terminal: Terminal,
): AsyncGenerator<string> {
  const { renderList } = await import('../views/table.js');
  let { header } = options;
  for await (const rows of batches) {
    const plain = { ...terminal, isTTY: false };
    const { text } = await renderList(rows, rows.length, view, { ...options, header }, plain);
    header = false;
    if (text !== '') yield text;
  }
}
