import { Args, Flags } from '@oclif/core';
import { FleetCommand } from '../../src/cli/base-command.js';
import { withEnv, withOwnEnv } from '../../src/cli/flags/flags.js';
import { connectorArg, emptyToNull, number } from '../../src/cli/values.js';

export default class ConnectorUpdate extends FleetCommand<typeof ConnectorUpdate> {
  static override summary = 'Change how a connector is used and described';
  static override examples = [
    '<%= config.bin %> connector update CP001 2 --mode open',
    '<%= config.bin %> connector update CP001 1 --evse-id "SE*EVF*E001*1" --type Type2 --max-power 22',
  ];
  static override args = {
    station: Args.string({ required: true, description: 'Id of the station' }),
    connector: connectorArg({ required: true, description: 'Number of the connector, from 1' }),
  };
  static override flags = withEnv({
    ...withOwnEnv('connector', {
      mode: Flags.option({
        options: ['rfid', 'open'] as const,
        summary: 'rfid: only known tags may charge; open: anyone.',
      })(),
      'evse-id': Flags.string({ summary: 'EVSE id; an empty text removes it.' }),
      type: Flags.string({ summary: 'Plug, for example Type2 or CCS.' }),
      'max-power': number({ summary: 'Power it can give, in kW.', min: 0.1, max: 10_000 }),
      name: Flags.string({ summary: 'Name for people; an empty text removes it.' }),
    }),
  });

  async run() {
    const fleet = await this.fleet();
    const connector = await fleet.run('connector.update', {
      stationId: this.args.station,
      connector: this.args.connector,
      mode: this.flags.mode,
      evseId: emptyToNull(this.flags['evse-id']),
      type: emptyToNull(this.flags.type),
      maxPowerKw: this.flags['max-power'],
      name: emptyToNull(this.flags.name),
    });
    this.say(`Updated connector ${connector.connector} of ${connector.stationId}.`);
    return connector;
  }
}
