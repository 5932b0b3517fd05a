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
    // The fields of a session are a contract; what else there is to say goes beside it.
    const { suspicion, verdict, ...session } = await fleet.run('session.show', { id: this.args.id });
    const shown = await this.printRecord(session, sessionRecord);
    if (suspicion !== null) this.say(`Suspect: ${suspicion}.`);
    if (verdict !== 'Accepted') this.say(`The station was told that the tag is not accepted: ${verdict}.`);
    return shown;
  }
}
