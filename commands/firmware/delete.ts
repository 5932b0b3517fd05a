import { Flags } from '@oclif/core';
import { FleetCommand } from '../../src/cli/base-command.js';
import { ignoreNotFoundFlag, withEnv, withOwnEnv, yesFlag } from '../../src/cli/flags/flags.js';
import { deletedLine } from '../../src/cli/outcome.js';
import { confirm } from '../../src/cli/prompt.js';

export default class FirmwareDelete extends FleetCommand<typeof FirmwareDelete> {
  static override summary = 'Delete an image of firmware';
  static override description =
    'Not while stations are being updated with it. What became of earlier updates is kept.';
  static override examples = [
    '<%= config.bin %> firmware delete --vendor Acme --model Box --version 1.4.0',
    '<%= config.bin %> firmware delete --vendor Acme --model Box --version 1.4.0 --yes --ignore-not-found',
  ];
  static override flags = withEnv({
    ...withOwnEnv('firmware', {
      vendor: Flags.string({ required: true, summary: 'Vendor of the image.' }),
      model: Flags.string({ required: true, summary: 'Model of the image.' }),
      version: Flags.string({ required: true, summary: 'Version of the image.' }),
    }),
    ...yesFlag,
    ...ignoreNotFoundFlag,
  });

  async run() {
    const { vendor, model, version } = this.flags;
    const what = `firmware ${version} for ${vendor} ${model}`;
    await confirm(this, `Delete ${what}?`);
    const fleet = await this.fleet();
    const ignoreNotFound = this.flags['ignore-not-found'];
    const { deleted } = await fleet.run('firmware.delete', { vendor, model, version, ignoreNotFound });
    this.say(deletedLine(deleted, what));
    return { vendor, model, version, deleted };
  }
}
