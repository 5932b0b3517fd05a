import { Args } from '@oclif/core';
import { FleetCommand } from '../../src/cli/base-command.js';
import { withEnv } from '../../src/cli/flags/flags.js';
import { localListRecord } from '../../src/views/local-list.js';

export default class LocalListShow extends FleetCommand<typeof LocalListShow> {
  static override summary = 'Show the list of tags that a station was sent last, and what it would be now';
  static override description =
    'Stations decide by this list while they are offline. It holds all tags with their status, so that blocked and expired ones are refused; push sends what has changed.';
  static override examples = [
    '<%= config.bin %> local-list show CP001',
    '<%= config.bin %> local-list show CP001 --json',
  ];
  static override args = { station: Args.string({ required: true, description: 'Id of the station' }) };
  static override flags = withEnv({});

  async run() {
    const fleet = await this.fleet();
    const list = await fleet.run('local-list.show', { stationId: this.args.station });
    return this.printRecord(list, localListRecord);
  }
}
