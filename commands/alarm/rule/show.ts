import { Args } from '@oclif/core';
import { FleetCommand } from '../../../src/cli/base-command.js';
import { alarmRuleRecord } from '../../../src/views/alarm-rule.js';

export default class AlarmRuleShow extends FleetCommand<typeof AlarmRuleShow> {
  static override summary = 'Show an alarm rule';
  static override examples = [
    '<%= config.bin %> alarm rule show Lost',
    '<%= config.bin %> alarm rule show Lost --json',
  ];
  static override args = { name: Args.string({ required: true, description: 'Name of the rule' }) };

  async run() {
    const fleet = await this.fleet();
    return this.printRecord(await fleet.run('alarm-rule.show', { name: this.args.name }), alarmRuleRecord);
  }
}
