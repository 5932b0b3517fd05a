import { Args } from '@oclif/core';
import { FleetCommand } from '../../src/cli/base-command.js';
import { sessionRecord } from '../../src/views/session.js';

export default class SessionShow extends FleetCommand<typeof SessionShow> {
  static override summary = 'Show a session';
  static override examples = [
    '<%= config.bin %> session show 42',
    '<%= config.bin %> session show 7c9e6679-7425-40de-944b-e07fc1f90ae7 --json',
  ];
  static override args = { id: Args.string({ required: true, description: 'Session id or transaction id' }) };

  async run() {
    const fleet = await this.fleet();
    return this.printRecord(await fleet.run('session.show', { id: this.args.id }), sessionRecord);
  }
}
