import { Args } from '@oclif/core';
import { FleetCommand } from '../../src/cli/base-command.js';
import { FleetError } from '../../src/domain/errors.js';
import { settingLine } from '../../src/views/settings.js';

export default class SettingsSet extends FleetCommand<typeof SettingsSet> {
  static override summary = 'Change settings, all of them or none';
  static override description =
    'An empty value gives a setting its default back. settings show lists all of them.';
  static override examples = [
    '<%= config.bin %> settings set retention.samples=60d retention.events=1d12h',
    '<%= config.bin %> settings set backup.time=03:30 backup.directory=/srv/backups backup.keep=14',
    '<%= config.bin %> settings set retention.samples=',
  ];
  static override args = {
    setting: Args.string({ required: true, description: 'KEY=VALUE; more may follow' }),
  };
  static override strict = false;

  async run() {
    const settings = this.words.map(toAssignment);
    const fleet = await this.fleet();
    const changed = await fleet.run('settings.set', { settings });
    for (const setting of changed) this.say(settingLine(setting));
    return changed;
  }
}

function toAssignment(word: string): { key: string; value: string } {
  const at = word.indexOf('=');
  if (at > 0) return { key: word.slice(0, at), value: word.slice(at + 1) };
  throw new FleetError('USAGE', `${JSON.stringify(word)} is not of the form KEY=VALUE.`, {
    suggestions: ['evfleet settings show'],
  });
}
