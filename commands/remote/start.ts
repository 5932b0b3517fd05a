import { Args, Flags } from '@oclif/core';
import { FleetCommand } from '../../src/cli/base-command.js';
import { integer, timeoutFlag, withEnv } from '../../src/cli/flags.js';
import { readProfileFile } from '../../src/cli/profile-file.js';
import { remoteStarted } from '../../src/views/remote.js';

export default class RemoteStart extends FleetCommand<typeof RemoteStart> {
  static override summary = 'Ask a station to start charging';
  static override description =
    'The station answers at once whether it will try; with --wait the command ends when the session has begun.';
  static override examples = [
    '<%= config.bin %> remote start CP001 --connector 1 --tag 04A2B3C4',
    '<%= config.bin %> remote start CP001 --connector 1 --tag 04A2B3C4 --wait --timeout 2m',
    '<%= config.bin %> remote start CP001 --tag 04A2B3C4 --profile slowly.yaml',
  ];
  static override args = { station: Args.string({ required: true, description: 'Id of the station' }) };
  static override flags = withEnv({
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
    wait: Flags.boolean({ default: false, allowNo: true, summary: 'Wait until the session has begun.' }),
    ...timeoutFlag,
  });

  async run() {
    const { connector, tag, profile: file, timeout: timeoutMs, wait } = this.flags;
    const { signal, terminal } = this;
    const profile =
      file === undefined
        ? undefined
        : { ...(await readProfileFile(file, '--profile', { signal, now: terminal.now() })) };
    const fleet = await this.fleet();
    const result = await fleet.run('remote.start', {
      stationId: this.args.station,
      connector,
      tag,
      profile,
      timeoutMs,
      waitMs: wait ? timeoutMs : undefined,
    });
    await this.print(remoteStarted(result));
    return result;
  }
}
