import { Flags } from '@oclif/core';
import { FleetCommand } from '../../src/cli/base-command.js';
import { listFlags, withEnv } from '../../src/cli/flags/flags.js';
import { roleFlag } from '../../src/cli/flags/user-flags.js';
import { userList } from '../../src/views/user.js';

export default class UserList extends FleetCommand<typeof UserList> {
  static override summary = 'List users';
  static override examples = [
    '<%= config.bin %> user list',
    '<%= config.bin %> user list --role site-admin --site Solna',
    '<%= config.bin %> user list --filter status=disabled --csv > disabled.csv',
  ];
  static override flags = withEnv({
    role: roleFlag({ summary: 'Only those with this role.' }),
    site: Flags.string({ summary: 'Only those who are for this site.' }),
    ...listFlags,
  });

  async run() {
    const { role, site } = this.flags;
    const fleet = await this.fleet();
    const list = await fleet.run('user.list', { ...this.listQuery(this.flags), role, site });
    return this.printList(this.flags, list, userList);
  }
}
