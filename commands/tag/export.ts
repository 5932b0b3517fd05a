import { Flags } from '@oclif/core';
import { FleetCommand } from '../../src/cli/base-command.js';
import { exportFile, exportText } from '../../src/cli/export.js';
import { withEnv } from '../../src/cli/flags.js';
import { tagFilter, tagFilterFlags } from '../../src/cli/tag-filter.js';
import { plural } from '../../src/domain/plural.js';
import { tagList } from '../../src/views/tag.js';

export default class TagExport extends FleetCommand<typeof TagExport> {
  static override summary = 'Export tags, in a form that tag import reads';
  static override description = `The columns of CSV and the keys of JSON are the same and keep their order:
${Object.keys(tagList.columns).join(', ')}. Times are UTC.`;
  static override examples = [
    '<%= config.bin %> tag export --output tags.csv',
    '<%= config.bin %> tag export --site Solna --status blocked',
    '<%= config.bin %> tag export --format json-lines | jq .user',
  ];
  static override flags = withEnv({
    ...tagFilterFlags,
    format: Flags.option({
      options: ['csv', 'json-lines'] as const,
      default: 'csv' as const,
      summary: 'Form of the export.',
    })(),
    output: Flags.string({
      char: 'o',
      helpValue: '<file>',
      summary: 'File to write, replaced when it exists; standard output when left out.',
    }),
  });

  async run() {
    const { format, output } = this.flags;
    const fleet = await this.fleet();
    const tags = fleet.batches('tag.export', tagFilter(this.flags));
    const columns = Object.keys(tagList.columns);
    if (output !== undefined) {
      const count = await exportFile(output, tags, { format, columns, signal: this.signal });
      this.say(`Exported ${plural(count, 'tag')} to ${output}.`);
      return { output, format, tags: count };
    }
    if (this.jsonEnabled()) return this.streamJsonArray(fleet.stream('tag.export', tagFilter(this.flags)));
    for await (const text of exportText(tags, { format, columns })) await this.print(text);
    return undefined;
  }
}
