import { FleetCommand } from '../../src/cli/base-command.js';
import { listFlags, withEnv } from '../../src/cli/flags/flags.js';
import { uidOfPairs } from '../../src/domain/charging/tag-number.js';
import { quoteForShell } from '../../src/domain/shell.js';
import { unknownTagList } from '../../src/views/tag.js';

export default class TagUnknown extends FleetCommand<typeof TagUnknown> {
  static override summary = 'List tags that were refused because nobody knows them, newest first';
  static override examples = [
    '<%= config.bin %> tag unknown',
    '<%= config.bin %> tag unknown --filter stationId=CP001 --json',
    '<%= config.bin %> tag unknown --limit 1 -q',
  ];
  static override flags = withEnv(listFlags);

  async run() {
    const fleet = await this.fleet();
    const list = await fleet.run('tag.unknown', this.listQuery(this.flags));
    const printed = await this.printList(this.flags, list, unknownTagList);
    const [newest] = list.items;
    // Where ids are wanted, nobody reads along.
    if (newest && !this.flags.quiet) {
      const asItIs = uidOfPairs(newest.tag) === undefined ? '' : ' --as-written';
      this.say(`Adopt one with: evfleet tag create ${quoteForShell(newest.tag)}${asItIs}`);
    }
    return printed;
  }
}
