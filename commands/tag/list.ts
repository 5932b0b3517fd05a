import { FleetCommand } from '../../src/cli/base-command.js';
import { listFlags, withEnv } from '../../src/cli/flags/flags.js';
import { tagFilter, tagFilterFlags } from '../../src/cli/flags/tag-filter.js';
import { tagList } from '../../src/views/tag.js';

export default class TagList extends FleetCommand<typeof TagList> {
  static override summary = 'List tags';
  static override examples = [
    '<%= config.bin %> tag list',
    '<%= config.bin %> tag list --user ada@example.org',
    '<%= config.bin %> tag list --site Solna --status blocked',
    '<%= config.bin %> tag list --csv > tags.csv',
  ];
  static override flags = withEnv({ ...tagFilterFlags, ...listFlags });

  async run() {
    const fleet = await this.fleet();
    const list = await fleet.run('tag.list', { ...tagFilter(this.flags), ...this.listQuery(this.flags) });
    return this.printList(this.flags, list, tagList);
  }
}
