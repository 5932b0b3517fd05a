import { Args, Flags } from '@oclif/core';
import { FleetCommand } from '../../src/cli/base-command.js';
import { timeoutFlag, withEnv } from '../../src/cli/flags.js';
import { readPayload } from '../../src/cli/payload.js';
import { remoteCalled } from '../../src/views/remote.js';

export default class RemoteCall extends FleetCommand<typeof RemoteCall> {
  static override summary = 'Send any OCPP message to a station and print its answer';
  static override description =
    `ACTION is any message of OCPP 1.6 or its security extension that a central system sends. The payload is checked
before anything leaves. A status that means no (Rejected, NotSupported, Failed, ...) and an error of the station end
with exit code 10. Give secrets such as an AuthorizationKey in a file or on standard input, not on the command line.`;
  static override examples = [
    '<%= config.bin %> remote call CP001 GetConfiguration',
    `<%= config.bin %> remote call CP001 Reset --payload '{"type":"Soft"}'`,
    '<%= config.bin %> remote call CP001 SetChargingProfile --payload @profile.json --timeout 1m',
    '<%= config.bin %> remote call CP001 ChangeConfiguration --payload - < key.json',
  ];
  static override args = {
    station: Args.string({ required: true, description: 'Id of the station' }),
    action: Args.string({ required: true, description: 'OCPP action, for example TriggerMessage' }),
  };
  static override flags = withEnv({
    payload: Flags.string({
      default: '{}',
      helpValue: '<json|@file|->',
      summary: 'The message: JSON, @ and the name of a file, or - for standard input.',
    }),
    ...timeoutFlag,
  });

  async run() {
    const { payload: source, timeout: timeoutMs } = this.flags;
    const { station: stationId, action } = this.args;
    const payload = await readPayload(source, this.signal);
    if (source.includes('AuthorizationKey')) {
      this.say('This key is in the history of the shell now: --payload - or @file keep it out of there.');
    }
    const fleet = await this.fleet();
    const answer = await fleet.run('remote.call', { stationId, action, payload, timeoutMs });
    await this.print(remoteCalled({ stationId, action, answer }));
    return answer;
  }
}
