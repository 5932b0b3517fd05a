import { Args, Flags } from '@oclif/core';
import { FleetCommand } from '../../../src/cli/base-command.js';
import { withEnv } from '../../../src/cli/flags/flags.js';
import { toMessageIds } from '../../../src/cli/message-ids.js';
import { FleetError } from '../../../src/domain/errors.js';
import { plural } from '../../../src/domain/plural.js';

export default class AlarmOutboxRetry extends FleetCommand<typeof AlarmOutboxRetry> {
  static override summary = 'Send messages again that were given up or dropped';
  static override description =
    'A message that still waits is tried at once. Messages to the same recipient keep their order.';
  static override examples = [
    '<%= config.bin %> alarm outbox retry 17 18',
    '<%= config.bin %> alarm outbox retry --all-dead',
  ];
  static override args = { id: Args.string({ description: 'Number of the message; more may follow' }) };
  static override strict = false;
  static override flags = withEnv({
    'all-dead': Flags.boolean({ default: false, summary: 'All that were given up.' }),
  });

  async run() {
    const allDead = this.flags['all-dead'];
    const ids = toMessageIds(this.words);
    if (ids.length === 0 && !allDead) {
      throw new FleetError('USAGE', 'No message was named.', {
        suggestions: ['evfleet alarm outbox retry --all-dead', 'evfleet alarm outbox list --state dead'],
      });
    }
    const fleet = await this.fleet();
    const result = await fleet.run(
      'outbox.retry',
      allDead && ids.length === 0 ? { allDead } : { ids, allDead },
    );
    this.say(`${plural(result.messages, 'message')} to be sent.`);
    return result;
  }
}
