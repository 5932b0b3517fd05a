import { Flags } from '@oclif/core';
import { FleetCommand } from '../../src/cli/base-command.js';
import { listFlags, withEnv } from '../../src/cli/flags/flags.js';
import { firmwareImageList } from '../../src/views/firmware.js';

export default class FirmwareList extends FleetCommand<typeof FirmwareList> {
  static override summary = 'List the images of firmware';
  static override examples = [
    '<%= config.bin %> firmware list',
    '<%= config.bin %> firmware list --vendor Acme --columns version,sha256,createdAt',
  ];
  static override flags = withEnv({
    vendor: Flags.string({ summary: 'Only of this vendor.' }),
    model: Flags.string({ summary: 'Only for this model.' }),
    version: Flags.string({ summary: 'Only this version.' }),
    ...listFlags,
  });

  async run() {
    const { vendor, model, version } = this.flags;
    const fleet = await this.fleet();
    const query = { vendor, model, version, ...this.listQuery(this.flags) };
    return this.printList(this.flags, await fleet.run('firmware.list', query), firmwareImageList);
  }
}
