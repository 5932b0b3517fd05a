import { Args, Flags } from '@oclif/core';
import { FleetCommand } from '../../src/cli/base-command.js';
import { bulkFlags, runBulk } from '../../src/cli/bulk.js';
import { timeoutFlag, withEnv, withOwnEnv } from '../../src/cli/flags/flags.js';

export default class LocalListPush extends FleetCommand<typeof LocalListPush> {
  static override summary = 'Bring the lists of tags of stations up to date';
  static override description =
    `A station is asked which version it has. If that is the one it was sent last it gets what has changed, otherwise the
whole list; in as many messages as it wants them in, and no more tags than it has room for: those that may charge come
first. With the setting local-list.auto this happens by itself whenever tags change.`;
  static override examples = [
    '<%= config.bin %> local-list push CP001',
    '<%= config.bin %> local-list push CP001 CP002 --force',
    '<%= config.bin %> local-list push --site Solna -l status=available',
    '<%= config.bin %> local-list push --all --concurrency 50 --json-lines',
  ];
  static override args = { station: Args.string({ description: 'Id of a station; more may follow' }) };
  static override strict = false;
  static override flags = withEnv({
    ...withOwnEnv('local-list', {
      force: Flags.boolean({ default: false, summary: 'Send the whole list, whatever the station has.' }),
    }),
    ...timeoutFlag,
    ...bulkFlags,
  });

  async run() {
    const { force, timeout: timeoutMs } = this.flags;
    return runBulk(this, {
      stationIds: this.words,
      run: (fleet, bulk) => fleet.batches('local-list.push', { ...bulk, force, timeoutMs }),
      done: 'up to date',
    });
  }
}
