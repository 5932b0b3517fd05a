import { Args } from '@oclif/core';
import { FleetCommand } from '../../src/cli/base-command.js';
import { ignoreNotFoundFlag, withEnv, yesFlag } from '../../src/cli/flags/flags.js';
import { deletedLine } from '../../src/cli/outcome.js';
import { confirm } from '../../src/cli/prompt.js';
import { wholeNumber } from '../../src/cli/whole-number.js';

export default class DiagnosticsDelete extends FleetCommand<typeof DiagnosticsDelete> {
  static override summary = 'Delete a request for diagnostics and its file';
  static override examples = [
    '<%= config.bin %> diagnostics delete 7',
    '<%= config.bin %> diagnostics delete 7 --yes --ignore-not-found',
  ];
  static override args = {
    id: Args.string({ required: true, description: 'Number of the request, as diagnostics list shows it' }),
  };
  static override flags = withEnv({ ...yesFlag, ...ignoreNotFoundFlag });

  async run() {
    const id = wholeNumber('The number of a request', this.args.id);
    const what = `request ${id} and its file`;
    await confirm(this, `Delete ${what}?`);
    const fleet = await this.fleet();
    const ignoreNotFound = this.flags['ignore-not-found'];
    const { deleted } = await fleet.run('diagnostics.delete', { id, ignoreNotFound });
    this.say(deletedLine(deleted, what));
    return { id, deleted };
  }
}
