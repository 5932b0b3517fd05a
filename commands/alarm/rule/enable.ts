import { Args } from '@oclif/core';
import { FleetCommand } from '../../../src/cli/base-command.js';

export default class AlarmRuleEnable extends FleetCommand<typeof AlarmRuleEnable> {
  static override summary = 'Let an alarm rule tell its recipients again';
  static override examples = [
    '<%= config.bin %> alarm rule enable Lost',
    '<%= config.bin %> alarm rule enable Lost --json',
  ];
  static override args = { name: Args.string({ required: true, description: 'Name of the rule' }) };

  async run() {
    const fleet = await this.fleet();
    const item = await fleet.run('alarm-rule.enable', { name: this.args.name });
    this.say(`Enabled alarm rule ${item.name}.`);
    return item;
  }
}
