import { Args, Flags } from '@oclif/core';
import { FleetCommand } from '../../src/cli/base-command.js';
import { withEnv } from '../../src/cli/flags/flags.js';
import { breachList, stationRecord } from '../../src/views/station.js';

export default class StationShow extends FleetCommand<typeof StationShow> {
  static override summary = 'Show a station with its connectors';
  static override examples = [
    '<%= config.bin %> station show CP001',
    '<%= config.bin %> station show CP001 --json',
    '<%= config.bin %> station show CP001 --breaches',
  ];
  static override args = { id: Args.string({ required: true, description: 'Id of the station' }) };
  static override flags = withEnv({
    breaches: Flags.boolean({
      default: false,
      summary: 'List what it does otherwise than the specification says, and was understood all the same.',
    }),
  });

  async run() {
    const fleet = await this.fleet();
    const { id } = this.args;
    if (!this.flags.breaches) return this.printRecord(await fleet.run('station.show', { id }), stationRecord);
    const list = await fleet.run('station.breaches', { id });
    const options = { all: true, csv: false, quiet: false, 'no-header': false };
    return this.printList(options, list, breachList);
  }
}
