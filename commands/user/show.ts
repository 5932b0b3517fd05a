import { Args } from '@oclif/core';
import { FleetCommand } from '../../src/cli/base-command.js';
import { emailArg } from '../../src/cli/flags/user-flags.js';
import { userRecord } from '../../src/views/user.js';

export default class UserShow extends FleetCommand<typeof UserShow> {
  static override summary = 'Show a user with their tags';
  static override examples = [
    '<%= config.bin %> user show ada@example.org',
    '<%= config.bin %> user show ada@example.org --json',
  ];
  static override args = { email: Args.string(emailArg) };

  async run() {
    const fleet = await this.fleet();
    return this.printRecord(await fleet.run('user.show', { email: this.args.email }), userRecord);
  }
}
