import { Args, Flags } from '@oclif/core';
import { FleetCommand } from '../../src/cli/base-command.js';
import { integer, withEnv, withOwnEnv } from '../../src/cli/flags/flags.js';

export default class FloorUpdate extends FleetCommand<typeof FloorUpdate> {
  static override summary = 'Change a floor';
  static override examples = [
    '<%= config.bin %> floor update P1 --site Solna --level -1',
    '<%= config.bin %> floor update P1 --site Solna --name "Parking 1"',
  ];
  static override args = {
    name: Args.string({ required: true, description: 'Name of the floor' }),
  };
  static override flags = withEnv({
    ...withOwnEnv('floor', {
      name: Flags.string({ summary: 'New name.' }),
      site: Flags.string({ required: true, summary: 'Site of the floor.' }),
    }),
    level: integer({ summary: 'Level; 0 is the ground floor, negative below it.', min: -100, max: 1000 }),
  });

  async run() {
    const fleet = await this.fleet();
    const item = await fleet.run('floor.update', {
      site: this.flags.site,
      name: this.args.name,
      newName: this.flags.name,
      level: this.flags.level,
    });
    this.say(`Updated floor ${item.name} in ${item.site}.`);
    return item;
  }
}
