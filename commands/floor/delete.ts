import { Args, Flags } from '@oclif/core';
import { FleetCommand } from '../../src/cli/base-command.js';
import { ignoreNotFoundFlag, withEnv, withOwnEnv, yesFlag } from '../../src/cli/flags/flags.js';
import { deletedLine } from '../../src/cli/outcome.js';
import { confirm } from '../../src/cli/prompt.js';

export default class FloorDelete extends FleetCommand<typeof FloorDelete> {
  static override summary = 'Delete an empty floor';
  static override examples = [
    '<%= config.bin %> floor delete P1 --site Solna',
    '<%= config.bin %> floor delete P1 --site Solna --yes',
  ];
  static override args = { name: Args.string({ required: true, description: 'Name of the floor' }) };
  static override flags = withEnv({
    ...withOwnEnv('floor', {
      site: Flags.string({ required: true, summary: 'Site of the floor.' }),
    }),
    ...yesFlag,
    ...ignoreNotFoundFlag,
  });

  async run() {
    const what = `floor ${this.args.name}`;
    await confirm(this, `Delete ${what} of ${this.flags.site}?`);
    const fleet = await this.fleet();
    const ignoreNotFound = this.flags['ignore-not-found'];
    const { deleted } = await fleet.run('floor.delete', {
      name: this.args.name,
      site: this.flags.site,
      ignoreNotFound,
    });
    this.say(deletedLine(deleted, what));
    return { name: this.args.name, deleted };
  }
}
