import { Args, Flags } from '@oclif/core';
import { FleetCommand } from '../../src/cli/base-command.js';
import { bulkFlags, runBulk } from '../../src/cli/bulk.js';
import { integer, timeoutFlag, withEnv, withOwnEnv, yesFlag } from '../../src/cli/flags/flags.js';
import { onlyNamed } from '../../src/cli/narrowed-to.js';
import type { Fleet } from '../../src/operations/fleet.js';
import { remoteStopped } from '../../src/views/remote.js';

export default class RemoteStop extends FleetCommand<typeof RemoteStop> {
  static override summary = 'Ask stations to stop sessions';
  static override description =
    `A station answers at once whether it will; with --wait the command ends when the session has ended. One argument means
one session: by its id, or by its station. Several stations, or flags that choose stations, mean every session that runs
there, or those on --connector; where none runs it is well.`;
  static override examples = [
    '<%= config.bin %> remote stop 42',
    '<%= config.bin %> remote stop CP001 --connector 1 --wait',
    '<%= config.bin %> remote stop --site Solna --wait --timeout 2m --yes',
    '<%= config.bin %> remote stop -l vendor=Acme --connector 2 --dry-run',
  ];
  static override usage = ['remote stop SESSION', 'remote stop STATION...'];
  static override args = {
    target: Args.string({
      description: 'Session id, transaction id, or id of a station; more stations may follow',
    }),
  };
  static override strict = false;
  static override flags = withEnv({
    ...withOwnEnv('remote', {
      connector: integer({
        summary: 'Which connector, when a station charges on several.',
        min: 1,
        max: 1000,
      }),
    }),
    wait: Flags.boolean({ default: false, allowNo: true, summary: 'Wait until the session has ended.' }),
    ...timeoutFlag,
    ...yesFlag,
    ...bulkFlags,
  });

  async run() {
    const { connector, timeout: timeoutMs, wait, 'dry-run': dryRun, 'json-lines': jsonLines } = this.flags;
    const input = { connector, timeoutMs, waitMs: wait ? timeoutMs : undefined };
    const target = onlyNamed(this, this.words);
    if (target === undefined || dryRun) {
      const stationIds = target === undefined ? this.words : [await stationOf(await this.fleet(), target)];
      return runBulk(this, {
        stationIds,
        run: (fleet, bulk) => fleet.batches('remote.stop-many', { ...bulk, ...input }),
        question: (stations) =>
          connector === undefined
            ? `Stop every session at ${stations}?`
            : `Stop the sessions on connector ${connector} of ${stations}?`,
        done: wait ? 'charge no more' : 'accepted or had nothing to stop',
      });
    }
    const fleet = await this.fleet();
    const result = await fleet.run('remote.stop', { target, ...input });
    if (jsonLines) {
      await this.streamJsonLines([result]);
      return undefined;
    }
    await this.print(remoteStopped(result));
    return result;
  }
}

/** Of what may be a session or a station, the station. */
async function stationOf(fleet: Fleet, target: string): Promise<string> {
  const { unknown } = await fleet.run('station.select', { targets: { stationIds: [target] } });
  return unknown.length === 0 ? target : (await fleet.run('session.show', { id: target })).stationId;
}
