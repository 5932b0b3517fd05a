import { Args } from '@oclif/core';
import { FleetCommand } from '../../src/cli/base-command.js';
import { ifExistsFlag, withEnv, withOwnEnv } from '../../src/cli/flags/flags.js';
import { asWrittenFlag, decimalFlags, meantTag, plainTag, tagFlags } from '../../src/cli/flags/tag-flags.js';
import { createdLine } from '../../src/cli/outcome.js';
import { noteParent } from '../../src/cli/tag-parent.js';
import { emptyToNull } from '../../src/cli/values.js';

export default class TagCreate extends FleetCommand<typeof TagCreate> {
  static override summary = 'Create a tag: whoever shows it may charge';
  static override examples = [
    '<%= config.bin %> tag create 04A2B3C4',
    '<%= config.bin %> tag create 04A2B3C4 --user ada@example.org --label "Pool car 7" --expires 365d',
    '<%= config.bin %> tag create 04A2B3C4 --site Solna --site Kista --max-active 1',
    '<%= config.bin %> tag create 3735928559 --decimal --byte-order lsb',
    '<%= config.bin %> tag create 04A2B3C4 --if-exists skip',
  ];
  static override args = {
    tag: Args.string({
      required: true,
      description: 'The tag as the reader reads it, at most 20 characters',
    }),
  };
  // With names of their own: what stands in the environment for lists must not be said of a tag.
  static override flags = {
    ...withOwnEnv('tag', tagFlags),
    ...withEnv({ ...decimalFlags, ...asWrittenFlag, ...ifExistsFlag }),
  };

  async run() {
    const tag = this.#plain(meantTag(this.args.tag, this.flags));
    const fleet = await this.fleet();
    const { outcome, item } = await fleet.run('tag.create', {
      tag,
      label: emptyToNull(this.flags.label),
      user: emptyToNull(this.flags.user),
      expiresAt: this.flags.expires,
      parent: emptyToNull(this.flags.parent && this.#plain(this.flags.parent)),
      maxActive: this.flags['max-active'],
      sites: this.flags.site,
      groups: this.flags.group,
      ifExists: this.flags['if-exists'],
    });
    this.say(createdLine(outcome, `tag ${item.tag}`));
    await noteParent(fleet, this.flags.parent ? item.parent : null, this);
    return item;
  }

  #plain(typed: string): string {
    const tag = plainTag(typed, this.flags);
    if (tag !== typed)
      this.say(`Note: ${typed} is taken as ${tag}, as readers send it; --as-written keeps it as it is.`);
    return tag;
  }
}
