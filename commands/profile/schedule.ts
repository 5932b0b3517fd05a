import { Args, Flags } from '@oclif/core';
import { FleetCommand } from '../../src/cli/base-command.js';
import { durationFlag, integer, timeoutFlag, withEnv } from '../../src/cli/flags/flags.js';
import { toSeconds } from '../../src/cli/values.js';
import { profileIntegerMax, rateUnits } from '../../src/domain/charging/charging-profile.js';
import { chargingSchedule } from '../../src/views/charging-chart.js';

export default class ProfileSchedule extends FleetCommand<typeof ProfileSchedule> {
  static override summary = 'Show what a station would allow a connector to take, from now on';
  static override description =
    'The station puts all its profiles together. Drawn over time on a terminal; a line for each period, with tabs, for programs.';
  static override examples = [
    '<%= config.bin %> profile schedule CP001 --connector 1',
    '<%= config.bin %> profile schedule CP001 --connector 0 --duration 24h --unit W',
    '<%= config.bin %> profile schedule CP001 --connector 1 --json',
  ];
  static override args = { station: Args.string({ required: true, description: 'Id of the station' }) };
  static override flags = withEnv({
    connector: integer({
      required: true,
      min: 0,
      max: 1000,
      summary: 'Connector; 0 is the station as a whole.',
    }),
    duration: durationFlag({
      default: 3_600_000,
      minMs: 1000,
      maxMs: profileIntegerMax * 1000,
      summary: 'How far to look ahead.',
    }),
    unit: Flags.option({
      options: rateUnits,
      summary: 'Unit of the limits; the station chooses otherwise.',
    })(),
    ...timeoutFlag,
  });

  async run() {
    const { connector, duration, unit, timeout: timeoutMs } = this.flags;
    const fleet = await this.fleet();
    const schedule = await fleet.run('profile.schedule', {
      stationId: this.args.station,
      connector,
      duration: toSeconds(duration) ?? 1,
      unit,
      timeoutMs,
    });
    await this.print(chargingSchedule(schedule, this.terminal));
    return schedule;
  }
}
