import { Args, Flags } from '@oclif/core';
import { FleetCommand } from '../../src/cli/base-command.js';
import { bulkFlags, runBulk } from '../../src/cli/bulk.js';
import { timeoutFlag, withEnv, yesFlag } from '../../src/cli/flags/flags.js';

export default class RemoteReset extends FleetCommand<typeof RemoteReset> {
  static override summary = 'Restart stations';
  static override description =
    `A soft reset lets the station end its sessions and restart in order; --hard is like a power cut. A station answers at
once whether it will restart; with --wait the command ends when it has booted again. Of many stations never more than
--concurrency are asked, or waited for, at a time.`;
  static override examples = [
    '<%= config.bin %> remote reset CP001',
    '<%= config.bin %> remote reset CP001 CP002 --hard --wait --timeout 5m --yes',
    '<%= config.bin %> remote reset --site Solna -l vendor=Acme,firmware!=1.4* --wait --timeout 5m',
    '<%= config.bin %> remote reset --all --concurrency 100 --yes --json-lines',
  ];
  static override args = { station: Args.string({ description: 'Id of a station; more may follow' }) };
  static override strict = false;
  static override flags = withEnv({
    hard: Flags.boolean({ default: false, summary: 'Restart at once, without ending sessions in order.' }),
    wait: Flags.boolean({ default: false, allowNo: true, summary: 'Wait until the station is back.' }),
    ...timeoutFlag,
    ...yesFlag,
    ...bulkFlags,
  });

  async run() {
    const { hard, wait, timeout: timeoutMs } = this.flags;
    const kind = hard ? ('hard' as const) : ('soft' as const);
    const waitMs = wait ? timeoutMs : undefined;
    return runBulk(this, {
      stationIds: this.words,
      run: (fleet, bulk) => fleet.batches('remote.reset', { ...bulk, kind, timeoutMs, waitMs }),
      question: (stations) => `Restart ${stations}?`,
      done: wait ? 'back' : 'accepted',
    });
  }
}
