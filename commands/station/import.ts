import { Flags } from '@oclif/core';
import { FleetCommand } from '../../src/cli/base-command.js';
import { withEnv } from '../../src/cli/flags/flags.js';
import { importArgs, importFlags, printOutcomes, runImport } from '../../src/cli/import/import-flags.js';
import { likeExisting } from '../../src/cli/import/like-existing.js';
import { stationImport } from '../../src/cli/import/station-import.js';
import { stationTable } from '../../src/domain/import/station-import.js';
import { appliedLinesMax } from '../../src/operations/import/import-lines.js';
import { importedLine, importedStations, missingLines } from '../../src/views/import.js';

export default class StationImport extends FleetCommand<typeof StationImport> {
  static override summary = 'Import stations from a CSV file: all of them, or none when a line is bad';
  static override description =
    `The first line names the columns, in any order: id, name, site, floor, connectors (how many), registration, securityProfile,
heartbeatInterval, groups; and of its connectors mode, evseId, type, maxPowerKw, one value for all or one for each,
separated by ; or |. Only id is needed. Sites, floors and groups have to be there, or are made with --create-missing.
With --if-exists update, columns that the file lacks stay as they are, and an empty cell removes the value.
What station list --csv writes can be imported: what stations say of themselves is left aside. Keys of stations are for
no file: see station rotate-key. At most ${appliedLinesMax.toLocaleString('en')} lines.`;
  static override examples = [
    '<%= config.bin %> station import stations.csv --dry-run',
    '<%= config.bin %> station import stations.csv --create-missing',
    '<%= config.bin %> station import stations.csv --if-exists update --encoding windows-1252',
    'cat stations.csv | <%= config.bin %> station import - --dry-run --json',
  ];
  static override args = importArgs;
  static override flags = {
    ...importFlags,
    ...withEnv({
      'create-missing': Flags.boolean({
        default: false,
        summary: 'Create the sites, floors and groups that the file names and that are not there.',
      }),
    }),
  };

  async run() {
    const { 'if-exists': ifExists, 'dry-run': dryRun, 'create-missing': createMissing } = this.flags;
    const result = await runImport(this, {
      table: stationTable,
      maxRecords: appliedLinesMax,
      reading: undefined,
      begin: async (columns) =>
        stationImport(await this.fleet(), { columns, ifExists, createMissing, dryRun }),
    });
    if (dryRun) await printOutcomes(this, result.lines, importedStations);
    for (const line of missingLines(result)) this.say(line);
    if (dryRun) for (const line of await likeExisting(await this.fleet(), result)) this.say(line);
    this.say(importedLine(result, 'station'));
    return result;
  }
}
