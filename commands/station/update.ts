import { Args, Flags } from '@oclif/core';
import { FleetCommand } from '../../src/cli/base-command.js';
import { integer, withEnv, withOwnEnv } from '../../src/cli/flags/flags.js';
import { stationFlags, stationInput } from '../../src/cli/flags/station-flags.js';
import {
  printKey,
  removeKeyFlag,
  securityFlags,
  securityInput,
} from '../../src/cli/flags/station-security-flags.js';
import { emptyToNull } from '../../src/cli/values.js';

export default class StationUpdate extends FleetCommand<typeof StationUpdate> {
  static override summary = 'Change a station';
  static override examples = [
    '<%= config.bin %> station update CP001 --name "North wall"',
    '<%= config.bin %> station update CP001 --registration pending',
    '<%= config.bin %> station update CP001 --site ""',
    '<%= config.bin %> station update CP001 --ping-interval 50s --no-pong',
    '<%= config.bin %> station update CP001 --assumed-protocol ocpp1.6',
    '<%= config.bin %> station update CP001 --security-profile 2 --auth-key-stdin < CP001.key',
  ];
  static override args = {
    id: Args.string({ required: true, description: 'Id of the station' }),
  };
  static override flags = withEnv({
    ...withOwnEnv('station', {
      name: Flags.string({ summary: 'Name for people.' }),
      site: Flags.string({ summary: 'Site where it stands; an empty text takes it from its site.' }),
      floor: Flags.string({ summary: 'Floor of its site; an empty text takes it from its floor.' }),
      connectors: integer({
        summary: 'How many connectors it has; fewer removes the highest.',
        min: 1,
        max: 1000,
      }),
    }),
    ...stationFlags,
    ...securityFlags,
    ...removeKeyFlag,
  });

  async run() {
    const security = await securityInput(this.flags, this.signal);
    const fleet = await this.fleet();
    const item = await fleet.run('station.update', {
      id: this.args.id,
      name: this.flags.name,
      site: emptyToNull(this.flags.site),
      floor: emptyToNull(this.flags.floor),
      connectors: this.flags.connectors,
      ...stationInput(this.flags),
      ...security,
    });
    this.say(`Updated station ${item.id}.`);
    await printKey(this, item);
    return item;
  }
}
