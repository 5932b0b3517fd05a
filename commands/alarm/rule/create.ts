import { Args } from '@oclif/core';
import { FleetCommand } from '../../../src/cli/base-command.js';
import { ruleFlags, ruleInput } from '../../../src/cli/flags/alarm-rule-flags.js';
import { ifExistsFlag, withEnv } from '../../../src/cli/flags/flags.js';
import { createdLine } from '../../../src/cli/outcome.js';
import { problemLines } from '../../../src/views/alarm-rule.js';

export default class AlarmRuleCreate extends FleetCommand<typeof AlarmRuleCreate> {
  static override summary = 'Create an alarm rule: who is told of what';
  static override description =
    `A rule is for stations, a group, a site, or all. Who is named by several rules is told once. Of a lost station somebody
is told after each step of the same outage, 15m, 1h and 24h unless --steps says otherwise, and when it is back.`;
  static override examples = [
    '<%= config.bin %> alarm rule create Lost --all --trigger connection-lost --to "ada@example.org;bo@example.org"',
    '<%= config.bin %> alarm rule create Solna --site Solna --trigger connection-lost --trigger fault --to ada@example.org --language sv --steps 5m,2h',
    '<%= config.bin %> alarm rule create Hook --station CP001 --station CP002 --trigger charging-stopped --webhook https://example.org/alarms',
  ];
  static override args = {
    name: Args.string({ required: true, description: 'Name, unique' }),
  };
  static override flags = withEnv({ ...ruleFlags, ...ifExistsFlag });

  async run() {
    const fleet = await this.fleet();
    const { outcome, item } = await fleet.run('alarm-rule.create', {
      name: this.args.name,
      ...ruleInput(this.flags),
      ifExists: this.flags['if-exists'],
    });
    this.say(createdLine(outcome, `rule ${item.name}`));
    for (const line of problemLines([item])) this.say(line);
    return item;
  }
}
