import { Args, Flags } from '@oclif/core';
import { FleetCommand } from '../../src/cli/base-command.js';
import { bulkFlags } from '../../src/cli/bulk.js';
import { readTemplates } from '../../src/cli/files/template-file.js';
import { withEnv, withOwnEnv } from '../../src/cli/flags/flags.js';
import { narrowedTo } from '../../src/cli/narrowed-to.js';
import { plural } from '../../src/domain/plural.js';
import { differences } from '../../src/views/config.js';

const { site, group, selector, all } = bulkFlags;

export default class ConfigDiff extends FleetCommand<typeof ConfigDiff> {
  static override summary = 'Compare desired configuration with what stations reported last';
  static override description =
    `With --file, what the templates in it would have; without, what was applied before. Lines with a minus
are as the station reported, lines with a plus as desired. Ends with exit code 3 when anything differs. Neither station
nor server is needed: config pull brings what is known up to date first.`;
  static override examples = [
    '<%= config.bin %> config diff -f fleet.yaml',
    '<%= config.bin %> config diff -f fleet.yaml CP001 CP002',
    '<%= config.bin %> config diff --site Solna --json',
  ];
  static override args = { station: Args.string({ description: 'Only this station; more may follow' }) };
  static override strict = false;
  static override flags = withEnv({
    ...withOwnEnv('templates', {
      file: Flags.string({
        char: 'f',
        helpValue: '<file|->',
        summary: 'YAML with templates; - is standard input.',
      }),
    }),
    ...{ site, group, selector, all },
  });

  async run() {
    const { file } = this.flags;
    const templates = file === undefined ? undefined : await readTemplates(file, this.signal);
    const fleet = await this.fleet();
    const targets = narrowedTo(this, this.words);
    const { items, stations } = await fleet.run('config.diff', { targets, templates });
    await this.print(differences(items, this.terminal));
    const differing = new Set(items.map(({ stationId }) => stationId)).size;
    this.say(
      stations === 0
        ? 'Nothing is desired: evfleet config apply -f FILE'
        : differing === 0
          ? `No differences at ${plural(stations, 'station')}.`
          : `${plural(items.length, 'difference')} at ${differing} of ${plural(stations, 'station')}.`,
    );
    if (differing > 0) process.exitCode = 3;
    return items;
  }
}
