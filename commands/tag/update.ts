import { Args, Flags } from '@oclif/core';
import { FleetCommand } from '../../src/cli/base-command.js';
import { instantFlag, withEnv } from '../../src/cli/flags.js';
import { emptyToNull } from '../../src/cli/values.js';

export default class TagUpdate extends FleetCommand<typeof TagUpdate> {
  static override summary = 'Change a tag';
  static override examples = [
    '<%= config.bin %> tag update 04A2B3C4 --expires 30d',
    '<%= config.bin %> tag update 04A2B3C4 --no-expires --label ""',
  ];
  static override args = {
    tag: Args.string({ required: true, description: 'The tag' }),
  };
  static override flags = withEnv({
    label: Flags.string({ summary: 'What is written on it, or whose it is.' }),
    expires: instantFlag({
      summary: 'Accepted until then, for example 2027-01-01 or 90d.',
      towards: 'future',
    }),
    'no-expires': Flags.boolean({
      summary: 'It does not expire any more.',
      exclusive: ['expires'],
      default: false,
    }),
    parent: Flags.string({ summary: "Parent tag: tags of one parent may stop each other's sessions." }),
  });

  async run() {
    const fleet = await this.fleet();
    const item = await fleet.run('tag.update', {
      tag: this.args.tag,
      label: emptyToNull(this.flags.label),
      expiresAt: this.flags['no-expires'] ? null : this.flags.expires,
      parent: emptyToNull(this.flags.parent),
    });
    this.say(`Updated tag ${item.tag}.`);
    return item;
  }
}
