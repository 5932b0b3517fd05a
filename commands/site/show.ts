import { Args } from '@oclif/core';
import { FleetCommand } from '../../src/cli/base-command.js';
import { siteRecord } from '../../src/views/site.js';

export default class SiteShow extends FleetCommand<typeof SiteShow> {
  static override summary = 'Show a site';
  static override examples = [
    '<%= config.bin %> site show Solna',
    '<%= config.bin %> site show Solna --json',
  ];
  static override args = { name: Args.string({ required: true, description: 'Name of the site' }) };

  async run() {
    const fleet = await this.fleet();
    return this.printRecord(await fleet.run('site.show', { name: this.args.name }), siteRecord);
  }
}
