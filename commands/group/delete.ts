import { Args } from '@oclif/core';
import { FleetCommand } from '../../src/cli/base-command.js';
import { ignoreNotFoundFlag, withEnv, yesFlag } from '../../src/cli/flags/flags.js';
import { deletedLine } from '../../src/cli/outcome.js';
import { confirm } from '../../src/cli/prompt.js';

export default class GroupDelete extends FleetCommand<typeof GroupDelete> {
  static override summary = 'Delete a group; its stations stay';
  static override examples = [
    '<%= config.bin %> group delete depot',
    '<%= config.bin %> group delete depot --yes',
  ];
  static override args = { name: Args.string({ required: true, description: 'Name of the group' }) };
  static override flags = withEnv({ ...yesFlag, ...ignoreNotFoundFlag });

  async run() {
    const what = `group ${this.args.name}`;
    await confirm(this, `Delete ${what}? Its stations stay.`);
    const fleet = await this.fleet();
    const ignoreNotFound = this.flags['ignore-not-found'];
    const { deleted } = await fleet.run('group.delete', { name: this.args.name, ignoreNotFound });
    this.say(deletedLine(deleted, what));
    return { name: this.args.name, deleted };
  }
}
