import { Args } from '@oclif/core';
import { FleetCommand } from '../../src/cli/base-command.js';
import { withEnv } from '../../src/cli/flags/flags.js';
import { decimalFlags, meantTag } from '../../src/cli/flags/tag-flags.js';

export default class TagBlock extends FleetCommand<typeof TagBlock> {
  static override summary = 'Refuse a tag from now on';
  static override examples = [
    '<%= config.bin %> tag block 04A2B3C4',
    '<%= config.bin %> tag block 77771716 --decimal',
    '<%= config.bin %> tag block 04A2B3C4 --json',
  ];
  static override args = { tag: Args.string({ required: true, description: 'The tag' }) };
  static override flags = withEnv(decimalFlags);

  async run() {
    const fleet = await this.fleet();
    const tag = await fleet.run('tag.block', { tag: meantTag(this.args.tag, this.flags) });
    this.say(tag.changed ? `Blocked tag ${tag.tag}.` : `Tag ${tag.tag} is blocked already.`);
    return tag;
  }
}
