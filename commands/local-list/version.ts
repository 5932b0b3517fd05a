import { Args } from '@oclif/core';
import { FleetCommand } from '../../src/cli/base-command.js';
import { timeoutFlag, withEnv } from '../../src/cli/flags/flags.js';
import { localListVersion } from '../../src/views/local-list.js';

export default class LocalListVersion extends FleetCommand<typeof LocalListVersion> {
  static override summary = 'Ask a station which version of its list of tags it has';
  static override description = 'Version 0 is an empty list; -1 says that the station has none.';
  static override examples = [
    '<%= config.bin %> local-list version CP001',
    '<%= config.bin %> local-list version CP001 --timeout 1m --json',
  ];
  static override args = { station: Args.string({ required: true, description: 'Id of the station' }) };
  static override flags = withEnv({ ...timeoutFlag });

  async run() {
    const fleet = await this.fleet();
    const { timeout: timeoutMs } = this.flags;
    const result = await fleet.run('local-list.version', { stationId: this.args.station, timeoutMs });
    await this.print(localListVersion(result));
    return result;
  }
}
