import { Args } from '@oclif/core';
import { FleetCommand } from '../../src/cli/base-command.js';
import { withEnv, yesFlag } from '../../src/cli/flags/flags.js';
import { confirm } from '../../src/cli/prompt.js';
import { plural } from '../../src/domain/plural.js';

export default class ApiKeyRevoke extends FleetCommand<typeof ApiKeyRevoke> {
  static override summary = 'Revoke API keys, which then do not work any more; all of them or none';
  static override examples = [
    '<%= config.bin %> api-key revoke k3v9x2m7q4ab',
    '<%= config.bin %> api-key revoke k3v9x2m7q4ab p5w8z1n6t3cd --yes',
  ];
  static override args = {
    id: Args.string({ required: true, description: 'Id of the key, as in api-key list; more may follow' }),
  };
  static override strict = false;
  static override flags = withEnv(yesFlag);

  async run() {
    const ids = [...this.words];
    const what = ids.length === 1 ? 'this API key' : `these ${plural(ids.length, 'API key')}`;
    await confirm(this, `Revoke ${what}? Whatever uses it stops working.`);
    const fleet = await this.fleet();
    const revoked = await fleet.run('api-key.revoke', { ids });
    for (const { id, user, changed } of revoked) {
      this.say(
        changed ? `Revoked API key ${id} of ${user}.` : `API key ${id} of ${user} is revoked already.`,
      );
    }
    return revoked;
  }
}
