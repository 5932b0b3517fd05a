import { Args } from '@oclif/core';
import { FleetCommand } from '../../src/cli/base-command.js';
import { listFlags, withEnv } from '../../src/cli/flags/flags.js';
import { diagnosticsList } from '../../src/views/diagnostics.js';

export default class DiagnosticsList extends FleetCommand<typeof DiagnosticsList> {
  static override summary = 'List what stations were asked to upload, newest first';
  static override description =
    'A request is over when its file is here, when the station says that it failed or has nothing, and after six hours. Files are kept for diagnostics.retention.';
  static override examples = [
    '<%= config.bin %> diagnostics list',
    '<%= config.bin %> diagnostics list CP001 --filter state=received',
    '<%= config.bin %> diagnostics list --json',
  ];
  static override args = { station: Args.string({ description: 'Only of this station' }) };
  static override flags = withEnv({ ...listFlags });

  async run() {
    const fleet = await this.fleet();
    const query = { stationId: this.args.station, ...this.listQuery(this.flags) };
    return this.printList(this.flags, await fleet.run('diagnostics.list', query), diagnosticsList);
  }
}
