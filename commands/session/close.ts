import { Args, Flags } from '@oclif/core';
import { FleetCommand } from '../../src/cli/base-command.js';
import { instantFlag, withEnv, withOwnEnv, yesFlag } from '../../src/cli/flags/flags.js';
import { confirm } from '../../src/cli/prompt.js';
import { number } from '../../src/cli/values.js';
import { sessionClosed } from '../../src/views/session.js';

export default class SessionClose extends FleetCommand<typeof SessionClose> {
  static override summary = 'End a session in the records; this is no remote stop';
  static override description =
    `For a session whose stop will never come. The station is told nothing and may go on charging: remote stop ends a session there. Should the station report the stop after all, that counts and corrects the record.

The stop reason becomes "Closed", or "Closed: <text>" with --reason.`;
  static override examples = [
    '<%= config.bin %> session close 42',
    '<%= config.bin %> session close 42 --stopped-at "2026-11-20T14:03" --meter-stop 1985.4 --yes',
    '<%= config.bin %> session close 42 --reason "station was replaced" --yes',
  ];
  static override args = { id: Args.string({ required: true, description: 'Session id or transaction id' }) };
  static override flags = withEnv({
    ...withOwnEnv('session', {
      'stopped-at': instantFlag({ summary: 'When it ended; when it was last metered, else now.' }),
      'meter-stop': number({
        summary: 'Register at its end, in kWh; the latest that was reported.',
        min: 0,
        max: 1e9,
      }),
      reason: Flags.string({ helpValue: '<text>', summary: 'Why, for the records.' }),
    }),
    ...yesFlag,
  });

  async run() {
    const { 'stopped-at': stoppedAt, 'meter-stop': meterStopKwh, reason } = this.flags;
    const { id } = this.args;
    const fleet = await this.fleet();
    // Before anything is asked: a number that was mistyped needs no answer.
    const { transactionId, stationId, state } = await fleet.run('session.show', { id });
    const what = `session ${transactionId} of ${stationId}`;
    if (state !== 'ended') {
      await confirm(this, `Close ${what} in the records only? The station is told nothing.`);
    }
    const result = await fleet.run('session.close', { id, stoppedAt, meterStopKwh, reason });
    for (const line of sessionClosed(result, this.terminal)) this.say(line);
    return result.session;
  }
}
