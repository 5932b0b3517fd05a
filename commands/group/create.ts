import { Args } from '@oclif/core';
import { FleetCommand } from '../../src/cli/base-command.js';
import { ifExistsFlag, withEnv } from '../../src/cli/flags/flags.js';
import { createdLine } from '../../src/cli/outcome.js';

export default class GroupCreate extends FleetCommand<typeof GroupCreate> {
  static override summary = 'Create a group of stations';
  static override examples = [
    '<%= config.bin %> group create depot',
    '<%= config.bin %> group create depot --if-exists skip',
  ];
  static override args = {
    name: Args.string({ required: true, description: 'Name, unique' }),
  };
  static override flags = withEnv({
    ...ifExistsFlag,
  });

  async run() {
    const fleet = await this.fleet();
    const { outcome, item } = await fleet.run('group.create', {
      name: this.args.name,
      ifExists: this.flags['if-exists'],
    });
    this.say(createdLine(outcome, `group ${item.name}`));
    return item;
  }
}
