import { Args, Flags } from '@oclif/core';
import { FleetCommand } from '../../src/cli/base-command.js';
import { csvTexts } from '../../src/cli/files/export.js';
import { instantFlag, listFlags, withEnv } from '../../src/cli/flags/flags.js';
import { unalignedTexts } from '../../src/cli/follow.js';
import { toListOptions } from '../../src/cli/list.js';
import { followMessages, gatherMessages, listMessages } from '../../src/cli/messages.js';
import { oneStation } from '../../src/cli/one-station.js';
import { itemsOf } from '../../src/operations/batches.js';
import type { MessageInput, MessageView } from '../../src/operations/record/message.js';
import { MessageLines, messageList } from '../../src/views/message.js';
import { chosenColumns } from '../../src/views/table.js';

/** What --follow begins with. */
const shownBefore = 10;

export default class MessageList extends FleetCommand<typeof MessageList> {
  static override summary = 'List the OCPP messages of the stations, newest last';
  static override description =
    `What went over the wire in both directions, with the time until each answer, passwords and keys masked. An arrow to the right is a message from the station. A terminal shows the last 50; piped, each line has time, station, direction (in: from the station) and what happened, separated by tabs.

With --raw each line is a frame as it was on the wire, on a terminal with time, station and arrow before it. How long messages are kept, and in how much space: evfleet settings show messages.retention, messages.max-size.`;
  static override examples = [
    '<%= config.bin %> message list',
    '<%= config.bin %> message list CP001 --action StatusNotification --from "2h ago"',
    '<%= config.bin %> message list --type error --all --json',
    '<%= config.bin %> message list --from today --sort -latencyMs --limit 5',
    '<%= config.bin %> message list CP001 --follow',
    '<%= config.bin %> message list CP001 --raw | jq -c ".[3]"',
  ];
  static override args = {
    station: Args.string({ description: 'Only of this station; one that is gone will do' }),
  };
  static override flags = withEnv({
    station: Flags.string({ summary: 'Only of this station.' }),
    action: Flags.string({ summary: 'Only calls of this action and their answers.' }),
    direction: Flags.option({
      options: ['in', 'out'] as const,
      summary: 'Only what came in from stations, or what went out to them.',
    })(),
    from: instantFlag({ summary: 'Only what passed then or later: 2026-11-01, "2h ago", today.' }),
    to: instantFlag({ summary: 'Only what passed before then.' }),
    type: Flags.option({
      env: 'EVFLEET_MESSAGE_TYPE',
      options: ['call', 'result', 'error', 'other'] as const,
      summary: 'Only calls, their results, errors, or what is no OCPP message.',
    })(),
    'message-id': Flags.string({ helpValue: '<id>', summary: 'Only the call with this id and its answer.' }),
    follow: Flags.boolean({
      char: 'f',
      default: false,
      exclusive: ['to', 'sort', 'filter', 'all'],
      summary: `Show the last ${shownBefore}, then what comes, until interrupted.`,
    }),
    raw: Flags.boolean({
      default: false,
      exclusive: ['json', 'csv', 'columns', 'sort', 'quiet'],
      summary: 'The frames themselves.',
    }),
    ...listFlags,
  });

  async run() {
    const { follow, sort, columns, csv, limit: chosen } = this.flags;
    const { limit, filter = [] } = this.listQuery(this.flags);
    const isLaidOut = sort !== undefined || (columns !== undefined && !csv && !this.jsonEnabled());
    if (isLaidOut && !follow) {
      // What comes first in another order may be anywhere.
      const messages = listMessages(this.storeOptions, {
        ...this.#input(sort === undefined ? limit : undefined),
        filter,
      });
      return this.printList(this.flags, await gatherMessages(messages, { sort, limit }), messageList);
    }
    const messages = follow
      ? followMessages(this.storeOptions, this.#input(chosen ?? shownBefore))
      : listMessages(this.storeOptions, { ...this.#input(limit), filter });
    try {
      await this.#print(messages, limit);
    } catch (error) {
      // To be interrupted is how following ends.
      if (!(follow && this.signal.aborted)) throw error;
    }
    return undefined;
  }

  #input(last: number | undefined): Omit<MessageInput, 'filter'> {
    const { action, direction, from, to, type, raw, station, 'message-id': messageId } = this.flags;
    const stationId = oneStation(this.args.station, station);
    return {
      ...(stationId !== undefined && { stationId }),
      ...(action !== undefined && { action }),
      ...(direction !== undefined && { direction }),
      ...(from !== undefined && { from }),
      ...(to !== undefined && { to }),
      ...(type !== undefined && { type }),
      ...(messageId !== undefined && { messageId }),
      ...(last !== undefined && { limit: last }),
      ...(raw && { frames: true }),
    };
  }

  async #print(batches: AsyncIterable<readonly MessageView[]>, limit: number | undefined): Promise<void> {
    const { csv, quiet, columns, follow } = this.flags;
    if (this.jsonEnabled()) {
      if (follow) await this.streamJsonLines(itemsOf(batches));
      else await this.streamJsonArray(itemsOf(batches));
    } else if (csv) {
      await this.#printCsv(batches);
    } else if (quiet || columns !== undefined) {
      const texts = unalignedTexts(batches, toListOptions(this.flags), messageList, this.terminal);
      for await (const text of texts) await this.print(text);
    } else {
      await this.#printLines(batches, limit);
    }
  }

  async #printLines(
    batches: AsyncIterable<readonly MessageView[]>,
    limit: number | undefined,
  ): Promise<void> {
    const lines = new MessageLines(this.terminal, { raw: this.flags.raw });
    let count = 0;
    for await (const batch of batches) {
      await this.print(lines.render(batch));
      count += batch.length;
    }
    if (!this.terminal.isTTY) return;
    if (count === 0) this.say('No messages match.');
    if (count === limit && this.flags.limit === undefined) {
      this.say(`The last ${count} that match; there may be more: --all, --limit and --from choose.`);
    }
  }

  async #printCsv(batches: AsyncIterable<readonly MessageView[]>): Promise<void> {
    const names = chosenColumns(messageList, { format: 'csv', columns: this.flags.columns, header: true });
    const header = !this.flags['no-header'];
    const texts = csvTexts(batches, names);
    if (!header) await texts.next();
    for await (const text of texts) await this.print(text);
  }
}
