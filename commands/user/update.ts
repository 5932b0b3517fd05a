import { Args, Flags } from '@oclif/core';
import { FleetCommand } from '../../src/cli/base-command.js';
import { withOwnEnv } from '../../src/cli/flags/flags.js';
import { emailArg, personFlags, personInput, roleFlag } from '../../src/cli/flags/user-flags.js';
import { givenPassword, passwordFlags } from '../../src/cli/password.js';
import { updatedUserLine } from '../../src/views/user.js';

export default class UserUpdate extends FleetCommand<typeof UserUpdate> {
  static override summary = 'Change a user; it counts at once, for API keys that are in use too';
  static override examples = [
    '<%= config.bin %> user update ada@example.org --role support --site Solna',
    '<%= config.bin %> user update ada@example.org --disable',
    '<%= config.bin %> user update ada@example.org --ask-password',
    '<%= config.bin %> user update ada@example.org --email ada.berg@example.org --no-email-at-alarm',
  ];
  static override args = { email: Args.string(emailArg) };
  // With names of their own: what stands in the environment for lists must not change anybody.
  static override flags = withOwnEnv('user', {
    email: Flags.string({ summary: 'New e-mail address.' }),
    ...personFlags,
    role: roleFlag(),
    site: Flags.string({
      multiple: true,
      multipleNonGreedy: true,
      exclusive: ['no-sites'],
      summary: 'A site that the user is for from now on, instead of those before; repeat it for more.',
    }),
    'no-sites': Flags.boolean({
      default: false,
      summary: 'The user is for no site in particular; support is then for all.',
    }),
    disable: Flags.boolean({
      default: false,
      exclusive: ['enable'],
      summary: 'Keys, tags and password do not work any more.',
    }),
    enable: Flags.boolean({ default: false, summary: 'They work again.' }),
    ...passwordFlags,
    'remove-password': Flags.boolean({
      default: false,
      exclusive: ['password-stdin', 'password-file', 'ask-password'],
      summary: 'The user cannot log in any more; API keys go on working.',
    }),
  });

  async run() {
    const { email, role, site, disable, enable } = this.flags;
    const password = this.flags['remove-password'] ? null : await givenPassword(this, this.args.email);
    const fleet = await this.fleet();
    const { item, loginsEnded } = await fleet.run('user.update', {
      email: this.args.email,
      newEmail: email,
      ...personInput(this.flags),
      role,
      sites: this.flags['no-sites'] ? [] : site,
      disabled: disable || enable ? disable : undefined,
      password,
    });
    this.say(updatedUserLine(item.email, loginsEnded));
    return item;
  }
}
