import { FleetCommand } from '../../src/cli/base-command.js';
import { listFlags, withEnv } from '../../src/cli/flags.js';
import { tagList } from '../../src/views/tag.js';

export default class TagList extends FleetCommand<typeof TagList> {
  static override summary = 'List tags';
  static override examples = [
    '<%= config.bin %> tag list',
    '<%= config.bin %> tag list --filter status=blocked',
    '<%= config.bin %> tag list --csv > tags.csv',
  ];
  static override flags = withEnv(listFlags);

  async run() {
    const fleet = await this.fleet();
    const list = await fleet.run('tag.list', this.listQuery(this.flags));
    return this.printList(this.flags, list, tagList);
  }
}
