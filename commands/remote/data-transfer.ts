import { Args, Flags } from '@oclif/core';
import { FleetCommand } from '../../src/cli/base-command.js';
import { bulkFlags, runBulk } from '../../src/cli/bulk.js';
import { readText } from '../../src/cli/files/payload.js';
import { timeoutFlag, withEnv, withOwnEnv } from '../../src/cli/flags/flags.js';

export default class RemoteDataTransfer extends FleetCommand<typeof RemoteDataTransfer> {
  static override summary = "Send a vendor's own message to stations";
  static override description =
    'What a vendor and its messages are called, and what they carry, is in the manual of the station. The data is sent as text, as it is; JSON too.';
  static override examples = [
    '<%= config.bin %> remote data-transfer CP001 --vendor com.example --message-id Display --data Hello',
    '<%= config.bin %> remote data-transfer --group depot --vendor com.example --data @tariff.json',
    '<%= config.bin %> remote data-transfer CP001 --vendor com.example --data - < tariff.json',
  ];
  static override args = { station: Args.string({ description: 'Id of a station; more may follow' }) };
  static override strict = false;
  static override flags = withEnv({
    ...withOwnEnv('remote', {
      vendor: Flags.string({ required: true, summary: 'The vendor, usually a domain backwards.' }),
      'message-id': Flags.string({ helpValue: '<id>', summary: 'Which message of the vendor.' }),
      data: Flags.string({
        helpValue: '<text|@file|->',
        summary: 'The data: text, @ and the name of a file, or - for standard input.',
      }),
    }),
    ...timeoutFlag,
    ...bulkFlags,
  });

  async run() {
    const { vendor, 'message-id': messageId, data: source, timeout: timeoutMs } = this.flags;
    const data = source === undefined ? undefined : await readText('--data', source, this.signal);
    return runBulk(this, {
      stationIds: this.words,
      run: (fleet, bulk) =>
        fleet.batches('remote.data-transfer', { ...bulk, vendor, messageId, data, timeoutMs }),
    });
  }
}
