import { Args } from '@oclif/core';
import { FleetCommand } from '../../src/cli/base-command.js';
import { listFlags, withEnv } from '../../src/cli/flags/flags.js';
import { desiredList } from '../../src/views/config.js';

export default class ConfigStatus extends FleetCommand<typeof ConfigStatus> {
  static override summary = 'Show how far stations have the configuration that is desired';
  static override description =
    `States: applied; pending (not sent yet); reboot-required (in force after a reboot); rejected and
not-supported (tried again after the next boot); drifted (accepted once, but not so any more; it is sent again).`;
  static override examples = [
    '<%= config.bin %> config status CP001',
    '<%= config.bin %> config status --filter state=rejected',
    '<%= config.bin %> config status --csv',
  ];
  static override args = { station: Args.string({ description: 'Only this station' }) };
  static override flags = withEnv({ ...listFlags });

  async run() {
    const fleet = await this.fleet();
    const query = { stationId: this.args.station, ...this.listQuery(this.flags) };
    return this.printList(this.flags, await fleet.run('config.status', query), desiredList);
  }
}
