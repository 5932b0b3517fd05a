import { Args } from '@oclif/core';
import { FleetCommand } from '../../src/cli/base-command.js';
import { bulkFlags, runBulk } from '../../src/cli/bulk.js';
import { integer, timeoutFlag, withEnv, withOwnEnv } from '../../src/cli/flags/flags.js';
import { stationsAndWord } from '../../src/cli/stations-and-word.js';
import { parseTrigger, triggerable } from '../../src/domain/station/trigger.js';

export default class RemoteTrigger extends FleetCommand<typeof RemoteTrigger> {
  static override summary = 'Ask stations to send a message';
  static override description =
    `The last argument is the message, in any case, whether stations are named before it or chosen by flags:
${Object.keys(triggerable).join(', ')}.
LogStatusNotification and SignChargePointCertificate are asked for by ExtendedTriggerMessage of the security
extension, the others by TriggerMessage. Whether the message came shows evfleet message list.`;
  static override examples = [
    '<%= config.bin %> remote trigger CP001 StatusNotification --connector 1',
    '<%= config.bin %> remote trigger CP001 CP002 heartbeat',
    '<%= config.bin %> remote trigger -l status=online MeterValues',
  ];
  static override usage = 'remote trigger STATION... MESSAGE';
  static override args = {
    station: Args.string({ description: 'Id of a station; more may follow' }),
    message: Args.string({ description: 'The message to send' }),
  };
  static override strict = false;
  static override flags = withEnv({
    ...withOwnEnv('remote', {
      connector: integer({
        min: 1,
        max: 1000,
        summary: 'Of which connector, for StatusNotification and MeterValues; of all when left out.',
      }),
    }),
    ...timeoutFlag,
    ...bulkFlags,
  });

  async run() {
    const { connector, timeout: timeoutMs } = this.flags;
    const example = 'evfleet remote trigger CP001 Heartbeat';
    const { stationIds, word } = stationsAndWord(this.words, 'MESSAGE', example);
    const { message } = parseTrigger(word, connector);
    return runBulk(this, {
      stationIds,
      run: (fleet, bulk) => fleet.batches('remote.trigger', { ...bulk, message, connector, timeoutMs }),
    });
  }
}
