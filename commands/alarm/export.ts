import { Args, Flags } from '@oclif/core';
import { FleetCommand } from '../../src/cli/base-command.js';
import { exportDescription, exportFlags, exportItems } from '../../src/cli/files/export-items.js';
import { alarmFilter, alarmFilterFlags } from '../../src/cli/flags/alarm-filter.js';
import { withEnv } from '../../src/cli/flags/flags.js';
import { oneStation } from '../../src/cli/one-station.js';
import { alarmHistory } from '../../src/views/alarm.js';

export default class AlarmExport extends FleetCommand<typeof AlarmExport> {
  static override summary = 'Export open alarms, or all, newest first';
  static override description = exportDescription(alarmHistory);
  static override examples = [
    '<%= config.bin %> alarm export --output alarms.xlsx',
    '<%= config.bin %> alarm export --history --from 2026-11-01 --output november.csv',
    '<%= config.bin %> alarm export CP001 --history --format json-lines | jq .description',
  ];
  static override args = { station: Args.string({ description: 'Only of this station' }) };
  static override flags = withEnv({
    ...alarmFilterFlags,
    history: Flags.boolean({ default: false, summary: 'Also those that are cleared.' }),
    ...exportFlags,
  });

  async run() {
    const station = oneStation(this.args.station, this.flags.station);
    const fleet = await this.fleet();
    const filter = alarmFilter({ ...this.flags, station });
    const open = this.flags.history ? undefined : true;
    return exportItems(this, {
      noun: 'alarm',
      batches: fleet.batches('alarm.export', { ...filter, open }),
      columns: Object.keys(alarmHistory.columns),
      times: ['created', 'since', 'acked', 'cleared'],
    });
  }
}
