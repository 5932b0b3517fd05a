import { FleetCommand } from '../../src/cli/base-command.js';
import { whileWaiting } from '../../src/cli/progress.js';
import { plural } from '../../src/domain/plural.js';
import { inBytes } from '../../src/views/format.js';

export default class StoreCompact extends FleetCommand<typeof StoreCompact> {
  static override summary = 'Fold the journal into the snapshot';
  static override description =
    'A running server does it by itself when the journal has grown, in a thread of its own, and answers stations meanwhile.';
  static override examples = ['<%= config.bin %> store compact', '<%= config.bin %> store compact --json'];

  async run() {
    const fleet = await this.fleet();
    const result = await whileWaiting(
      this,
      'Folding the journal',
      'The store is as it was; a server that had begun goes on.',
      () => fleet.run('store.compact', {}),
    );
    const { segments, snapshotBytes, durationMs } = result;
    this.say(
      `Folded ${plural(segments, 'journal segment')} into a snapshot of ${inBytes(snapshotBytes)} in ${durationMs} ms.`,
    );
    return result;
  }
}
