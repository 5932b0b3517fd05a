import { Args } from '@oclif/core';
import { FleetCommand } from '../src/cli/base-command.js';
import { helpText, helpWords } from '../src/cli/help.js';
import { helpPage } from '../src/cli/help-pages.js';

export default class Help extends FleetCommand<typeof Help> {
  static override summary = 'Say what a command does, with its flags and examples';
  static override description =
    'Without words all commands are told of, after the first word of some those that it can be followed by. --help and -h behind any command say the same.';
  static override strict = false;
  static override args = {
    command: Args.string({ description: 'Words of a command, or its first ones' }),
  };
  static override examples = [
    '<%= config.bin %> help',
    '<%= config.bin %> help station',
    '<%= config.bin %> help station list',
    `<%= config.bin %> help station list --json | jq -r '.flags[].name'`,
  ];

  async run() {
    const help = helpPage(this.config, helpWords(this.words));
    if (!this.jsonEnabled()) await this.print(await helpText(help, this.terminal));
    return help.page;
  }
}
