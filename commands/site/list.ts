import { FleetCommand } from '../../src/cli/base-command.js';
import { listFlags, withEnv } from '../../src/cli/flags/flags.js';
import { siteList } from '../../src/views/site.js';

export default class SiteList extends FleetCommand<typeof SiteList> {
  static override summary = 'List sites';
  static override examples = [
    '<%= config.bin %> site list',
    '<%= config.bin %> site list --sort -stations',
    '<%= config.bin %> site list --csv > sites.csv',
  ];
  static override flags = withEnv(listFlags);

  async run() {
    const fleet = await this.fleet();
    const list = await fleet.run('site.list', this.listQuery(this.flags));
    return this.printList(this.flags, list, siteList);
  }
}
