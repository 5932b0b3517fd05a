import { Args, Flags } from '@oclif/core';
import { FleetCommand } from '../../src/cli/base-command.js';
import { bulkFlags, runBulk } from '../../src/cli/bulk.js';
import { integer, timeoutFlag, withEnv, withOwnEnv, yesFlag } from '../../src/cli/flags/flags.js';
import { stationsAndWord } from '../../src/cli/stations-and-word.js';
import { FleetError } from '../../src/domain/errors.js';
import { nearest } from '../../src/domain/nearest.js';

const availabilities = ['operative', 'inoperative'] as const;

export default class RemoteAvailability extends FleetCommand<typeof RemoteAvailability> {
  static override summary = 'Take stations or connectors into or out of service';
  static override description =
    `The last argument is operative or inoperative, whether stations are named before it or chosen by flags. A station
lets running sessions end first (Scheduled); with --wait the command ends when that has come about. It outlasts a
restart of the station.`;
  static override examples = [
    '<%= config.bin %> remote availability CP001 inoperative',
    '<%= config.bin %> remote availability CP001 --connector 2 operative',
    '<%= config.bin %> remote availability --site Solna inoperative --wait --timeout 1h --yes',
  ];
  static override usage = 'remote availability STATION... operative|inoperative';
  static override args = {
    station: Args.string({ description: 'Id of a station; more may follow' }),
    availability: Args.string({ description: 'What it becomes: operative or inoperative' }),
  };
  static override strict = false;
  static override flags = withEnv({
    ...withOwnEnv('remote', {
      connector: integer({ min: 1, max: 1000, summary: 'Only this connector; otherwise the whole station.' }),
    }),
    wait: Flags.boolean({
      default: false,
      allowNo: true,
      summary: 'When sessions have to end first, wait for that.',
    }),
    ...timeoutFlag,
    ...yesFlag,
    ...bulkFlags,
  });

  async run() {
    const { connector, wait, timeout: timeoutMs } = this.flags;
    const example = 'evfleet remote availability CP001 inoperative';
    const { stationIds, word } = stationsAndWord(this.words, 'operative or inoperative', example);
    const availability = toAvailability(word);
    const waitMs = wait ? timeoutMs : undefined;
    return runBulk(this, {
      stationIds,
      run: (fleet, bulk) =>
        fleet.batches('remote.availability', { ...bulk, connector, availability, timeoutMs, waitMs }),
      ...(availability === 'inoperative' && {
        question: (stations: string) => `Take ${stations} out of service?`,
      }),
    });
  }
}

function toAvailability(word: string): (typeof availabilities)[number] {
  const found = availabilities.find((name) => name === word.toLowerCase());
  if (found) return found;
  const near = nearest(word, availabilities);
  throw new FleetError(
    'USAGE',
    `The last argument is operative or inoperative, not ${JSON.stringify(word)}.`,
    {
      suggestions: near ? [`Did you mean ${near}?`] : ['evfleet remote availability CP001 inoperative'],
    },
  );
}
