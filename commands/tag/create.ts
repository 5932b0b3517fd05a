import { Args, Flags } from '@oclif/core';
import { FleetCommand } from '../../src/cli/base-command.js';
import { ifExistsFlag, instantFlag, withEnv } from '../../src/cli/flags.js';
import { createdLine } from '../../src/cli/outcome.js';

export default class TagCreate extends FleetCommand<typeof TagCreate> {
  static override summary = 'Create a tag: whoever shows it may charge';
  static override examples = [
    '<%= config.bin %> tag create 04A2B3C4',
    '<%= config.bin %> tag create 04A2B3C4 --label "Pool car 7" --expires 365d',
    '<%= config.bin %> tag create 04A2B3C4 --if-exists skip',
  ];
  static override args = {
    tag: Args.string({
      required: true,
      description: 'The tag as the reader reads it, at most 20 characters',
    }),
  };
  static override flags = withEnv({
    label: Flags.string({ summary: 'What is written on it, or whose it is.' }),
    expires: instantFlag({
      summary: 'Accepted until then, for example 2027-01-01 or 90d.',
      towards: 'future',
    }),
    parent: Flags.string({ summary: "Parent tag: tags of one parent may stop each other's sessions." }),
    ...ifExistsFlag,
  });

  async run() {
    const fleet = await this.fleet();
    const { outcome, item } = await fleet.run('tag.create', {
      tag: this.args.tag,
      label: this.flags.label,
      expiresAt: this.flags.expires,
      parent: this.flags.parent,
      ifExists: this.flags['if-exists'],
    });
    this.say(createdLine(outcome, `tag ${item.tag}`));
    return item;
  }
}
