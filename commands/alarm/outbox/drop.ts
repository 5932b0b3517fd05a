import { Args } from '@oclif/core';
import { FleetCommand } from '../../../src/cli/base-command.js';
import { withEnv, yesFlag } from '../../../src/cli/flags/flags.js';
import { toMessageIds } from '../../../src/cli/message-ids.js';
import { confirm } from '../../../src/cli/prompt.js';
import { plural } from '../../../src/domain/plural.js';

export default class AlarmOutboxDrop extends FleetCommand<typeof AlarmOutboxDrop> {
  static override summary = 'Throw messages away that were not sent';
  static override description = 'They stay listed as dropped until retention.outbox removes them.';
  static override examples = [
    '<%= config.bin %> alarm outbox drop 17',
    '<%= config.bin %> alarm outbox drop $(<%= config.bin %> alarm outbox list --state dead -q) --yes',
  ];
  static override args = {
    id: Args.string({ required: true, description: 'Number of the message; more may follow' }),
  };
  static override strict = false;
  static override flags = withEnv(yesFlag);

  async run() {
    const ids = toMessageIds(this.words);
    await confirm(this, `Throw ${plural(ids.length, 'message')} away?`);
    const fleet = await this.fleet();
    const result = await fleet.run('outbox.drop', { ids });
    this.say(`${plural(result.messages, 'message')} dropped.`);
    return result;
  }
}
