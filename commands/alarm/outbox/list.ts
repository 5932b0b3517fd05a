import { Flags } from '@oclif/core';
import { FleetCommand } from '../../../src/cli/base-command.js';
import { listFlags, withEnv } from '../../../src/cli/flags/flags.js';
import { outboxChannels, outboxStates } from '../../../src/domain/alarm/outbox.js';
import { outboxList } from '../../../src/views/outbox.js';

export default class AlarmOutboxList extends FleetCommand<typeof AlarmOutboxList> {
  static override summary = 'List mails and webhooks, newest first';
  static override description =
    'Those that wait, were sent, were given up (dead) or dropped. One that waits without a next try has an earlier message to the same recipient before it.';
  static override examples = [
    '<%= config.bin %> alarm outbox list',
    '<%= config.bin %> alarm outbox list --state dead',
    '<%= config.bin %> alarm outbox list --recipient ada@example.org --json',
  ];
  static override flags = withEnv({
    state: Flags.option({
      env: 'EVFLEET_OUTBOX_STATE',
      options: outboxStates,
      summary: 'Only those in this state.',
    })(),
    channel: Flags.option({ options: outboxChannels, summary: 'Only those sent in this way.' })(),
    recipient: Flags.string({ summary: 'Only those to this e-mail address or URL.' }),
    ...listFlags,
  });

  async run() {
    const { state, channel, recipient } = this.flags;
    const fleet = await this.fleet();
    const list = await fleet.run('outbox.list', { state, channel, recipient, ...this.listQuery(this.flags) });
    return this.printList(this.flags, list, outboxList);
  }
}
