import { Args, Flags } from '@oclif/core';
import { FleetCommand } from '../../src/cli/base-command.js';
import { withEnv, withOwnEnv } from '../../src/cli/flags/flags.js';
import { decimalFlags, meantTag, tagFlags } from '../../src/cli/flags/tag-flags.js';
import { noteParent } from '../../src/cli/tag-parent.js';
import { emptyToNull } from '../../src/cli/values.js';

export default class TagUpdate extends FleetCommand<typeof TagUpdate> {
  static override summary = 'Change a tag';
  static override description = 'An empty text removes label, user or parent.';
  static override examples = [
    '<%= config.bin %> tag update 04A2B3C4 --user ada@example.org --expires 30d',
    '<%= config.bin %> tag update 04A2B3C4 --no-expires --label ""',
    '<%= config.bin %> tag update 04A2B3C4 --user "" --no-sites --no-groups',
  ];
  static override args = {
    tag: Args.string({ required: true, description: 'The tag' }),
  };
  // With names of their own: what stands in the environment for lists must not change a tag.
  static override flags = {
    ...withOwnEnv('tag', {
      ...tagFlags,
      'no-expires': Flags.boolean({
        summary: 'It does not expire any more.',
        exclusive: ['expires'],
        default: false,
      }),
      'no-max-active': Flags.boolean({
        summary: 'Any number of sessions may run with it.',
        exclusive: ['max-active'],
        default: false,
      }),
      'no-sites': Flags.boolean({
        summary: 'No site in particular accepts it.',
        exclusive: ['site'],
        default: false,
      }),
      'no-groups': Flags.boolean({
        summary: 'No group in particular accepts it.',
        exclusive: ['group'],
        default: false,
      }),
    }),
    ...withEnv(decimalFlags),
  };

  async run() {
    const tag = meantTag(this.args.tag, this.flags);
    const fleet = await this.fleet();
    const item = await fleet.run('tag.update', {
      tag,
      label: emptyToNull(this.flags.label),
      user: emptyToNull(this.flags.user),
      expiresAt: this.flags['no-expires'] ? null : this.flags.expires,
      parent: emptyToNull(this.flags.parent),
      maxActive: this.flags['no-max-active'] ? null : this.flags['max-active'],
      sites: this.flags['no-sites'] ? [] : this.flags.site,
      groups: this.flags['no-groups'] ? [] : this.flags.group,
    });
    this.say(`Updated tag ${item.tag}.`);
    await noteParent(fleet, this.flags.parent ? item.parent : null, this);
    return item;
  }
}
