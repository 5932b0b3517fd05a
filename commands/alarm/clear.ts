import { Args, Flags } from '@oclif/core';
import { FleetCommand } from '../../src/cli/base-command.js';
import { withEnv } from '../../src/cli/flags/flags.js';
import { handled, stillLasting } from '../../src/views/alarm.js';

export default class AlarmClear extends FleetCommand<typeof AlarmClear> {
  static override summary = 'Clear alarms by hand, with a note';
  static override description =
    'Alarms clear by themselves when their conditions are over; this is for those whose end no station will ever tell. The condition itself is left as it is, and opens an alarm again only when it comes anew.';
  static override examples = [
    '<%= config.bin %> alarm clear 7c9e6679 --note "lock was replaced"',
    '<%= config.bin %> alarm clear $(<%= config.bin %> alarm list --kind security -q) --note "drill"',
  ];
  static override args = {
    id: Args.string({
      required: true,
      description: 'Id of the alarm, or its first characters; more may follow',
    }),
  };
  static override strict = false;
  static override flags = withEnv({
    note: Flags.string({ helpValue: '<text>', required: true, summary: 'Why, for the records.' }),
  });

  async run() {
    const fleet = await this.fleet();
    const { alarms, lasting } = await fleet.run('alarm.clear', {
      ids: [...this.words],
      note: this.flags.note,
    });
    if (!this.jsonEnabled()) await this.print(handled('Cleared', alarms));
    if (lasting.length > 0) this.say(stillLasting(lasting));
    return alarms;
  }
}
