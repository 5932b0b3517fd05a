import { Args, Flags } from '@oclif/core';
import { FleetCommand } from '../../src/cli/base-command.js';
import { integer, timeoutFlag, withEnv } from '../../src/cli/flags.js';
import { remoteStopped } from '../../src/views/remote.js';

export default class RemoteStop extends FleetCommand<typeof RemoteStop> {
  static override summary = 'Ask a station to stop a session';
  static override description =
    'The station answers at once whether it will; with --wait the command ends when the session has ended.';
  static override examples = [
    '<%= config.bin %> remote stop 42',
    '<%= config.bin %> remote stop CP001 --connector 1 --wait',
  ];
  static override args = {
    target: Args.string({ required: true, description: 'Session id, transaction id, or id of the station' }),
  };
  static override flags = withEnv({
    connector: integer({
      summary: 'Which connector, when the station charges on several.',
      min: 1,
      max: 1000,
    }),
    wait: Flags.boolean({ default: false, allowNo: true, summary: 'Wait until the session has ended.' }),
    ...timeoutFlag,
  });

  async run() {
    const { connector, timeout: timeoutMs, wait } = this.flags;
    const fleet = await this.fleet();
    const result = await fleet.run('remote.stop', {
      target: this.args.target,
      connector,
      timeoutMs,
      waitMs: wait ? timeoutMs : undefined,
    });
    await this.print(remoteStopped(result));
    return result;
  }
}
