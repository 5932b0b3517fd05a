import { Args } from '@oclif/core';
import { FleetCommand } from '../../src/cli/base-command.js';
import { withEnv } from '../../src/cli/flags/flags.js';
import { decimalFlags, meantTag } from '../../src/cli/flags/tag-flags.js';
import { tagRecord } from '../../src/views/tag.js';

export default class TagShow extends FleetCommand<typeof TagShow> {
  static override summary = 'Show a tag';
  static override examples = [
    '<%= config.bin %> tag show 04A2B3C4',
    '<%= config.bin %> tag show 77771716 --decimal',
    '<%= config.bin %> tag show 04A2B3C4 --json',
  ];
  static override args = { tag: Args.string({ required: true, description: 'The tag' }) };
  static override flags = withEnv(decimalFlags);

  async run() {
    const fleet = await this.fleet();
    const tag = meantTag(this.args.tag, this.flags);
    return this.printRecord(await fleet.run('tag.show', { tag }), tagRecord);
  }
}
