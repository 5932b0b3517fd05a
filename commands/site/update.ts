import { Args, Flags } from '@oclif/core';
import { FleetCommand } from '../../src/cli/base-command.js';
import { withEnv, withOwnEnv } from '../../src/cli/flags/flags.js';
import { emptyToNull, number } from '../../src/cli/values.js';

export default class SiteUpdate extends FleetCommand<typeof SiteUpdate> {
  static override summary = 'Change a site';
  static override examples = [
    '<%= config.bin %> site update Solna --address "Solnavägen 3"',
    '<%= config.bin %> site update Solna --name "Solna C"',
  ];
  static override args = {
    name: Args.string({ required: true, description: 'Name of the site' }),
  };
  static override flags = withEnv({
    ...withOwnEnv('site', { name: Flags.string({ summary: 'New name.' }) }),
    address: Flags.string({ summary: 'Where it is; an empty text removes it.' }),
    lat: number({ summary: 'Latitude, decimal degrees (WGS 84).', min: -90, max: 90 }),
    lon: number({ summary: 'Longitude, decimal degrees (WGS 84).', min: -180, max: 180 }),
  });

  async run() {
    const fleet = await this.fleet();
    const item = await fleet.run('site.update', {
      name: this.args.name,
      newName: this.flags.name,
      address: emptyToNull(this.flags.address),
      lat: this.flags.lat,
      lon: this.flags.lon,
    });
    this.say(`Updated site ${item.name}.`);
    return item;
  }
}
