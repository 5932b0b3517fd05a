import { Args, Flags } from '@oclif/core';
import { FleetCommand } from '../../src/cli/base-command.js';
import { ifExistsFlag, integer, withEnv, withOwnEnv } from '../../src/cli/flags/flags.js';
import { stationFlags, stationInput } from '../../src/cli/flags/station-flags.js';
import { printKey, securityFlags, securityInput } from '../../src/cli/flags/station-security-flags.js';
import { createdLine } from '../../src/cli/outcome.js';

export default class StationCreate extends FleetCommand<typeof StationCreate> {
  static override summary = 'Create a station';
  static override examples = [
    '<%= config.bin %> station create CP001 --site Solna --connectors 2',
    '<%= config.bin %> station create CP002 --site Solna --floor P1 --name "North wall"',
    '<%= config.bin %> station create CP001 --if-exists skip',
    '<%= config.bin %> station create CP003 --security-profile 2 --generate-auth-key > CP003.key',
  ];
  static override args = {
    id: Args.string({
      required: true,
      description: 'OCPP identity: the last part of the URL it connects to',
    }),
  };
  static override flags = withEnv({
    ...withOwnEnv('station', {
      name: Flags.string({ summary: 'Name for people; the id when left out.' }),
      site: Flags.string({ summary: 'Site where it stands.' }),
      floor: Flags.string({ summary: 'Floor of that site.' }),
      connectors: integer({ summary: 'How many connectors it has; 1 when left out.', min: 1, max: 1000 }),
    }),
    ...stationFlags,
    ...securityFlags,
    ...ifExistsFlag,
  });

  async run() {
    const security = await securityInput(this.flags, this.signal);
    const fleet = await this.fleet();
    const { outcome, item } = await fleet.run('station.create', {
      id: this.args.id,
      name: this.flags.name,
      site: this.flags.site,
      floor: this.flags.floor,
      connectors: this.flags.connectors,
      ...stationInput(this.flags),
      ...security,
      ifExists: this.flags['if-exists'],
    });
    this.say(createdLine(outcome, `station ${item.id}`));
    await printKey(this, item);
    return item;
  }
}
