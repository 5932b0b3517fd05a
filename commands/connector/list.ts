import { Args, Flags } from '@oclif/core';
import { FleetCommand } from '../../src/cli/base-command.js';
import { listFlags, withEnv } from '../../src/cli/flags/flags.js';
import { connectorList } from '../../src/views/connector.js';

export default class ConnectorList extends FleetCommand<typeof ConnectorList> {
  static override summary = 'List connectors';
  static override examples = [
    '<%= config.bin %> connector list',
    '<%= config.bin %> connector list CP001',
    '<%= config.bin %> connector list --site Solna --filter state=faulted',
  ];
  static override args = { station: Args.string({ description: 'Only of this station' }) };
  static override flags = withEnv({
    site: Flags.string({ summary: 'Only at stations of this site.' }),
    ...listFlags,
  });

  async run() {
    const fleet = await this.fleet();
    const list = await fleet.run('connector.list', {
      stationId: this.args.station,
      site: this.flags.site,
      ...this.listQuery(this.flags),
    });
    return this.printList(this.flags, list, connectorList);
  }
}
