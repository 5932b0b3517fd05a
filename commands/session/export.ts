import { FleetCommand } from '../../src/cli/base-command.js';
import { exportDescription, exportFlags, exportItems } from '../../src/cli/files/export-items.js';
import { withEnv } from '../../src/cli/flags/flags.js';
import { sessionFilter, sessionFilterFlags } from '../../src/cli/flags/session-filter.js';
import { sessionList } from '../../src/views/session.js';

export default class SessionExport extends FleetCommand<typeof SessionExport> {
  static override summary = 'Export charging sessions, newest first';
  static override description = exportDescription(sessionList);
  static override examples = [
    '<%= config.bin %> session export --output sessions.csv',
    '<%= config.bin %> session export --from 2026-11-01 --to 2026-12-01 --site Solna --output november.csv',
    '<%= config.bin %> session export --from today --output today.xlsx',
    '<%= config.bin %> session export --user ada@example.com --output ada.csv',
    '<%= config.bin %> session export --format json-lines | jq .energyKwh',
  ];
  static override flags = withEnv({
    ...sessionFilterFlags,
    ...exportFlags,
  });

  async run() {
    const fleet = await this.fleet();
    const filter = sessionFilter(this.flags);
    return exportItems(this, {
      noun: 'session',
      batches: fleet.batches('session.export', filter),
      columns: Object.keys(sessionList.columns),
      times: ['startTime', 'stopTime', 'serverLogTime'],
      total: async () => (await fleet.run('session.list', { ...filter, limit: 0 })).total,
    });
  }
}
