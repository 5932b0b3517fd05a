import { Args, Flags } from '@oclif/core';
import { FleetCommand } from '../../src/cli/base-command.js';
import { alarmFilter, alarmFilterFlags } from '../../src/cli/flags/alarm-filter.js';
import { listFlags, withEnv } from '../../src/cli/flags/flags.js';
import { oneStation } from '../../src/cli/one-station.js';
import { alarmList, mailIsOff } from '../../src/views/alarm.js';

export default class AlarmList extends FleetCommand<typeof AlarmList> {
  static override summary = 'List open alarms, newest first';
  static override description =
    'An alarm is a condition that somebody has to know of. It opens once, however often a station tells of it, and clears five minutes after the condition is over. The log of what happened is event list; alarms that are cleared are in alarm history.';
  static override examples = [
    '<%= config.bin %> alarm list',
    '<%= config.bin %> alarm list --site Solna --unacked',
    '<%= config.bin %> alarm list --kind ground-failure --json',
  ];
  static override args = { station: Args.string({ description: 'Only of this station' }) };
  static override flags = withEnv({
    ...alarmFilterFlags,
    unacked: Flags.boolean({ default: false, summary: 'Only those that nobody has acknowledged.' }),
    ...listFlags,
  });

  async run() {
    const station = oneStation(this.args.station, this.flags.station);
    const fleet = await this.fleet();
    const { mailOff, ...list } = await fleet.run('alarm.list', {
      ...alarmFilter({ ...this.flags, station }),
      acked: this.flags.unacked ? false : undefined,
      ...this.listQuery(this.flags),
    });
    const alarms = await this.printList(this.flags, list, alarmList);
    if (mailOff !== null && this.terminal.isTTY) this.say(mailIsOff(mailOff));
    return alarms;
  }
}
