import { Args } from '@oclif/core';
import { FleetCommand } from '../../src/cli/base-command.js';
import { groupRecord } from '../../src/views/group.js';

export default class GroupShow extends FleetCommand<typeof GroupShow> {
  static override summary = 'Show a group with its stations';
  static override examples = [
    '<%= config.bin %> group show depot',
    '<%= config.bin %> group show depot --json',
  ];
  static override args = { name: Args.string({ required: true, description: 'Name of the group' }) };

  async run() {
    const fleet = await this.fleet();
    return this.printRecord(await fleet.run('group.show', { name: this.args.name }), groupRecord);
  }
}
