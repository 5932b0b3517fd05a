import { Args, Flags } from '@oclif/core';
import { FleetCommand } from '../../src/cli/base-command.js';
import { bulkFlags, runBulk } from '../../src/cli/bulk.js';
import { readProfileFile } from '../../src/cli/files/profile-file.js';
import { integer, timeoutFlag, withEnv, withOwnEnv } from '../../src/cli/flags/flags.js';
import { onlyNamed } from '../../src/cli/narrowed-to.js';
import { remoteStarted } from '../../src/views/remote.js';

export default class RemoteStart extends FleetCommand<typeof RemoteStart> {
  static override summary = 'Ask stations to start charging';
  static override description =
    `A station answers at once whether it will try; with --wait the command ends when the session has begun. Many stations
get the same start, with the same tag.`;
  static override examples = [
    '<%= config.bin %> remote start CP001 --connector 1 --tag 04A2B3C4',
    '<%= config.bin %> remote start CP001 --connector 1 --tag 04A2B3C4 --wait --timeout 2m',
    '<%= config.bin %> remote start CP001 --tag 04A2B3C4 --profile slowly.yaml',
    '<%= config.bin %> remote start CP001 CP002 --connector 1 --tag 04A2B3C4',
    '<%= config.bin %> remote start --group depot --connector 1 --tag 04A2B3C4 --wait --timeout 2m',
  ];
  static override args = { station: Args.string({ description: 'Id of a station; more may follow' }) };
  static override strict = false;
  static override flags = withEnv({
    ...withOwnEnv('remote', {
      connector: integer({
        summary: 'Connector to start on; the station chooses when left out.',
        min: 1,
        max: 1000,
      }),
      tag: Flags.string({ required: true, summary: 'Tag to charge on.' }),
      profile: Flags.string({
        helpValue: '<file|->',
        summary: 'A TxProfile for the session, in YAML or JSON as for profile set --file.',
      }),
    }),
    wait: Flags.boolean({ default: false, allowNo: true, summary: 'Wait until the session has begun.' }),
    ...timeoutFlag,
    ...bulkFlags,
  });

  async run() {
    const { connector, tag, profile: file, timeout: timeoutMs, wait } = this.flags;
    const { signal, terminal } = this;
    const profile =
      file === undefined
        ? undefined
        : { ...(await readProfileFile(file, '--profile', { signal, now: terminal.now() })) };
    const input = { connector, tag, profile, timeoutMs, waitMs: wait ? timeoutMs : undefined };
    const stationId = onlyNamed(this, this.words);
    if (stationId === undefined || this.flags['dry-run'] || this.flags['json-lines']) {
      return runBulk(this, {
        stationIds: this.words,
        run: (fleet, bulk) => fleet.batches('remote.start-many', { ...bulk, ...input }),
        done: wait ? 'charging' : 'accepted',
      });
    }
    const fleet = await this.fleet();
    const result = await fleet.run('remote.start', { stationId, ...input });
    await this.print(remoteStarted(result));
    return result;
  }
}
