import { FleetCommand } from '../../src/cli/base-command.js';
import { listFlags, withEnv } from '../../src/cli/flags/flags.js';
import { groupList } from '../../src/views/group.js';

export default class GroupList extends FleetCommand<typeof GroupList> {
  static override summary = 'List groups of stations';
  static override examples = ['<%= config.bin %> group list', '<%= config.bin %> group list -q'];
  static override flags = withEnv(listFlags);

  async run() {
    const fleet = await this.fleet();
    const list = await fleet.run('group.list', this.listQuery(this.flags));
    return this.printList(this.flags, list, groupList);
  }
}
