import { Args } from '@oclif/core';
import { FleetCommand } from '../../src/cli/base-command.js';
import { firstFew } from '../../src/views/first-few.js';

export default class GroupAdd extends FleetCommand<typeof GroupAdd> {
  static override summary = 'Add stations to a group';
  static override examples = [
    '<%= config.bin %> group add depot CP001 CP002',
    '<%= config.bin %> group add depot $(<%= config.bin %> station list --site Solna -q)',
  ];
  static override args = {
    name: Args.string({ required: true, description: 'Name of the group' }),
    station: Args.string({ required: true, description: 'Id of a station; more may follow' }),
  };
  static override strict = false;

  async run() {
    const fleet = await this.fleet();
    const stationIds = this.words.slice(1);
    const group = await fleet.run('group.add', { name: this.args.name, stationIds });
    const added = firstFew(stationIds);
    this.say(`Added ${added} to group ${group.name}; it has ${group.stations.length} now.`);
    return group;
  }
}
