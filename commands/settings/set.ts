import { Args, Flags } from '@oclif/core';
import { FleetCommand } from '../../src/cli/base-command.js';
import { readSecret } from '../../src/cli/files/stdin.js';
import { withEnv, withOwnEnv } from '../../src/cli/flags/flags.js';
import { askSecret } from '../../src/cli/prompt.js';
import { FleetError } from '../../src/domain/errors.js';
import { isSecretSetting, settingKeys, toSettingKey } from '../../src/domain/settings.js';
import { settingLine } from '../../src/views/settings.js';

interface Assignment {
  readonly key: string;
  readonly value: string;
}

export default class SettingsSet extends FleetCommand<typeof SettingsSet> {
  static override summary = 'Change settings, all of them or none';
  static override description =
    'An empty value gives a setting its default back. settings show lists all of them. Secrets are read from standard input, or asked for on a terminal, never taken from the command line.';
  static override examples = [
    '<%= config.bin %> settings set retention.samples=60d retention.events=1d12h',
    '<%= config.bin %> settings set backup.time=03:30 backup.directory=/srv/backups backup.keep=14',
    '<%= config.bin %> settings set mail.host=smtp.example.org mail.user=alarms --secret-stdin mail.password < password.txt',
    '<%= config.bin %> settings set retention.samples=',
  ];
  static override args = {
    setting: Args.string({ description: 'KEY=VALUE; more may follow' }),
  };
  static override flags = withEnv({
    ...withOwnEnv('settings', {
      'secret-stdin': Flags.string({
        helpValue: '<key>',
        summary: 'Give this setting the line on standard input; no output shows it.',
      }),
    }),
  });
  static override strict = false;

  async run() {
    const settings = this.words.map(toAssignment);
    const secretKey = this.flags['secret-stdin'];
    if (secretKey !== undefined) settings.push({ key: secretKey, value: await this.#secret(secretKey) });
    if (settings.length === 0) {
      throw new FleetError('USAGE', 'No setting was given.', { suggestions: ['evfleet settings show'] });
    }
    const fleet = await this.fleet();
    const changed = await fleet.run('settings.set', { settings });
    for (const setting of changed) this.say(settingLine(setting));
    return changed;
  }

  async #secret(key: string): Promise<string> {
    const reader = '--secret-stdin';
    if (!isSecretSetting(toSettingKey(key))) {
      throw new FleetError('USAGE', `--secret-stdin: ${key} is no secret.`, {
        suggestions: [`evfleet settings set ${key}=VALUE`],
      });
    }
    if (process.stdin.isTTY && this.interactive) return askSecret(this, `${key}:`, reader);
    return readSecret({ reader, signal: this.signal });
  }
}

function toAssignment(word: string): Assignment {
  const at = word.indexOf('=');
  if (at < 1) {
    throw new FleetError('USAGE', `${JSON.stringify(word)} is not of the form KEY=VALUE.`, {
      suggestions: ['evfleet settings show'],
    });
  }
  const [key, value] = [word.slice(0, at), word.slice(at + 1)];
  const secret = settingKeys.find((known) => known === key && isSecretSetting(known));
  // To take it away is no secret.
  if (secret === undefined || value === '') return { key, value };
  throw new FleetError('USAGE', `${key} is a secret: on the command line others can see it.`, {
    suggestions: [`evfleet settings set --secret-stdin ${key} < file`],
  });
}
