import { Args } from '@oclif/core';
import { FleetCommand } from '../../src/cli/base-command.js';
import { exportDescription, exportFlags, exportItems } from '../../src/cli/files/export-items.js';
import { eventFilterFlags } from '../../src/cli/flags/event-filter.js';
import { withEnv } from '../../src/cli/flags/flags.js';
import { oneStation } from '../../src/cli/one-station.js';
import { eventList } from '../../src/views/event.js';

export default class EventExport extends FleetCommand<typeof EventExport> {
  static override summary = 'Export what happened in the fleet, the newest last';
  static override description = exportDescription(eventList);
  static override examples = [
    '<%= config.bin %> event export --from 2026-11-01 --to 2026-12-01 --output november.xlsx',
    '<%= config.bin %> event export CP001 --kind fault --output faults.csv',
    '<%= config.bin %> event export --site Solna --format json-lines | jq .description',
  ];
  static override args = { station: Args.string({ description: 'Only of this station' }) };
  static override flags = withEnv({
    ...eventFilterFlags,
    ...exportFlags,
  });

  async run() {
    const { site, kind, from, to } = this.flags;
    const stationId = oneStation(this.args.station, this.flags.station);
    const fleet = await this.fleet();
    const filter = { stationId, site, kind, from, to };
    return exportItems(this, {
      noun: 'event',
      batches: fleet.batches('event.export', filter),
      columns: Object.keys(eventList.columns),
      times: ['time', 'receivedAt'],
      total: async () => (await fleet.run('event.list', { ...filter, limit: 0 })).total,
    });
  }
}
