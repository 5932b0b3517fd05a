import { Args } from '@oclif/core';
import { FleetCommand } from '../../src/cli/base-command.js';
import { bulkFlags, runBulk } from '../../src/cli/bulk.js';
import { timeoutFlag, withEnv } from '../../src/cli/flags/flags.js';

export default class RemoteClearCache extends FleetCommand<typeof RemoteClearCache> {
  static override summary = 'Make stations forget the tags they have seen';
  static override description =
    'A station remembers tags that were accepted, to let them charge without asking; after this it asks again. Its local list stays.';
  static override examples = [
    '<%= config.bin %> remote clear-cache CP001',
    '<%= config.bin %> remote clear-cache --group depot',
  ];
  static override args = { station: Args.string({ description: 'Id of a station; more may follow' }) };
  static override strict = false;
  static override flags = withEnv({ ...timeoutFlag, ...bulkFlags });

  async run() {
    const { timeout: timeoutMs } = this.flags;
    return runBulk(this, {
      stationIds: this.words,
      run: (fleet, bulk) => fleet.batches('remote.clear-cache', { ...bulk, timeoutMs }),
      done: 'cleared',
    });
  }
}
