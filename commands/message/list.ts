import { Args, Flags } from '@oclif/core';
import { FleetCommand } from '../../src/cli/base-command.js';
import { exportText } from '../../src/cli/export.js';
import { instantFlag, listFlags, withEnv } from '../../src/cli/flags.js';
import { followMessages, listMessages } from '../../src/cli/messages.js';
import type { MessageInput, MessageView } from '../../src/operations/message.js';
import { MessageLines, messageList } from '../../src/views/message.js';
import { chosenColumns } from '../../src/views/table.js';

/** What a terminal shows unless `--limit` or `--all` says otherwise. */
const shownOnTerminal = 50;
/** What --follow begins with. */
const shownBefore = 10;

const { limit, all, csv, columns, 'no-header': noHeader } = listFlags;

export default class MessageList extends FleetCommand<typeof MessageList> {
  static override summary = 'List the OCPP messages of the stations, newest last';
  static override description =
    `What went over the wire in both directions, with the time until each answer, passwords and keys masked.
An arrow to the right is a message from the station. A terminal shows the last ${shownOnTerminal}; piped, each line has time, station,
direction (in: from the station) and what happened, separated by tabs. With --raw each line is a frame as it was on the
wire, on a terminal with time, station and arrow before it. How long messages are kept, and in how much space:
evfleet settings show messages.retention, messages.max-size.`;
  static override examples = [
    '<%= config.bin %> message list',
    '<%= config.bin %> message list CP001 --action StatusNotification --from "2h ago"',
    '<%= config.bin %> message list --type error --all --json',
    '<%= config.bin %> message list CP001 --follow',
    '<%= config.bin %> message list CP001 --raw | jq -c ".[3]"',
  ];
  static override args = {
    station: Args.string({ description: 'Only of this station; one that is gone will do' }),
  };
  static override flags = withEnv({
    action: Flags.string({ summary: 'Only calls of this action and their answers.' }),
    direction: Flags.option({
      options: ['in', 'out'] as const,
      summary: 'Only what came in from stations, or what went out to them.',
    })(),
    from: instantFlag({ summary: 'Only what passed then or later: 2026-11-01, "2h ago", today.' }),
    to: instantFlag({ summary: 'Only what passed before then.' }),
    type: Flags.option({
      options: ['call', 'result', 'error', 'other'] as const,
      summary: 'Only calls, their results, errors, or what is no OCPP message.',
    })(),
    'message-id': Flags.string({ helpValue: '<id>', summary: 'Only the call with this id and its answer.' }),
    follow: Flags.boolean({
      char: 'f',
      default: false,
      exclusive: ['to'],
      summary: `Show the last ${shownBefore}, then what comes, until interrupted.`,
    }),
    raw: Flags.boolean({ default: false, exclusive: ['json', 'csv'], summary: 'The frames themselves.' }),
    limit,
    all,
    csv,
    columns: { ...columns, dependsOn: ['csv'], summary: 'Columns of --csv, by the names of the JSON keys.' },
    'no-header': { ...noHeader, dependsOn: ['csv'] },
  });

  async run(): Promise<undefined> {
    const { follow } = this.flags;
    const messages = follow
      ? followMessages(this.storeOptions, this.#input(this.flags.limit ?? shownBefore))
      : listMessages(this.storeOptions, this.#input(this.#defaultLimit));
    try {
      if (this.flags.csv) await this.#printCsv(messages);
      else if (this.jsonEnabled()) await this.#printJson(messages);
      else await this.#printLines(messages);
    } catch (error) {
      // To be interrupted is how following ends.
      if (!(follow && this.signal.aborted)) throw error;
    }
    return undefined;
  }

  /** Cut only where a person reads along. */
  get #defaultLimit(): number | undefined {
    const forPeople = this.terminal.isTTY && !this.jsonEnabled() && !this.flags.csv;
    return this.flags.limit ?? (forPeople ? shownOnTerminal : undefined);
  }

  #input(last: number | undefined): MessageInput {
    const { action, direction, from, to, type, raw } = this.flags;
    const { station: stationId } = this.args;
    const messageId = this.flags['message-id'];
    return {
      ...(stationId !== undefined && { stationId }),
      ...(action !== undefined && { action }),
      ...(direction !== undefined && { direction }),
      ...(from !== undefined && { from }),
      ...(to !== undefined && { to }),
      ...(type !== undefined && { type }),
      ...(messageId !== undefined && { messageId }),
      ...(last !== undefined && !this.flags.all && { limit: last }),
      ...(raw && { frames: true }),
    };
  }

  async #printLines(batches: AsyncIterable<readonly MessageView[]>): Promise<void> {
    const lines = new MessageLines(this.terminal, { raw: this.flags.raw });
    let count = 0;
    for await (const batch of batches) {
      await this.print(lines.render(batch));
      count += batch.length;
    }
    if (!this.terminal.isTTY) return;
    if (count === 0) this.say('No messages match.');
    const isCut = count === shownOnTerminal && this.flags.limit === undefined && !this.flags.all;
    if (isCut) this.say(`The last ${count} that match; there may be more: --all, --limit and --from choose.`);
  }

  async #printCsv(batches: AsyncIterable<readonly MessageView[]>): Promise<void> {
    const names = chosenColumns(messageList, { format: 'csv', columns: this.flags.columns, header: true });
    const header = !this.flags['no-header'];
    const texts = exportText(batches, { format: 'csv', columns: names });
    if (!header) await texts.next();
    for await (const text of texts) await this.print(text);
  }

  async #printJson(batches: AsyncIterable<readonly MessageView[]>): Promise<void> {
    const items = itemsOf(batches);
    if (this.flags.follow) await this.streamJsonLines(items);
    else await this.streamJsonArray(items);
  }
}

async function* itemsOf<Item>(batches: AsyncIterable<readonly Item[]>): AsyncGenerator<Item> {
  for await (const batch of batches) yield* batch;
}
