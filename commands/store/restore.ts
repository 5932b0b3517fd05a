import { resolve } from 'node:path';
import { Args } from '@oclif/core';
import { FleetCommand } from '../../src/cli/base-command.js';
import { restoreStore } from '../../src/cli/closed-store.js';
import { withEnv, yesFlag } from '../../src/cli/flags/flags.js';
import { whileWaiting } from '../../src/cli/progress.js';
import { confirm } from '../../src/cli/prompt.js';
import { refuseServer } from '../../src/cli/remote/server-choice.js';
import { inBytes } from '../../src/views/format.js';

export default class StoreRestore extends FleetCommand<typeof StoreRestore> {
  static override summary = 'Put a backup in the place of the store';
  static override description =
    'The server must not be running. The backup is verified before anything is touched; the store that was there is kept aside.';
  static override examples = [
    '<%= config.bin %> store restore fleet.db',
    '<%= config.bin %> store restore fleet.db --data-dir /var/lib/evfleet --yes',
  ];
  static override args = {
    file: Args.string({ required: true, description: 'File that store backup wrote' }),
  };
  static override flags = withEnv(yesFlag);

  async run() {
    refuseServer(
      this.server,
      'A store is restored on its own machine, while the server there is not running.',
    );
    const file = resolve(this.args.file);
    await confirm(this, `Replace the store in ${this.dataDir} by ${file}?`);
    const result = await whileWaiting(
      this,
      'Restoring',
      'evfleet store check tells which store is there.',
      () => restoreStore(this.storeOptions, file),
    );
    const kept = result.keptIn === null ? '' : ` What was there is kept in ${result.keptIn}.`;
    this.say(`Restored ${inBytes(result.bytes)} from ${file}.${kept}`);
    return result;
  }
}
