import { FleetCommand } from '../../src/cli/base-command.js';
import { listFlags, withEnv } from '../../src/cli/flags.js';
import { unknownTagList } from '../../src/views/tag.js';

export default class TagUnknown extends FleetCommand<typeof TagUnknown> {
  static override summary = 'List tags that were refused because nobody knows them';
  static override examples = [
    '<%= config.bin %> tag unknown',
    '<%= config.bin %> tag unknown --filter stationId=CP001 --json',
  ];
  static override flags = withEnv(listFlags);

  async run() {
    const fleet = await this.fleet();
    const list = await fleet.run('tag.unknown', this.listQuery(this.flags));
    return this.printList(this.flags, list, unknownTagList);
  }
}
