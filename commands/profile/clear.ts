import { Args, Flags } from '@oclif/core';
import { FleetCommand } from '../../src/cli/base-command.js';
import { bulkFlags, runBulk } from '../../src/cli/bulk.js';
import { integer, timeoutFlag, withEnv, withOwnEnv, yesFlag } from '../../src/cli/flags/flags.js';
import { profileIntegerMax, profilePurposes } from '../../src/domain/charging/charging-profile.js';

export default class ProfileClear extends FleetCommand<typeof ProfileClear> {
  static override summary = 'Remove charging profiles from stations';
  static override description =
    'Profiles by their id, by criteria that must all hold, or all of them. A station that has none of them says Unknown.';
  static override examples = [
    '<%= config.bin %> profile clear CP001 --id 3',
    '<%= config.bin %> profile clear CP001 --connector 1 --purpose TxDefaultProfile --stack-level 0',
    '<%= config.bin %> profile clear --site Solna --all-profiles --yes',
  ];
  static override args = { station: Args.string({ description: 'Id of a station; more may follow' }) };
  static override strict = false;
  static override flags = withEnv({
    ...withOwnEnv('profile', {
      id: integer({
        min: 1,
        max: profileIntegerMax,
        exclusive: ['connector', 'purpose', 'stack-level', 'all-profiles'],
        summary: 'The profile with this id.',
      }),
      connector: integer({ min: 0, max: 1000, summary: 'Profiles of this connector; 0 is the station.' }),
      purpose: Flags.option({ options: profilePurposes, summary: 'Profiles with this purpose.' })(),
      'stack-level': integer({ min: 0, max: profileIntegerMax, summary: 'Profiles on this level.' }),
    }),
    'all-profiles': Flags.boolean({
      default: false,
      exclusive: ['connector', 'purpose', 'stack-level'],
      summary: 'All profiles of the station.',
    }),
    ...timeoutFlag,
    ...yesFlag,
    ...bulkFlags,
  });

  async run() {
    const { id, connector, purpose, timeout: timeoutMs } = this.flags;
    const everyProfile = this.flags['all-profiles'] || undefined;
    const criteria = { id, connector, purpose, stackLevel: this.flags['stack-level'], everyProfile };
    return runBulk(this, {
      stationIds: this.words,
      run: (fleet, bulk) => fleet.batches('profile.clear', { ...bulk, ...criteria, timeoutMs }),
      question: (stations) => `Clear charging profiles of ${stations}?`,
      done: 'cleared',
    });
  }
}
