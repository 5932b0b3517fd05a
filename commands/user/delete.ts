import { Args } from '@oclif/core';
import { FleetCommand } from '../../src/cli/base-command.js';
import { ignoreNotFoundFlag, withEnv, yesFlag } from '../../src/cli/flags/flags.js';
import { emailArg } from '../../src/cli/flags/user-flags.js';
import { deletedLine } from '../../src/cli/outcome.js';
import { confirm } from '../../src/cli/prompt.js';

export default class UserDelete extends FleetCommand<typeof UserDelete> {
  static override summary = 'Delete a user who has no tags; their sessions are kept, their API keys are not';
  static override examples = [
    '<%= config.bin %> user delete ada@example.org',
    '<%= config.bin %> user delete ada@example.org --yes --ignore-not-found',
  ];
  static override args = { email: Args.string(emailArg) };
  static override flags = withEnv({ ...yesFlag, ...ignoreNotFoundFlag });

  async run() {
    const { email } = this.args;
    await confirm(this, `Delete user ${email} and their API keys? Sessions are kept.`);
    const fleet = await this.fleet();
    const ignoreNotFound = this.flags['ignore-not-found'];
    const { deleted } = await fleet.run('user.delete', { email, ignoreNotFound });
    this.say(deletedLine(deleted, `user ${email}`));
    return { email, deleted };
  }
}
