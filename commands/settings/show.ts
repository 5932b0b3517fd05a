import { Args, Flags } from '@oclif/core';
import { FleetCommand } from '../../src/cli/base-command.js';
import { listFlags, withEnv } from '../../src/cli/flags/flags.js';
import { settingList, settingListWithOrigin, settingRecord } from '../../src/views/settings.js';

export default class SettingsShow extends FleetCommand<typeof SettingsShow> {
  static override summary = 'Show settings';
  static override description = 'Without KEY, all settings as a list; with it, everything about this one.';
  static override examples = [
    '<%= config.bin %> settings show',
    '<%= config.bin %> settings show --origin --filter origin=store',
    '<%= config.bin %> settings show retention.samples',
  ];
  static override args = { key: Args.string({ description: 'Name of one setting' }) };
  static override flags = withEnv({
    ...listFlags,
    origin: Flags.boolean({ default: false, summary: 'Also where each value comes from, and its default.' }),
  });

  async run() {
    const fleet = await this.fleet();
    const { key } = this.args;
    const { origin, csv, quiet, columns } = this.flags;
    const list = await fleet.run('settings.show', { key, ...this.listQuery(this.flags) });
    const [only] = list.items;
    const asRow = !this.jsonEnabled() && (csv || quiet || columns !== undefined);
    if (key !== undefined && only !== undefined && !asRow) return this.printRecord(only, settingRecord);
    return this.printList(this.flags, list, origin ? settingListWithOrigin : settingList);
  }
}
