import { Args } from '@oclif/core';
import { FleetCommand } from '../../src/cli/base-command.js';

export default class TagUnblock extends FleetCommand<typeof TagUnblock> {
  static override summary = 'Accept a blocked tag again';
  static override examples = [
    '<%= config.bin %> tag unblock 04A2B3C4',
    '<%= config.bin %> tag unblock 04A2B3C4 --json',
  ];
  static override args = { tag: Args.string({ required: true, description: 'The tag' }) };

  async run() {
    const fleet = await this.fleet();
    const tag = await fleet.run('tag.unblock', { tag: this.args.tag });
    this.say(`Unblocked tag ${tag.tag}.`);
    return tag;
  }
}
