import { FleetCommand } from '../../src/cli/base-command.js';
import { importArgs, importFlags, printOutcomes, runImport } from '../../src/cli/import/import-flags.js';
import { siteImport } from '../../src/cli/import/site-import.js';
import { siteTable } from '../../src/domain/import/site-import.js';
import { appliedLinesMax } from '../../src/operations/import/import-lines.js';
import { importedLine, importedSites } from '../../src/views/import.js';

export default class SiteImport extends FleetCommand<typeof SiteImport> {
  static override summary = 'Import sites from a CSV file: all of them, or none when a line is bad';
  static override description =
    `The first line names the columns, in any order: name, address, lat, lon (decimal degrees). Only name is needed.
With --if-exists update, columns that the file lacks stay as they are, and an empty cell removes the value.
What site list --csv writes can be imported. Floors come with the stations on them: station import --create-missing.`;
  static override examples = [
    '<%= config.bin %> site import sites.csv --dry-run',
    '<%= config.bin %> site import sites.csv --if-exists update',
    '<%= config.bin %> site import sites.csv --ignore-columns owner,phone',
  ];
  static override args = importArgs;
  static override flags = importFlags;

  async run() {
    const { 'if-exists': ifExists, 'dry-run': dryRun } = this.flags;
    const result = await runImport(this, {
      table: siteTable,
      maxRecords: appliedLinesMax,
      reading: undefined,
      begin: async (columns) => siteImport(await this.fleet(), { columns, ifExists, dryRun }),
    });
    if (dryRun) await printOutcomes(this, result.lines, importedSites);
    this.say(importedLine(result, 'site'));
    return result;
  }
}
