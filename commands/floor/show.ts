import { Args, Flags } from '@oclif/core';
import { FleetCommand } from '../../src/cli/base-command.js';
import { withOwnEnv } from '../../src/cli/flags/flags.js';
import { floorRecord } from '../../src/views/floor.js';

export default class FloorShow extends FleetCommand<typeof FloorShow> {
  static override summary = 'Show a floor';
  static override examples = [
    '<%= config.bin %> floor show P1 --site Solna',
    '<%= config.bin %> floor show P1 --site Solna --json',
  ];
  static override args = { name: Args.string({ required: true, description: 'Name of the floor' }) };
  static override flags = withOwnEnv('floor', {
    site: Flags.string({ required: true, summary: 'Site of the floor.' }),
  });

  async run() {
    const fleet = await this.fleet();
    return this.printRecord(
      await fleet.run('floor.show', { name: this.args.name, site: this.flags.site }),
      floorRecord,
    );
  }
}
