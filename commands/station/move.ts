import { Args, Flags } from '@oclif/core';
import { FleetCommand } from '../../src/cli/base-command.js';
import { withEnv, withOwnEnv } from '../../src/cli/flags/flags.js';

export default class StationMove extends FleetCommand<typeof StationMove> {
  static override summary = 'Move a station to another site or floor';
  static override description = 'Sessions that it had before keep the place where they happened.';
  static override examples = [
    '<%= config.bin %> station move CP001 --site Solna',
    '<%= config.bin %> station move CP001 --site Solna --floor P2',
  ];
  static override args = { id: Args.string({ required: true, description: 'Id of the station' }) };
  static override flags = withEnv({
    ...withOwnEnv('station', {
      site: Flags.string({ required: true, summary: 'Site to move to.' }),
      floor: Flags.string({ summary: 'Floor of that site; none when left out.' }),
    }),
  });

  async run() {
    const fleet = await this.fleet();
    const { site, floor } = this.flags;
    const station = await fleet.run('station.move', { id: this.args.id, site, floor });
    this.say(`Moved station ${station.id} to ${[station.site, station.floor].filter(Boolean).join(', ')}.`);
    return station;
  }
}
