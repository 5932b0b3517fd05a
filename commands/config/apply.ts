import { Args, Flags } from '@oclif/core';
import { FleetCommand } from '../../src/cli/base-command.js';
import { bulkFlags, runBulk } from '../../src/cli/bulk.js';
import { readTemplates } from '../../src/cli/files/template-file.js';
import { timeoutFlag, withEnv, withOwnEnv } from '../../src/cli/flags/flags.js';
import { narrowedTo } from '../../src/cli/narrowed-to.js';
import { plural } from '../../src/domain/plural.js';
import { differences } from '../../src/views/config.js';

export default class ConfigApply extends FleetCommand<typeof ConfigApply> {
  static override summary = 'Keep the configuration that stations should have, and bring it about';
  static override description =
    `The file has a template in each YAML document: match (vendor, model, firmware, with * and ?) says for which
stations, configuration which keys have which values. Without match it is for all. The more exact template wins.
Without stations on the command line the templates are kept for the fleet: stations that match get them now, the others
when they connect and boot. A template with the same match is replaced, one with an empty configuration removed. With
stations, the values are kept for these alone, in the place of what was applied to them before.`;
  static override examples = [
    '<%= config.bin %> config apply -f fleet.yaml --dry-run',
    '<%= config.bin %> config apply -f fleet.yaml',
    '<%= config.bin %> config apply -f quiet.yaml CP001 CP002',
    `printf 'configuration:\\n  HeartbeatInterval: 300\\n' | <%= config.bin %> config apply -f -`,
  ];
  static override args = { station: Args.string({ description: 'Only this station; more may follow' }) };
  static override strict = false;
  static override flags = withEnv({
    ...withOwnEnv('templates', {
      file: Flags.string({
        char: 'f',
        required: true,
        helpValue: '<file|->',
        summary: 'YAML with templates; - is standard input.',
      }),
    }),
    ...timeoutFlag,
    ...bulkFlags,
    'dry-run': Flags.boolean({ default: false, summary: 'Only show what would be different.' }),
  });

  async run() {
    const { file, timeout: timeoutMs, 'dry-run': isDryRun, 'from-file': idFile } = this.flags;
    const templates = await readTemplates(file, this.signal);
    const fleet = await this.fleet();
    const targets = narrowedTo(this, this.words);
    if (isDryRun && idFile === undefined) {
      const { items } = await fleet.run('config.diff', { targets, templates });
      await this.print(differences(items, this.terminal));
      this.say(`${plural(items.length, 'difference')}; nothing was kept or sent.`);
      return items;
    }
    if (targets !== undefined || idFile !== undefined) {
      return runBulk(this, {
        stationIds: this.words,
        run: (opened, input) => opened.batches('config.apply', { ...input, templates, timeoutMs }),
        done: 'configured',
      });
    }
    const { kept, removed, stationIds } = await fleet.run('config.keep', { templates });
    this.say(`${plural(kept, 'template')} kept${removed > 0 ? `, ${removed} removed` : ''}.`);
    if (stationIds.length > 0 && kept > 0) {
      return runBulk(this, {
        stationIds,
        run: (opened, input) => opened.batches('config.apply', { ...input, timeoutMs }),
        done: 'configured',
      });
    }
    this.say(
      kept > 0
        ? 'No station matches yet; those that do get it when they boot.'
        : 'Stations keep what they have.',
    );
    return [];
  }
}
