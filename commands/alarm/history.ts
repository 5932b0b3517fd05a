import { Args } from '@oclif/core';
import { FleetCommand } from '../../src/cli/base-command.js';
import { alarmFilter, alarmFilterFlags } from '../../src/cli/flags/alarm-filter.js';
import { listFlags, withEnv } from '../../src/cli/flags/flags.js';
import { oneStation } from '../../src/cli/one-station.js';
import { alarmHistory } from '../../src/views/alarm.js';

export default class AlarmHistory extends FleetCommand<typeof AlarmHistory> {
  static override summary = 'List all alarms, open and cleared, newest first';
  static override description = 'Cleared alarms are kept for as long as the setting retention.alarms says.';
  static override examples = [
    '<%= config.bin %> alarm history --from "7d ago"',
    '<%= config.bin %> alarm history CP001 --kind connection-lost',
    '<%= config.bin %> alarm history --site Solna --csv',
  ];
  static override args = { station: Args.string({ description: 'Only of this station' }) };
  static override flags = withEnv({ ...alarmFilterFlags, ...listFlags });

  async run() {
    const station = oneStation(this.args.station, this.flags.station);
    const fleet = await this.fleet();
    const query = { ...alarmFilter({ ...this.flags, station }), ...this.listQuery(this.flags) };
    return this.printList(this.flags, await fleet.run('alarm.history', query), alarmHistory);
  }
}
