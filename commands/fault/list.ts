import { Args, Flags } from '@oclif/core';
import { FleetCommand } from '../../src/cli/base-command.js';
import { instantFlag, integer, listFlags, withEnv } from '../../src/cli/flags/flags.js';
import { followFlag, printFollowed } from '../../src/cli/follow.js';
import { oneStation } from '../../src/cli/one-station.js';
import { faultList } from '../../src/views/fault.js';

export default class FaultList extends FleetCommand<typeof FaultList> {
  static override summary = 'List the errors that stations reported, newest first';
  static override description =
    'A fault lasts from the first report of an error until the connector (0: the station itself) reports none, or another one. With --follow a line comes for each fault that begins and for each that is over.';
  static override examples = [
    '<%= config.bin %> fault list --active',
    '<%= config.bin %> fault list CP001 --from "30d ago"',
    '<%= config.bin %> fault list --error GroundFailure --csv',
    '<%= config.bin %> fault list --follow',
  ];
  static override args = { station: Args.string({ description: 'Only of this station' }) };
  static override flags = withEnv({
    station: Flags.string({ summary: 'Only of this station.' }),
    connector: integer({ min: 0, summary: 'Only of this connector; 0 is the station itself.' }),
    error: Flags.string({ summary: 'Only this error: its code or that of the vendor.' }),
    active: Flags.boolean({ default: false, summary: 'Only those that last.' }),
    from: instantFlag({
      summary: 'Only those that lasted until then or longer: 2026-11-01, "7d ago", today.',
    }),
    to: instantFlag({ summary: 'Only those that began before then.' }),
    ...followFlag,
    ...listFlags,
  });

  async run() {
    const { connector, error, active, from, to, follow } = this.flags;
    const which = { stationId: oneStation(this.args.station, this.flags.station), connector, error };
    const fleet = await this.fleet();
    if (follow) return printFollowed(this, this.flags, fleet.batches('fault.follow', which), faultList);
    const query = {
      ...which,
      from,
      to,
      active: active || undefined,
      ...this.listQuery(this.flags),
    };
    return this.printList(this.flags, await fleet.run('fault.list', query), faultList);
  }
}
