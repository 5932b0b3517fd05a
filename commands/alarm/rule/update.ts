import { Args, Flags } from '@oclif/core';
import { FleetCommand } from '../../../src/cli/base-command.js';
import { ruleFlags, ruleInput } from '../../../src/cli/flags/alarm-rule-flags.js';
import { withEnv, withOwnEnv } from '../../../src/cli/flags/flags.js';
import { problemLines } from '../../../src/views/alarm-rule.js';

export default class AlarmRuleUpdate extends FleetCommand<typeof AlarmRuleUpdate> {
  static override summary = 'Change an alarm rule';
  static override description =
    `What is given replaces what was: --to takes the place of all e-mail addresses, --trigger of all triggers. An empty text
for --to or --webhook means that there are none any more.`;
  static override examples = [
    '<%= config.bin %> alarm rule update Lost --to "ada@example.org;cy@example.org" --steps 15m,1h,24h,7d',
    '<%= config.bin %> alarm rule update Lost --name "Lost stations" --group Night',
    '<%= config.bin %> alarm rule update Hook --webhook "" --to ada@example.org',
  ];
  static override args = {
    name: Args.string({ required: true, description: 'Name of the rule' }),
  };
  static override flags = withEnv({
    ...withOwnEnv('alarm-rule', { name: Flags.string({ summary: 'New name.' }) }),
    ...ruleFlags,
  });

  async run() {
    const fleet = await this.fleet();
    const item = await fleet.run('alarm-rule.update', {
      name: this.args.name,
      newName: this.flags.name,
      ...ruleInput(this.flags),
    });
    this.say(`Updated alarm rule ${item.name}.`);
    for (const line of problemLines([item])) this.say(line);
    return item;
  }
}
