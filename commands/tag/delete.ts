import { Args } from '@oclif/core';
import { FleetCommand } from '../../src/cli/base-command.js';
import { ignoreNotFoundFlag, withEnv, yesFlag } from '../../src/cli/flags/flags.js';
import { decimalFlags, meantTag } from '../../src/cli/flags/tag-flags.js';
import { deletedLine } from '../../src/cli/outcome.js';
import { confirm } from '../../src/cli/prompt.js';
import { stillParentLine } from '../../src/views/tag.js';

export default class TagDelete extends FleetCommand<typeof TagDelete> {
  static override summary = 'Delete a tag; its sessions are kept';
  static override examples = [
    '<%= config.bin %> tag delete 04A2B3C4',
    '<%= config.bin %> tag delete 04A2B3C4 --yes',
  ];
  static override args = { tag: Args.string({ required: true, description: 'The tag' }) };
  static override flags = withEnv({ ...decimalFlags, ...yesFlag, ...ignoreNotFoundFlag });

  async run() {
    const tag = meantTag(this.args.tag, this.flags);
    const what = `tag ${tag}`;
    await confirm(this, `Delete ${what}? Nobody charges with it any more; its sessions are kept.`);
    const fleet = await this.fleet();
    const ignoreNotFound = this.flags['ignore-not-found'];
    const { deleted, parentOf } = await fleet.run('tag.delete', { tag, ignoreNotFound });
    this.say(deletedLine(deleted, what));
    if (parentOf > 0) this.say(stillParentLine(tag, parentOf));
    return { tag, deleted, parentOf };
  }
}
