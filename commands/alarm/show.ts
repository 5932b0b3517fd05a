import { Args } from '@oclif/core';
import { FleetCommand } from '../../src/cli/base-command.js';
import { alarmRecord } from '../../src/views/alarm.js';

export default class AlarmShow extends FleetCommand<typeof AlarmShow> {
  static override summary = 'Show an alarm, and what happened around it';
  static override description =
    'The events are those of the ten minutes before and after it began, and cleared.';
  static override examples = [
    '<%= config.bin %> alarm show 7c9e6679',
    '<%= config.bin %> alarm show 7c9e6679-7425-40de-944b-e07fc1f90ae7 --json',
  ];
  static override args = {
    id: Args.string({ required: true, description: 'Id of the alarm, or its first characters' }),
  };

  async run() {
    const fleet = await this.fleet();
    return this.printRecord(await fleet.run('alarm.show', { id: this.args.id }), alarmRecord);
  }
}
