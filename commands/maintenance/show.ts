import { Args } from '@oclif/core';
import { FleetCommand } from '../../src/cli/base-command.js';
import { withEnv } from '../../src/cli/flags/flags.js';
import { maintenanceId } from '../../src/cli/maintenance-id.js';
import { maintenanceRecord } from '../../src/views/maintenance.js';

export default class MaintenanceShow extends FleetCommand<typeof MaintenanceShow> {
  static override summary = 'Show maintenance';
  static override examples = [
    '<%= config.bin %> maintenance show 7',
    '<%= config.bin %> maintenance show 7 --json | jq .comment',
  ];
  static override args = { id: Args.string({ required: true, description: 'Number of the maintenance' }) };
  static override flags = withEnv({});

  async run() {
    const id = maintenanceId(this.args.id);
    const fleet = await this.fleet();
    return this.printRecord(await fleet.run('maintenance.show', { id }), maintenanceRecord);
  }
}
