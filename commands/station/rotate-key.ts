import { Args, Flags } from '@oclif/core';
import { FleetCommand } from '../../src/cli/base-command.js';
import { bulkFlags, runBulk } from '../../src/cli/bulk.js';
import { timeoutFlag, withEnv, yesFlag } from '../../src/cli/flags/flags.js';

export default class StationRotateKey extends FleetCommand<typeof StationRotateKey> {
  static override summary = 'Give stations new keys, over their connections';
  static override description =
    `Each gets a key of its own that nobody ever sees. The new key is good from before it is sent, and the one before until
the station has shown the new one, so that none locks itself out, whatever becomes of its answer. A station without a key
gets its first one, and has to show it from then on.

Many take a new key only when they connect anew: --reconnect ends the connection of those that accepted, and waits until
they are back with it; --wait waits for those that come back by themselves. Both wait for --timeout.`;
  static override examples = [
    '<%= config.bin %> station rotate-key CP001 --reconnect',
    '<%= config.bin %> station rotate-key --site Solna --reconnect --timeout 2m --yes',
    '<%= config.bin %> station rotate-key --all --concurrency 50 --yes --json-lines',
  ];
  static override args = { station: Args.string({ description: 'Id of a station; more may follow' }) };
  static override strict = false;
  static override flags = withEnv({
    reconnect: Flags.boolean({
      default: false,
      summary: 'End the connection of those that accepted, and wait until they are back with the new key.',
    }),
    wait: Flags.boolean({
      default: false,
      allowNo: true,
      summary: 'Wait until the station has shown the new key.',
    }),
    ...timeoutFlag,
    ...yesFlag,
    ...bulkFlags,
  });

  async run() {
    const { reconnect, wait, timeout: timeoutMs } = this.flags;
    const waitMs = wait || reconnect ? timeoutMs : undefined;
    return runBulk(this, {
      stationIds: this.words,
      run: (fleet, bulk) => fleet.batches('station.rotate-key', { ...bulk, timeoutMs, waitMs, reconnect }),
      question: (stations) => `Give ${stations} new keys?`,
      done: waitMs === undefined ? 'accepted' : 'back with it',
    });
  }
}
