import { Flags } from '@oclif/core';
import { FleetCommand } from '../../src/cli/base-command.js';
import { withOwnEnv } from '../../src/cli/flags/flags.js';
import { givenPassword, lineOfFile } from '../../src/cli/password.js';
import { askSecret } from '../../src/cli/prompt.js';
import { FleetError } from '../../src/domain/errors.js';
import { changedPasswordLine } from '../../src/views/user.js';

export default class UserPassword extends FleetCommand<typeof UserPassword> {
  static override summary = 'Change your own password on a server elsewhere';
  static override description =
    'It asks for the old password and, twice, for the new one: at least 8 characters, among them a letter and a digit. Other logins with the old password end; API keys go on working. Passwords of others are changed by evfleet user update.';
  static override examples = [
    '<%= config.bin %> user password',
    '<%= config.bin %> user password --server https://fleet.example.com:9223',
    '<%= config.bin %> user password --old-password-file old.txt --password-file new.txt',
  ];
  static override flags = withOwnEnv('user', {
    'old-password-file': Flags.string({
      helpValue: '<file>',
      summary: 'The old password is the line in this file; asked for when left out.',
    }),
    'password-stdin': Flags.boolean({
      default: false,
      exclusive: ['password-file'],
      summary: 'The new password is the line on standard input.',
    }),
    'password-file': Flags.string({
      helpValue: '<file>',
      summary: 'The new password is the line in this file; asked for when left out.',
    }),
  });

  async run() {
    if (!this.server) {
      throw new FleetError('USAGE', 'Nobody is logged in on the machine of the fleet itself.', {
        suggestions: [
          'evfleet user password --server https://fleet.example.com:9223',
          'evfleet user update EMAIL --ask-password',
        ],
      });
    }
    const { interactive, signal } = this;
    const fleet = await this.fleet();
    const { name } = await fleet.run('auth.whoami', {});
    const file = this.flags['old-password-file'];
    const oldPassword =
      file === undefined
        ? await askSecret(this, `Old password of ${name}`, '--old-password-file')
        : await lineOfFile(file, '--old-password-file', signal);
    const isGiven = this.flags['password-stdin'] || this.flags['password-file'] !== undefined;
    const flags = { ...this.flags, 'ask-password': !isGiven };
    const newPassword = (await givenPassword({ interactive, signal, flags }, name)) ?? '';
    const changed = await fleet.run('auth.password', { oldPassword, newPassword });
    this.say(changedPasswordLine(changed.email, changed.loginsEnded));
    return changed;
  }
}
