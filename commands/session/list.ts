import { FleetCommand } from '../../src/cli/base-command.js';
import { listFlags, withEnv } from '../../src/cli/flags/flags.js';
import { sessionFilter, sessionFilterFlags } from '../../src/cli/flags/session-filter.js';
import { sessionList } from '../../src/views/session.js';

export default class SessionList extends FleetCommand<typeof SessionList> {
  static override summary = 'List charging sessions, newest first';
  static override examples = [
    '<%= config.bin %> session list',
    '<%= config.bin %> session list --state active',
    '<%= config.bin %> session list --user ada@example.com',
    '<%= config.bin %> session list --station CP001 --from "7d ago" --json',
  ];
  static override flags = withEnv({ ...sessionFilterFlags, ...listFlags });

  async run() {
    const fleet = await this.fleet();
    const query = { ...sessionFilter(this.flags), ...this.listQuery(this.flags) };
    return this.printList(this.flags, await fleet.run('session.list', query), sessionList);
  }
}
