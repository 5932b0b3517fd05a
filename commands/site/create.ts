import { Args, Flags } from '@oclif/core';
import { FleetCommand } from '../../src/cli/base-command.js';
import { ifExistsFlag, withEnv } from '../../src/cli/flags/flags.js';
import { createdLine } from '../../src/cli/outcome.js';
import { emptyToNull, number } from '../../src/cli/values.js';

export default class SiteCreate extends FleetCommand<typeof SiteCreate> {
  static override summary = 'Create a site';
  static override examples = [
    '<%= config.bin %> site create Solna',
    '<%= config.bin %> site create Solna --address "Solnavägen 1" --lat 59.36 --lon 18.0',
    '<%= config.bin %> site create Solna --if-exists update --address "Solnavägen 3"',
  ];
  static override args = {
    name: Args.string({ required: true, description: 'Name, unique' }),
  };
  static override flags = withEnv({
    address: Flags.string({ summary: 'Where it is; an empty text removes it.' }),
    lat: number({ summary: 'Latitude, decimal degrees (WGS 84).', min: -90, max: 90 }),
    lon: number({ summary: 'Longitude, decimal degrees (WGS 84).', min: -180, max: 180 }),
    ...ifExistsFlag,
  });

  async run() {
    const fleet = await this.fleet();
    const { outcome, item } = await fleet.run('site.create', {
      name: this.args.name,
      address: emptyToNull(this.flags.address),
      lat: this.flags.lat,
      lon: this.flags.lon,
      ifExists: this.flags['if-exists'],
    });
    this.say(createdLine(outcome, `site ${item.name}`));
    return item;
  }
}
