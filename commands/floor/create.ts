import { Args, Flags } from '@oclif/core';
import { FleetCommand } from '../../src/cli/base-command.js';
import { ifExistsFlag, integer, withEnv, withOwnEnv } from '../../src/cli/flags/flags.js';
import { createdLine } from '../../src/cli/outcome.js';

export default class FloorCreate extends FleetCommand<typeof FloorCreate> {
  static override summary = 'Create a floor of a site';
  static override examples = [
    '<%= config.bin %> floor create P1 --site Solna',
    '<%= config.bin %> floor create P2 --site Solna --level -2',
  ];
  static override args = {
    name: Args.string({ required: true, description: 'Name, unique in its site' }),
  };
  static override flags = withEnv({
    ...withOwnEnv('floor', {
      site: Flags.string({ required: true, summary: 'Site of the floor.' }),
    }),
    level: integer({ summary: 'Level; 0 is the ground floor, negative below it.', min: -100, max: 1000 }),
    ...ifExistsFlag,
  });

  async run() {
    const fleet = await this.fleet();
    const { outcome, item } = await fleet.run('floor.create', {
      site: this.flags.site,
      name: this.args.name,
      level: this.flags.level,
      ifExists: this.flags['if-exists'],
    });
    this.say(createdLine(outcome, `floor ${item.name} in ${item.site}`));
    return item;
  }
}
