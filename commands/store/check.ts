import { FleetCommand } from '../../src/cli/base-command.js';
import { whileWaiting } from '../../src/cli/progress.js';
import { errorCatalogue } from '../../src/domain/errors.js';
import { renderCheck } from '../../src/views/store.js';

export default class StoreCheck extends FleetCommand<typeof StoreCheck> {
  static override summary = 'Verify the store on the disk, without changing anything';
  static override description =
    'Checksums and continuity of the journal, integrity and references of the database. Ends with 1 when something is wrong.';
  static override examples = [
    '<%= config.bin %> store check',
    '<%= config.bin %> store check --json | jq .problems',
  ];

  async run() {
    const { checkStore } = await import('../../src/cli/closed-store.js');
    const check = await whileWaiting(this, 'Checking the store', 'The check is not complete.', () =>
      checkStore(this.storeOptions),
    );
    await this.print(renderCheck(check, this.terminal));
    if (!check.ok) process.exitCode = errorCatalogue.STORE_DAMAGED.exit;
    return check;
  }
}
