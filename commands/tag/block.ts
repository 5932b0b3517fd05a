import { Args } from '@oclif/core';
import { FleetCommand } from '../../src/cli/base-command.js';

export default class TagBlock extends FleetCommand<typeof TagBlock> {
  static override summary = 'Refuse a tag from now on';
  static override examples = [
    '<%= config.bin %> tag block 04A2B3C4',
    '<%= config.bin %> tag block 04A2B3C4 --json',
  ];
  static override args = { tag: Args.string({ required: true, description: 'The tag' }) };

  async run() {
    const fleet = await this.fleet();
    const tag = await fleet.run('tag.block', { tag: this.args.tag });
    this.say(`Blocked tag ${tag.tag}.`);
    return tag;
  }
}
