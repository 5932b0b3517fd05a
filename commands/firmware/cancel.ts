import { Args } from '@oclif/core';
import { FleetCommand } from '../../src/cli/base-command.js';
import { withEnv } from '../../src/cli/flags/flags.js';
import { wholeNumber } from '../../src/cli/whole-number.js';
import { rolloutCancelled } from '../../src/views/firmware.js';

export default class FirmwareCancel extends FleetCommand<typeof FirmwareCancel> {
  static override summary = 'Tell no more stations of a rollout';
  static override description =
    'OCPP has no way to take an update back: stations that were told go on, and are followed to their end.';
  static override examples = [
    '<%= config.bin %> firmware cancel 3',
    '<%= config.bin %> firmware cancel 3 --json',
  ];
  static override args = {
    rollout: Args.string({
      required: true,
      description: 'Number of the rollout, as firmware status shows it',
    }),
  };
  static override flags = withEnv({});

  async run() {
    const rollout = wholeNumber('The number of a rollout', this.args.rollout);
    const fleet = await this.fleet();
    const result = await fleet.run('firmware.cancel', { rollout });
    this.say(rolloutCancelled(result));
    return result;
  }
}
