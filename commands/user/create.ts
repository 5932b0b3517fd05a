import { Args, Flags } from '@oclif/core';
import { FleetCommand } from '../../src/cli/base-command.js';
import { ifExistsFlag, withEnv, withOwnEnv } from '../../src/cli/flags/flags.js';
import { emailArg, personFlags, personInput, roleFlag } from '../../src/cli/flags/user-flags.js';
import { createdLine } from '../../src/cli/outcome.js';
import { givenPassword, passwordFlags } from '../../src/cli/password.js';

export default class UserCreate extends FleetCommand<typeof UserCreate> {
  static override summary = 'Create a user';
  static override description =
    'Without a password the user cannot log in; API keys and tags work all the same. A password has at least 8 characters, among them a letter and a digit.';
  static override examples = [
    '<%= config.bin %> user create ada@example.org --first-name Ada --last-name Berg',
    '<%= config.bin %> user create bo@example.org --role site-admin --site Solna --site Kista --ask-password',
    '<%= config.bin %> user create cy@example.org --role admin --password-stdin < password.txt',
  ];
  static override args = { email: Args.string(emailArg) };
  static override flags = withEnv({
    // With names of their own, as in user update.
    ...withOwnEnv('user', {
      ...personFlags,
      role: roleFlag({ defaultHelp: async () => 'driver' }),
      site: Flags.string({
        multiple: true,
        multipleNonGreedy: true,
        summary: 'A site that the user is for; repeat it for more.',
      }),
      ...passwordFlags,
    }),
    ...ifExistsFlag,
  });

  async run() {
    const { role, site: sites } = this.flags;
    const password = await givenPassword(this, this.args.email);
    const fleet = await this.fleet();
    const { outcome, item } = await fleet.run('user.create', {
      email: this.args.email,
      ...personInput(this.flags),
      role,
      sites,
      password,
      ifExists: this.flags['if-exists'],
    });
    this.say(createdLine(outcome, `user ${item.email}`));
    return item;
  }
}
