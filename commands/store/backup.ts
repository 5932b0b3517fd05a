import { resolve } from 'node:path';
import { Args, Flags } from '@oclif/core';
import { FleetCommand } from '../../src/cli/base-command.js';
import { withEnv, withOwnEnv } from '../../src/cli/flags/flags.js';
import { whileWaiting } from '../../src/cli/progress.js';
import { inBytes } from '../../src/views/format.js';

export default class StoreBackup extends FleetCommand<typeof StoreBackup> {
  static override summary = 'Write a consistent copy of the store';
  static override description =
    'A plain SQLite file with everything that was acknowledged until now, also while the server runs. `store restore` brings it back.';
  static override examples = [
    '<%= config.bin %> store backup fleet.db',
    '<%= config.bin %> store backup /var/backups/evfleet/fleet.db --force',
  ];
  static override args = { file: Args.string({ required: true, description: 'File to write' }) };
  static override flags = withEnv({
    ...withOwnEnv('store', {
      force: Flags.boolean({ default: false, summary: 'Replace the file when it exists.' }),
    }),
  });

  async run() {
    const fleet = await this.fleet();
    const file = resolve(this.args.file);
    const result = await whileWaiting(
      this,
      'Backing up',
      'No backup was written, unless a server had begun.',
      () => fleet.run('store.backup', { file, replace: this.flags.force }),
    );
    this.say(`Backed up to ${result.file}, ${inBytes(result.bytes)}.`);
    return result;
  }
}
