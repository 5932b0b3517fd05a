import { Args, Flags } from '@oclif/core';
import { FleetCommand } from '../../src/cli/base-command.js';
import { bulkFlags, runBulk } from '../../src/cli/bulk.js';
import {
  durationFlag,
  instantFlag,
  integer,
  timeoutFlag,
  withEnv,
  withOwnEnv,
  yesFlag,
} from '../../src/cli/flags/flags.js';
import { transferProtocols } from '../../src/domain/station/file-exchange.js';

export default class FirmwareUpdate extends FleetCommand<typeof FirmwareUpdate> {
  static override summary = 'Update the firmware of stations, wave by wave';
  static override description =
    `Each station gets the image for its vendor and model. With --canary and --wave a few go first, and the next wave begins
when every station of the one before was judged; after more than --max-failures failures no more are told. A station has
succeeded once it boots with the new version, whatever it reported. Without --wait the command ends when the first wave
was told; the rollout goes on in the server, also after a restart of it: firmware status shows how far it is.`;
  static override examples = [
    '<%= config.bin %> firmware update CP001 --version 1.5.0 --wait',
    '<%= config.bin %> firmware update -l vendor=Acme --version 1.5.0 --canary 5 --wave 50 --max-failures 2 --yes',
    '<%= config.bin %> firmware update --site Solna --version 1.5.0 --at 2026-12-01T02:00 --retries 3 --retry-interval 5m',
    '<%= config.bin %> firmware update CP001 --version 1.5.0 --signed --protocol http',
  ];
  static override args = { station: Args.string({ description: 'Id of a station; more may follow' }) };
  static override strict = false;
  static override flags = withEnv({
    ...withOwnEnv('firmware', {
      version: Flags.string({ required: true, summary: 'Version to install.' }),
    }),
    at: instantFlag({
      towards: 'future',
      summary: 'When stations may begin to download; at once when left out.',
    }),
    retries: integer({ min: 0, max: 100, summary: 'How often a station tries to download again.' }),
    'retry-interval': durationFlag({
      minMs: 1000,
      maxMs: 86_400_000,
      summary: 'How long a station waits before it tries again.',
    }),
    signed: Flags.boolean({ default: false, summary: 'Have the station check the signature of the image.' }),
    protocol: Flags.option({
      options: transferProtocols,
      default: 'http' as const,
      summary: 'How stations fetch the image.',
    })(),
    ...withOwnEnv('firmware', {
      force: Flags.boolean({
        default: false,
        summary: 'Also for another model, the same version, or in place of an update under way.',
      }),
    }),
    canary: integer({ min: 1, max: 20_000, summary: 'How many stations go first.' }),
    wave: integer({ min: 1, max: 20_000, summary: 'How many stations follow at a time; all when left out.' }),
    'max-failures': integer({ default: 0, min: 0, max: 20_000, summary: 'How many stations may fail.' }),
    wait: Flags.boolean({ default: false, allowNo: true, summary: 'Wait until every station was judged.' }),
    ...timeoutFlag,
    ...yesFlag,
    ...bulkFlags,
  });

  async run() {
    const { version, at, retries, signed, protocol, force, canary, wave, wait, timeout } = this.flags;
    const retryMs = this.flags['retry-interval'];
    const order = {
      ...{ version, at, retries, signed, protocol, force, canary, wave, wait, timeoutMs: timeout },
      retryIntervalS: retryMs === undefined ? undefined : Math.round(retryMs / 1000),
      maxFailures: this.flags['max-failures'],
    };
    return runBulk(this, {
      stationIds: this.words,
      run: (fleet, bulk) => fleet.batches('firmware.update', { ...bulk, ...order }),
      question: (stations) => `Update ${stations} to firmware ${version}?`,
      done: wait ? 'updated' : 'accepted',
    });
  }
}
