import { Args } from '@oclif/core';
import { FleetCommand } from '../../../src/cli/base-command.js';
import { ignoreNotFoundFlag, withEnv, yesFlag } from '../../../src/cli/flags/flags.js';
import { deletedLine } from '../../../src/cli/outcome.js';
import { confirm } from '../../../src/cli/prompt.js';

export default class AlarmRuleDelete extends FleetCommand<typeof AlarmRuleDelete> {
  static override summary = 'Delete an alarm rule; what it has queued is still sent';
  static override examples = [
    '<%= config.bin %> alarm rule delete Lost',
    '<%= config.bin %> alarm rule delete Lost --yes --ignore-not-found',
  ];
  static override args = { name: Args.string({ required: true, description: 'Name of the rule' }) };
  static override flags = withEnv({ ...yesFlag, ...ignoreNotFoundFlag });

  async run() {
    const { name } = this.args;
    await confirm(this, `Delete alarm rule ${name}? What it has queued is still sent.`);
    const fleet = await this.fleet();
    const ignoreNotFound = this.flags['ignore-not-found'];
    const { deleted } = await fleet.run('alarm-rule.delete', { name, ignoreNotFound });
    this.say(deletedLine(deleted, `alarm rule ${name}`));
    return { name, deleted };
  }
}
