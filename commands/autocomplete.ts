import { Args, Flags } from '@oclif/core';
import { FleetCommand } from '../src/cli/base-command.js';
import { shells } from '../src/cli/complete/answers.js';
import { withEnv, withOwnEnv, yesFlag } from '../src/cli/flags/flags.js';
import { confirm } from '../src/cli/prompt.js';

export default class Autocomplete extends FleetCommand<typeof Autocomplete> {
  static override summary = 'Complete commands, flags and names with the tab key';
  static override description =
    `Without a shell it installs completion for yours (SHELL): it writes a script below your home directory and, for bash
and zsh, one line into .bashrc or .zshrc that reads it; doing it again changes nothing. With a shell it prints the script,
to be read or kept where you like.

Names of stations, sites, tags and so on are those of the fleet that the command on the line would work on. They are asked
of the server that runs, or read from the store without one; nothing is changed, and nobody is kept waiting.`;
  static override examples = [
    '<%= config.bin %> autocomplete',
    'source <(<%= config.bin %> autocomplete bash)',
    'source <(<%= config.bin %> autocomplete zsh)',
    '<%= config.bin %> autocomplete fish | source',
    '<%= config.bin %> autocomplete zsh --install --yes',
  ];
  static override args = {
    shell: Args.string({ options: [...shells], description: 'Print the script for this shell' }),
  };
  static override flags = {
    ...withOwnEnv('autocomplete', {
      install: Flags.boolean({ default: false, summary: 'Install it for the shell that is named.' }),
    }),
    ...withEnv(yesFlag),
  };

  async run() {
    const { completionScripts } = await import('../src/cli/complete/scripts.js');
    const { install, installationOf, isInstalled, shellOf } = await import('../src/cli/complete/install.js');
    const named = shells.find((known) => known === this.args.shell);
    if (named && !this.flags.install) {
      const script = completionScripts[named];
      await this.print(script);
      return { shell: named, script, files: [] };
    }
    const shell = named ?? shellOf(process.env);
    const steps = installationOf(shell, process.env);
    const [first, ...others] = steps.map(({ path }) => path);
    const line = others.map((path) => `, and a line in ${path}`).join('');
    const isThere = await isInstalled(steps);
    if (!isThere) await confirm(this, `Install completion for ${shell}: write ${first}${line}?`);
    const files = await install(steps);
    for (const { path, change } of files) this.say(`${path}: ${change}`);
    this.say(isThere ? `Completion for ${shell} was installed already.` : `It works in every new ${shell}.`);
    return { shell, script: null, files };
  }
}
