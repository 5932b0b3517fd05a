import { Flags } from '@oclif/core';
import { FleetCommand } from '../../src/cli/base-command.js';
import { instantFlag, withEnv, withOwnEnv } from '../../src/cli/flags/flags.js';
import { createdKeyLines } from '../../src/views/api-key.js';

export default class ApiKeyCreate extends FleetCommand<typeof ApiKeyCreate> {
  static override summary = 'Create an API key, which can do what its user can; it is shown this once';
  static override description =
    'With a key in EVFLEET_API_KEY, evfleet --server URL runs every command on a server elsewhere. Only the key goes to stdout. Into a file it goes by --output, so that nobody else can read it.';
  static override examples = [
    '<%= config.bin %> api-key create --user ada@example.org --label laptop --expires 90d',
    '<%= config.bin %> api-key create --user reports@example.org --read-only --output ~/.evfleet-key',
    '<%= config.bin %> api-key create --user ada@example.org --json',
  ];
  static override flags = withEnv({
    ...withOwnEnv('api-key', {
      user: Flags.string({ helpValue: '<email>', summary: 'Whose key it is; your own when left out.' }),
      label: Flags.string({ summary: 'What it is for.' }),
      expires: instantFlag({ summary: 'Good until then, for example 90d or 2027-01-01.', towards: 'future' }),
      'read-only': Flags.boolean({ default: false, summary: 'It may look, but change nothing.' }),
      output: Flags.string({
        char: 'o',
        helpValue: '<file>',
        summary: 'New file for the key, which only you can read, for --api-key-file; stdout when left out.',
      }),
      force: Flags.boolean({ default: false, summary: 'Replace that file when it exists.' }),
    }),
  });

  async run() {
    const { user, label, expires: expiresAt, 'read-only': readOnly, output, force } = this.flags;
    const fleet = await this.fleet();
    const create = () => fleet.run('api-key.create', { user, label, expiresAt, readOnly });
    if (output === undefined) {
      const created = await create();
      await this.print(`${created.key}\n`);
      for (const line of createdKeyLines(created, this.terminal)) this.say(line);
      return created;
    }
    const { newSecretFile } = await import('../../src/cli/files/secret-file.js');
    const secret = await newSecretFile(output, { force });
    const { key, ...created } = await create().catch(async (error: unknown) => {
      await secret.discard();
      throw error;
    });
    await secret.write(`${key}\n`).catch(async (error: unknown) => {
      // A key that nobody has must not live on.
      await fleet.run('api-key.revoke', { ids: [created.id] });
      throw error;
    });
    for (const line of createdKeyLines({ ...created, file: secret.file }, this.terminal)) this.say(line);
    return { ...created, file: secret.file };
  }
}
