import { FleetCommand } from '../../src/cli/base-command.js';
import { withEnv } from '../../src/cli/flags/flags.js';
import { asWrittenFlag, decimalFlags, meantTag, plainTag } from '../../src/cli/flags/tag-flags.js';
import { importArgs, importFlags, runImport } from '../../src/cli/import/import-flags.js';
import { beginTagImport } from '../../src/cli/import/tag-import.js';
import { tagTable } from '../../src/domain/import/tag-import.js';
import { importedLine } from '../../src/views/import.js';
import { plainedLine } from '../../src/views/tag.js';

const maxRecords = 100_000;

export default class TagImport extends FleetCommand<typeof TagImport> {
  static override summary = 'Import tags from a CSV file: all of them, or none when a line is bad';
  static override description =
    `The first line names the columns, in any order: tag, label, user (e-mail address), status (accepted or blocked),
expires, parent, maxActive, sites, groups. Only tag is needed; several sites or groups are separated by ; or |.
With --if-exists update, columns that the file lacks stay as they are, and an empty cell removes the value.
What tag export and tag list --csv write can be imported. At most ${maxRecords.toLocaleString('en')} lines and 64 MiB: the tags of a file are made
at once, and stations wait for that. Of a longer file each part, with the first line, is imported whole or not at all.`;
  static override examples = [
    '<%= config.bin %> tag import tags.csv --dry-run',
    '<%= config.bin %> tag import tags.csv --if-exists update',
    '<%= config.bin %> tag import cards.csv --decimal --byte-order lsb',
    'cat tags.csv | <%= config.bin %> tag import - --json',
  ];
  static override args = importArgs;
  static override flags = { ...importFlags, ...withEnv({ ...decimalFlags, ...asWrittenFlag }) };

  async run() {
    const plained: string[] = [];
    const plain = (cell: string) => {
      const tag = plainTag(cell, this.flags);
      if (tag !== cell) plained.push(cell);
      return tag;
    };
    const { 'if-exists': ifExists, 'dry-run': dryRun } = this.flags;
    const result = await runImport(this, {
      table: tagTable,
      maxRecords,
      reading: {
        nowMs: this.terminal.now(),
        toTag: (cell) => plain(meantTag(cell, this.flags)),
        toParent: plain,
      },
      begin: async (columns) => beginTagImport(await this.fleet(), { columns, ifExists, dryRun }),
    });
    this.say(importedLine(result, 'tag'));
    const [first] = plained;
    if (first !== undefined) this.say(plainedLine(first, plained.length));
    return result;
  }
}
