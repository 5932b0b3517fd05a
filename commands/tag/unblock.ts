import { Args } from '@oclif/core';
import { FleetCommand } from '../../src/cli/base-command.js';
import { withEnv } from '../../src/cli/flags/flags.js';
import { decimalFlags, meantTag } from '../../src/cli/flags/tag-flags.js';

export default class TagUnblock extends FleetCommand<typeof TagUnblock> {
  static override summary = 'Accept a blocked tag again';
  static override examples = [
    '<%= config.bin %> tag unblock 04A2B3C4',
    '<%= config.bin %> tag unblock 77771716 --decimal',
    '<%= config.bin %> tag unblock 04A2B3C4 --json',
  ];
  static override args = { tag: Args.string({ required: true, description: 'The tag' }) };
  static override flags = withEnv(decimalFlags);

  async run() {
    const fleet = await this.fleet();
    const tag = await fleet.run('tag.unblock', { tag: meantTag(this.args.tag, this.flags) });
    this.say(tag.changed ? `Unblocked tag ${tag.tag}.` : `Tag ${tag.tag} is not blocked.`);
    return tag;
  }
}
