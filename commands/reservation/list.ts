import { Args, Flags } from '@oclif/core';
import { FleetCommand } from '../../src/cli/base-command.js';
import { integer, listFlags, withEnv } from '../../src/cli/flags/flags.js';
import { oneStation } from '../../src/cli/one-station.js';
import { reservationList } from '../../src/views/reservation.js';

export default class ReservationList extends FleetCommand<typeof ReservationList> {
  static override summary = 'List reservations, newest first';
  static override description =
    'Those in force, and those that a station was asked for and never answered: it may hold them.';
  static override examples = [
    '<%= config.bin %> reservation list',
    '<%= config.bin %> reservation list CP001 --all-states',
    '<%= config.bin %> reservation list --tag 04A2B3C4 --json',
  ];
  static override args = { station: Args.string({ description: 'Only of this station' }) };
  static override flags = withEnv({
    station: Flags.string({ summary: 'Only of this station.' }),
    connector: integer({ min: 0, summary: 'Only of this connector; 0 is any of the station.' }),
    tag: Flags.string({ summary: 'Only for this tag.' }),
    'all-states': Flags.boolean({ default: false, summary: 'Also those that are over, or were refused.' }),
    ...listFlags,
  });

  async run() {
    const { connector, tag, 'all-states': allStates } = this.flags;
    const stationId = oneStation(this.args.station, this.flags.station);
    const fleet = await this.fleet();
    const query = { stationId, connector, tag, allStates, ...this.listQuery(this.flags) };
    return this.printList(this.flags, await fleet.run('reservation.list', query), reservationList);
  }
}
