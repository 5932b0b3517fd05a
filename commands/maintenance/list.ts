import { Args, Flags } from '@oclif/core';
import { FleetCommand } from '../../src/cli/base-command.js';
import { listFlags, withEnv } from '../../src/cli/flags/flags.js';
import { oneStation } from '../../src/cli/one-station.js';
import { maintenanceStates } from '../../src/domain/alarm/maintenance.js';
import { maintenanceList } from '../../src/views/maintenance.js';

export default class MaintenanceList extends FleetCommand<typeof MaintenanceList> {
  static override summary = 'List maintenance, that which begins last first';
  static override examples = [
    '<%= config.bin %> maintenance list',
    '<%= config.bin %> maintenance list CP001 --state past',
    '<%= config.bin %> maintenance list --site Solna --state active --json',
  ];
  static override args = { station: Args.string({ description: 'Only of this station' }) };
  static override flags = withEnv({
    station: Flags.string({ summary: 'Only of this station.' }),
    site: Flags.string({ summary: 'Only of stations that stand at this site.' }),
    state: Flags.option({
      env: 'EVFLEET_MAINTENANCE_STATE',
      options: maintenanceStates,
      summary: 'Only in this state.',
    })(),
    ...listFlags,
  });

  async run() {
    const { site, state } = this.flags;
    const stationId = oneStation(this.args.station, this.flags.station);
    const fleet = await this.fleet();
    const query = { stationId, site, state, ...this.listQuery(this.flags) };
    return this.printList(this.flags, await fleet.run('maintenance.list', query), maintenanceList);
  }
}
