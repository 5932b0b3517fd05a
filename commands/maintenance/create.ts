import { Args, Flags } from '@oclif/core';
import { FleetCommand } from '../../src/cli/base-command.js';
import { durationFlag, instantFlag, integer, withOwnEnv } from '../../src/cli/flags/flags.js';
import { planned } from '../../src/views/maintenance.js';

/** A year, as the operation allows. */
const forMaxMs = 366 * 24 * 3600_000;

export default class MaintenanceCreate extends FleetCommand<typeof MaintenanceCreate> {
  static override summary = 'Plan maintenance, during which nobody is told of trouble';
  static override description =
    `Faults and alarms that begin during it are recorded, and marked with maintenance, but no mail or webhook tells of them.
It ends by itself, or with maintenance end. Of several stations, all get it, or none; JSON is a list then.`;
  static override examples = [
    '<%= config.bin %> maintenance create CP001 --for 2h --comment "new cable"',
    '<%= config.bin %> maintenance create CP001 CP002 --from 2026-11-21T08:00 --to 2026-11-21T16:00',
    '<%= config.bin %> maintenance create CP001 --connector 1 --from tomorrow --for 3d',
  ];
  static override strict = false;
  static override args = { station: Args.string({ required: true, description: 'Ids of the stations' }) };
  // Lists have flags of these names too, and a variable for lists must not say what is silenced.
  static override flags = withOwnEnv('maintenance', {
    connector: integer({
      min: 1,
      max: 1000,
      summary: 'Only this connector; the whole station when left out.',
    }),
    from: instantFlag({ towards: 'future', summary: 'When it begins; now when left out.' }),
    to: instantFlag({
      towards: 'future',
      exclusive: ['for'],
      summary: 'When it ends: an instant or a duration from now.',
    }),
    for: durationFlag({ minMs: 1000, maxMs: forMaxMs, summary: 'How long it lasts from its beginning.' }),
    comment: Flags.string({ summary: 'What it is about.' }),
  });

  async run() {
    const { connector, from, to, for: lastsMs, comment } = this.flags;
    const stationIds = [...this.words];
    const fleet = await this.fleet();
    const input = { stationIds, connector, from, to, lastsMs, comment };
    const windows = await fleet.run('maintenance.create', input);
    await this.print(planned(windows, this.terminal));
    return stationIds.length === 1 ? windows[0] : windows;
  }
}
