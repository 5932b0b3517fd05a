import { Args } from '@oclif/core';
import { FleetCommand } from '../../src/cli/base-command.js';
import { firstFew } from '../../src/views/first-few.js';

export default class GroupRemove extends FleetCommand<typeof GroupRemove> {
  static override summary = 'Remove stations from a group';
  static override examples = [
    '<%= config.bin %> group remove depot CP001 CP002',
    '<%= config.bin %> group remove depot $(<%= config.bin %> station list --site Solna -q)',
  ];
  static override args = {
    name: Args.string({ required: true, description: 'Name of the group' }),
    station: Args.string({ required: true, description: 'Id of a station; more may follow' }),
  };
  static override strict = false;

  async run() {
    const fleet = await this.fleet();
    const stationIds = this.words.slice(1);
    const group = await fleet.run('group.remove', { name: this.args.name, stationIds });
    const removed = firstFew(stationIds);
    this.say(`Removed ${removed} from group ${group.name}; it has ${group.stations.length} now.`);
    return group;
  }
}
