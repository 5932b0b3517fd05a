import { Flags } from '@oclif/core';
import { FleetCommand } from '../../src/cli/base-command.js';
import { listFlags, withEnv } from '../../src/cli/flags/flags.js';
import { floorList } from '../../src/views/floor.js';

export default class FloorList extends FleetCommand<typeof FloorList> {
  static override summary = 'List floors';
  static override examples = [
    '<%= config.bin %> floor list',
    '<%= config.bin %> floor list --site Solna --json',
  ];
  static override flags = withEnv({
    site: Flags.string({ summary: 'Only the floors of this site.' }),
    ...listFlags,
  });

  async run() {
    const fleet = await this.fleet();
    const list = await fleet.run('floor.list', { site: this.flags.site, ...this.listQuery(this.flags) });
    return this.printList(this.flags, list, floorList);
  }
}
