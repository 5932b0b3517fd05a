import { Args, Flags } from '@oclif/core';
import { FleetCommand } from '../../src/cli/base-command.js';
import { withEnv } from '../../src/cli/flags/flags.js';
import { handled } from '../../src/views/alarm.js';

export default class AlarmAck extends FleetCommand<typeof AlarmAck> {
  static override summary = 'Acknowledge alarms: somebody has seen them';
  static override description =
    'They stay open until their conditions are over. Who acknowledged an alarm first is kept.';
  static override examples = [
    '<%= config.bin %> alarm ack 7c9e6679',
    '<%= config.bin %> alarm ack 7c9e6679 0b1d22aa --note "on my way"',
    '<%= config.bin %> alarm ack $(<%= config.bin %> alarm list --site Solna -q)',
  ];
  static override args = {
    id: Args.string({
      required: true,
      description: 'Id of the alarm, or its first characters; more may follow',
    }),
  };
  static override strict = false;
  static override flags = withEnv({
    note: Flags.string({ helpValue: '<text>', summary: 'What is to be said of it.' }),
  });

  async run() {
    const fleet = await this.fleet();
    const { alarms } = await fleet.run('alarm.ack', { ids: [...this.words], note: this.flags.note });
    if (!this.jsonEnabled()) await this.print(handled('Acknowledged', alarms));
    return alarms;
  }
}
