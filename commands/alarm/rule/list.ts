import { FleetCommand } from '../../../src/cli/base-command.js';
import { listFlags, withEnv } from '../../../src/cli/flags/flags.js';
import { alarmRuleList, problemLines } from '../../../src/views/alarm-rule.js';

export default class AlarmRuleList extends FleetCommand<typeof AlarmRuleList> {
  static override summary = 'List alarm rules';
  static override examples = [
    '<%= config.bin %> alarm rule list',
    '<%= config.bin %> alarm rule list --filter enabled=false -q',
    '<%= config.bin %> alarm rule list --json',
  ];
  static override flags = withEnv({ ...listFlags });

  async run() {
    const fleet = await this.fleet();
    const list = await fleet.run('alarm-rule.list', this.listQuery(this.flags));
    const rows = await this.printList(this.flags, list, alarmRuleList);
    for (const line of problemLines(list.items)) this.say(line);
    return rows;
  }
}
