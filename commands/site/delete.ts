import { Args } from '@oclif/core';
import { FleetCommand } from '../../src/cli/base-command.js';
import { ignoreNotFoundFlag, withEnv, yesFlag } from '../../src/cli/flags/flags.js';
import { deletedLine } from '../../src/cli/outcome.js';
import { confirm } from '../../src/cli/prompt.js';

export default class SiteDelete extends FleetCommand<typeof SiteDelete> {
  static override summary = 'Delete an empty site';
  static override examples = [
    '<%= config.bin %> site delete Solna',
    '<%= config.bin %> site delete Solna --yes --ignore-not-found',
  ];
  static override args = { name: Args.string({ required: true, description: 'Name of the site' }) };
  static override flags = withEnv({ ...yesFlag, ...ignoreNotFoundFlag });

  async run() {
    const what = `site ${this.args.name}`;
    await confirm(this, `Delete ${what}?`);
    const fleet = await this.fleet();
    const ignoreNotFound = this.flags['ignore-not-found'];
    const { deleted } = await fleet.run('site.delete', { name: this.args.name, ignoreNotFound });
    this.say(deletedLine(deleted, what));
    return { name: this.args.name, deleted };
  }
}
