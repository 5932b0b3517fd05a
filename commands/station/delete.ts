import { Args } from '@oclif/core';
import { FleetCommand } from '../../src/cli/base-command.js';
import { ignoreNotFoundFlag, withEnv, yesFlag } from '../../src/cli/flags/flags.js';
import { deletedLine } from '../../src/cli/outcome.js';
import { confirm } from '../../src/cli/prompt.js';

export default class StationDelete extends FleetCommand<typeof StationDelete> {
  static override summary = 'Delete a station; its sessions are kept';
  static override examples = [
    '<%= config.bin %> station delete CP001',
    '<%= config.bin %> station delete CP001 --yes --ignore-not-found',
  ];
  static override args = { id: Args.string({ required: true, description: 'Id of the station' }) };
  static override flags = withEnv({ ...yesFlag, ...ignoreNotFoundFlag });

  async run() {
    const what = `station ${this.args.id}`;
    await confirm(this, `Delete ${what}? Only its sessions are kept.`);
    const fleet = await this.fleet();
    const ignoreNotFound = this.flags['ignore-not-found'];
    const { deleted } = await fleet.run('station.delete', { id: this.args.id, ignoreNotFound });
    this.say(deletedLine(deleted, what));
    return { id: this.args.id, deleted };
  }
}
