import { Args } from '@oclif/core';
import { FleetCommand } from '../../../src/cli/base-command.js';

export default class AlarmRuleDisable extends FleetCommand<typeof AlarmRuleDisable> {
  static override summary = 'Keep an alarm rule, but tell nobody by it';
  static override examples = [
    '<%= config.bin %> alarm rule disable Lost',
    '<%= config.bin %> alarm rule disable Lost --json',
  ];
  static override args = { name: Args.string({ required: true, description: 'Name of the rule' }) };

  async run() {
    const fleet = await this.fleet();
    const item = await fleet.run('alarm-rule.disable', { name: this.args.name });
    this.say(`Disabled alarm rule ${item.name}.`);
    return item;
  }
}
