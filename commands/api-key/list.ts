import { Flags } from '@oclif/core';
import { FleetCommand } from '../../src/cli/base-command.js';
import { listFlags, withEnv } from '../../src/cli/flags/flags.js';
import { apiKeyList } from '../../src/views/api-key.js';

export default class ApiKeyList extends FleetCommand<typeof ApiKeyList> {
  static override summary = 'List API keys, those that are over included';
  static override examples = [
    '<%= config.bin %> api-key list',
    '<%= config.bin %> api-key list --user ada@example.org',
    '<%= config.bin %> api-key list --filter status=active --sort lastUsed',
  ];
  static override flags = withEnv({
    user: Flags.string({ helpValue: '<email>', summary: "Only this user's." }),
    ...listFlags,
  });

  async run() {
    const fleet = await this.fleet();
    const list = await fleet.run('api-key.list', { ...this.listQuery(this.flags), user: this.flags.user });
    return this.printList(this.flags, list, apiKeyList);
  }
}
