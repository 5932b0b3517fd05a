import { Args } from '@oclif/core';
import { FleetCommand } from '../../src/cli/base-command.js';
import { bulkFlags, runBulk } from '../../src/cli/bulk.js';
import { timeoutFlag, withEnv } from '../../src/cli/flags/flags.js';

export default class ConfigPull extends FleetCommand<typeof ConfigPull> {
  static override summary = 'Read all configuration keys of stations and keep them';
  static override description =
    'What was read is shown by config get --cached and compared by config diff, also while stations are offline.';
  static override examples = [
    '<%= config.bin %> config pull CP001',
    '<%= config.bin %> config pull --site Solna',
    '<%= config.bin %> config pull -l status=online --concurrency 50 --json-lines',
  ];
  static override args = { station: Args.string({ description: 'Id of the station; more may follow' }) };
  static override strict = false;
  static override flags = withEnv({ ...timeoutFlag, ...bulkFlags });

  async run() {
    const { timeout: timeoutMs } = this.flags;
    return runBulk(this, {
      stationIds: this.words,
      run: (fleet, input) => fleet.batches('config.pull', { ...input, timeoutMs }),
      done: 'read',
    });
  }
}
