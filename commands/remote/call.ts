import { Args, Flags } from '@oclif/core';
import { FleetCommand } from '../../src/cli/base-command.js';
import { bulkFlags, runBulk } from '../../src/cli/bulk.js';
import { readPayload } from '../../src/cli/files/payload.js';
import { timeoutFlag, withEnv } from '../../src/cli/flags/flags.js';
import { stationsAndWord } from '../../src/cli/stations-and-word.js';
import { remoteCalled } from '../../src/views/remote.js';

export default class RemoteCall extends FleetCommand<typeof RemoteCall> {
  static override summary = 'Send any OCPP message to stations and print their answers';
  static override description =
    `The last argument is the ACTION: any message of OCPP 1.6 or its security extension that a central system sends. The payload is checked
before anything leaves. A status that means no (Rejected, NotSupported, Failed, ...) and an error of the station end
with exit code 10. Give secrets such as an AuthorizationKey in a file or on standard input, not on the command line.`;
  static override examples = [
    '<%= config.bin %> remote call CP001 GetConfiguration',
    `<%= config.bin %> remote call CP001 Reset --payload '{"type":"Soft"}'`,
    '<%= config.bin %> remote call CP001 SetChargingProfile --payload @profile.json --timeout 1m',
    '<%= config.bin %> remote call CP001 ChangeConfiguration --payload - < key.json',
    '<%= config.bin %> remote call --group depot GetLocalListVersion --json-lines',
  ];
  static override usage = 'remote call STATION... ACTION';
  static override args = {
    station: Args.string({ description: 'Id of a station; more may follow' }),
    action: Args.string({ description: 'OCPP action, for example TriggerMessage' }),
  };
  static override strict = false;
  static override flags = withEnv({
    payload: Flags.string({
      default: '{}',
      helpValue: '<json|@file|->',
      summary: 'The message: JSON, @ and the name of a file, or - for standard input.',
    }),
    ...timeoutFlag,
    ...bulkFlags,
  });

  async run() {
    const { payload: source, timeout: timeoutMs } = this.flags;
    const example = 'evfleet remote call CP001 GetConfiguration';
    const { stationIds, word: action } = stationsAndWord(this.words, 'ACTION', example);
    const payload = await readPayload(source, this.signal);
    if (source.includes('AuthorizationKey')) {
      this.say('This key is in the history of the shell now: --payload - or @file keep it out of there.');
    }
    const result = await runBulk(this, {
      stationIds,
      run: (fleet, bulk) => fleet.batches('remote.broadcast', { ...bulk, action, payload, timeoutMs }),
      show: ({ stationId, detail }) => remoteCalled({ stationId, action, answer: detail ?? {} }),
      done: 'answered',
    });
    // Of one station it is the answer itself.
    return result && 'detail' in result ? result.detail : result;
  }
}
