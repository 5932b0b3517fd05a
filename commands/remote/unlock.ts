import { Args } from '@oclif/core';
import { FleetCommand } from '../../src/cli/base-command.js';
import { bulkFlags, runBulk } from '../../src/cli/bulk.js';
import { integer, timeoutFlag, withEnv, withOwnEnv } from '../../src/cli/flags/flags.js';
import { stationsAndWord } from '../../src/cli/stations-and-word.js';
import { FleetError } from '../../src/domain/errors.js';

const connectorMax = 1000;

export default class RemoteUnlock extends FleetCommand<typeof RemoteUnlock> {
  static override summary = 'Release the cable of a connector';
  static override description =
    `The last argument is the number of the connector; with --connector all arguments are stations. A running session is
ended by the station.`;
  static override examples = [
    '<%= config.bin %> remote unlock CP001 1',
    '<%= config.bin %> remote unlock --group depot --connector 2',
  ];
  static override usage = 'remote unlock STATION... CONNECTOR';
  static override args = {
    station: Args.string({ description: 'Id of a station; more may follow' }),
    number: Args.string({ description: 'Number of the connector' }),
  };
  static override strict = false;
  static override flags = withEnv({
    ...withOwnEnv('remote', {
      connector: integer({
        min: 1,
        max: connectorMax,
        summary: 'The connector, instead of as last argument.',
      }),
    }),
    ...timeoutFlag,
    ...bulkFlags,
  });

  async run() {
    const { timeout: timeoutMs } = this.flags;
    const { stationIds, connector } = this.#which();
    return runBulk(this, {
      stationIds,
      run: (fleet, bulk) => fleet.batches('remote.unlock', { ...bulk, connector, timeoutMs }),
      done: 'unlocked',
    });
  }

  #which(): { stationIds: readonly string[]; connector: number } {
    const { connector } = this.flags;
    if (connector !== undefined) return { stationIds: this.words, connector };
    const example = 'evfleet remote unlock CP001 1';
    const { stationIds, word } = stationsAndWord(this.words, 'CONNECTOR', example);
    const number = /^\d+$/.test(word) ? Number(word) : 0;
    if (number >= 1 && number <= connectorMax) return { stationIds, connector: number };
    throw new FleetError('USAGE', `CONNECTOR takes a whole number from 1 to ${connectorMax}.`, {
      suggestions: [example],
    });
  }
}
