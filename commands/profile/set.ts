import { Args, Flags } from '@oclif/core';
import { FleetCommand } from '../../src/cli/base-command.js';
import { bulkFlags, runBulk } from '../../src/cli/bulk.js';
import { readProfileFile } from '../../src/cli/files/profile-file.js';
import { integer, timeoutFlag, withEnv, withOwnEnv } from '../../src/cli/flags/flags.js';
import { profileFlags, profileFromFlags } from '../../src/cli/flags/profile-flags.js';

const otherThanFile = Object.keys(profileFlags);

export default class ProfileSet extends FleetCommand<typeof ProfileSet> {
  static override summary = 'Install a charging profile: how much cars may take, and when';
  static override description =
    `The profile is checked against what each station says it takes (levels, periods, unit, number of profiles) before
anything is sent. A new one takes the place of one with the same purpose, level and connector. What cannot be said in
flags can be said in a file, in YAML or JSON, with the names of OCPP:

  chargingProfilePurpose: TxDefaultProfile
  stackLevel: 1
  recurrencyKind: Daily
  chargingSchedule:
    startSchedule: 2026-11-20T06:00:00Z
    chargingRateUnit: A
    chargingSchedulePeriod:
      - { startPeriod: 0, limit: 10 }
      - { startPeriod: 43200, limit: 32, numberPhases: 1 }`;
  static override examples = [
    '<%= config.bin %> profile set CP001 --limit 16',
    '<%= config.bin %> profile set CP001 --purpose ChargePointMaxProfile --limit 22000 --unit W',
    '<%= config.bin %> profile set CP001 --session 42 --period 0=32A,1h=16A,3h=6A',
    '<%= config.bin %> profile set --site Solna --period 0=32A,6h=10A,22h=32A --recurrency daily --start today',
    '<%= config.bin %> profile set -l vendor=Acme --file night.yaml',
  ];
  static override args = { station: Args.string({ description: 'Id of a station; more may follow' }) };
  static override strict = false;
  static override flags = withEnv({
    ...withOwnEnv('profile', {
      file: Flags.string({
        char: 'f',
        helpValue: '<file|->',
        exclusive: otherThanFile,
        summary: 'The profile in a file, YAML or JSON; - for standard input.',
      }),
      connector: integer({
        min: 0,
        max: 1000,
        summary: 'Connector it is for; the whole station when left out, or where the session runs.',
      }),
      session: Flags.string({
        summary: 'Session or transaction id that a TxProfile is for; the running one otherwise.',
      }),
    }),
    ...profileFlags,
    ...timeoutFlag,
    ...bulkFlags,
  });

  async run() {
    const { file, connector, session, timeout: timeoutMs } = this.flags;
    const now = this.terminal.now();
    const purpose = session === undefined ? ('TxDefaultProfile' as const) : ('TxProfile' as const);
    const profile =
      file === undefined
        ? profileFromFlags(this.flags, { purpose, now })
        : await readProfileFile(file, '--file', { signal: this.signal, now });
    return runBulk(this, {
      stationIds: this.words,
      run: (fleet, bulk) =>
        fleet.batches('profile.set', { ...bulk, connector, session, profile: { ...profile }, timeoutMs }),
      done: 'accepted',
    });
  }
}
