import { Args } from '@oclif/core';
import { FleetCommand } from '../../src/cli/base-command.js';
import { withEnv } from '../../src/cli/flags/flags.js';
import { maintenanceId } from '../../src/cli/maintenance-id.js';
import { ended } from '../../src/views/maintenance.js';

export default class MaintenanceEnd extends FleetCommand<typeof MaintenanceEnd> {
  static override summary = 'End maintenance now, or cancel it before it begins';
  static override description = 'Its end becomes this instant; it stays listed.';
  static override examples = [
    '<%= config.bin %> maintenance end 7',
    '<%= config.bin %> maintenance list -q --state active | xargs -n1 <%= config.bin %> maintenance end',
  ];
  static override args = { id: Args.string({ required: true, description: 'Number of the maintenance' }) };
  static override flags = withEnv({});

  async run() {
    const id = maintenanceId(this.args.id);
    const fleet = await this.fleet();
    const window = await fleet.run('maintenance.end', { id });
    await this.print(ended(window, this.terminal));
    return window;
  }
}
