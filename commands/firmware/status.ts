import { Args } from '@oclif/core';
import { FleetCommand } from '../../src/cli/base-command.js';
import { listFlags, withEnv } from '../../src/cli/flags/flags.js';
import { firmwareRolloutList, firmwareTargetList } from '../../src/views/firmware.js';

export default class FirmwareStatus extends FleetCommand<typeof FirmwareStatus> {
  static override summary = 'Show how far firmware updates are';
  static override description =
    `Without an argument the rollouts, newest first; with the number of a rollout its stations; with the id of a station its
updates. STATE is what became of a station so far, REPORTED what it said last in its own words.`;
  static override examples = [
    '<%= config.bin %> firmware status',
    '<%= config.bin %> firmware status 3 --filter state=failed',
    '<%= config.bin %> firmware status CP001',
  ];
  static override args = {
    of: Args.string({ description: 'Number of a rollout, or id of a station' }),
  };
  static override flags = withEnv(listFlags);

  async run() {
    const { of } = this.args;
    const query = this.listQuery(this.flags);
    const fleet = await this.fleet();
    if (of === undefined) {
      return this.printList(this.flags, await fleet.run('firmware.rollouts', query), firmwareRolloutList);
    }
    return this.printList(
      this.flags,
      await fleet.run('firmware.status', { of, ...query }),
      firmwareTargetList,
    );
  }
}
