import { Args } from '@oclif/core';
import { FleetCommand } from '../../src/cli/base-command.js';
import { stationRecord } from '../../src/views/station.js';

export default class StationShow extends FleetCommand<typeof StationShow> {
  static override summary = 'Show a station with its connectors';
  static override examples = [
    '<%= config.bin %> station show CP001',
    '<%= config.bin %> station show CP001 --json',
  ];
  static override args = { id: Args.string({ required: true, description: 'Id of the station' }) };

  async run() {
    const fleet = await this.fleet();
    return this.printRecord(await fleet.run('station.show', { id: this.args.id }), stationRecord);
  }
}
