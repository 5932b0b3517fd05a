import { Args, Flags } from '@oclif/core';
import { FleetCommand } from '../../src/cli/base-command.js';
import { csvDelimiters, csvEncodings, readCsv } from '../../src/cli/files/csv-file.js';
import { readFileBytes } from '../../src/cli/files/text-file.js';
import { withEnv, withOwnEnv } from '../../src/cli/flags/flags.js';
import { asWrittenFlag, decimalFlags, meantTag, plainTag } from '../../src/cli/flags/tag-flags.js';
import { ProgressLine } from '../../src/cli/progress-line.js';
import { importTags } from '../../src/cli/tag-import.js';
import { renderBar } from '../../src/views/progress.js';
import { importedLine, plainedLine } from '../../src/views/tag.js';

const maxBytes = 64 * 1024 * 1024;
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
  static override args = {
    file: Args.string({ required: true, description: 'CSV file; - for standard input' }),
  };
  static override flags = withEnv({
    'if-exists': Flags.option({
      options: ['fail', 'skip', 'update'] as const,
      default: 'fail' as const,
      summary: 'What to do with tags that exist already.',
    })(),
    'dry-run': Flags.boolean({ default: false, summary: 'Only say what would happen.' }),
    ...decimalFlags,
    ...asWrittenFlag,
    ...withOwnEnv('csv', {
      delimiter: Flags.option({
        options: csvDelimiters,
        summary: 'What separates the cells; found by the first line when left out.',
      })(),
      encoding: Flags.option({
        options: csvEncodings,
        default: 'utf-8' as const,
        summary: 'Characters of the file; UTF-16 is recognized by itself.',
      })(),
    }),
  });

  async run() {
    const { delimiter, encoding } = this.flags;
    const bytes = await readFileBytes(this.args.file, { flag: 'FILE', signal: this.signal, maxBytes });
    const records = await readCsv(bytes, { delimiter, encoding, maxRecords, file: this.args.file });
    const fleet = await this.fleet();
    const plained: string[] = [];
    const plain = (cell: string) => {
      const tag = plainTag(cell, this.flags);
      if (tag !== cell) plained.push(cell);
      return tag;
    };
    const line = new ProgressLine(process.stderr, () => this.terminal.now());
    try {
      const result = await importTags(fleet, records, {
        ifExists: this.flags['if-exists'],
        dryRun: this.flags['dry-run'],
        nowMs: this.terminal.now(),
        toTag: (cell) => plain(meantTag(cell, this.flags)),
        toParent: plain,
        onProgress: (lines) => line.show(renderBar(lines, records.length - 1, 'lines')),
        signal: this.signal,
      });
      line.end();
      this.say(importedLine(result));
      const [first] = plained;
      if (first !== undefined) this.say(plainedLine(first, plained.length));
      return result;
    } finally {
      line.end();
    }
  }
}
