import { FleetCommand } from '../../src/cli/base-command.js';
import { exportDescription, exportFlags, exportItems } from '../../src/cli/files/export-items.js';
import { withEnv } from '../../src/cli/flags/flags.js';
import { tagFilter, tagFilterFlags } from '../../src/cli/flags/tag-filter.js';
import { tagList } from '../../src/views/tag.js';

export default class TagExport extends FleetCommand<typeof TagExport> {
  static override summary = 'Export tags, in a form that tag import reads';
  static override description = exportDescription(tagList);
  static override examples = [
    '<%= config.bin %> tag export --output tags.csv',
    '<%= config.bin %> tag export --site Solna --status blocked',
    '<%= config.bin %> tag export --format json-lines | jq .user',
  ];
  static override flags = withEnv({
    ...tagFilterFlags,
    ...exportFlags,
  });

  async run() {
    const fleet = await this.fleet();
    return exportItems(this, {
      noun: 'tag',
      batches: fleet.batches('tag.export', tagFilter(this.flags)),
      columns: Object.keys(tagList.columns),
      times: ['expires', 'createdAt'],
    });
  }
}
