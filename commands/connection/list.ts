import { Args, Flags } from '@oclif/core';
import { FleetCommand } from '../../src/cli/base-command.js';
import { instantFlag, integer, listFlags, withEnv } from '../../src/cli/flags/flags.js';
import { followFlag, printFollowed } from '../../src/cli/follow.js';
import { oneStation } from '../../src/cli/one-station.js';
import { connectionList } from '../../src/views/connection.js';

export default class ConnectionList extends FleetCommand<typeof ConnectionList> {
  static override summary = 'List when stations were connected and how it ended, newest first';
  static override description =
    'Who ended a connection: station or server by a goodbye; lost without one; protocol when the station sent what cannot be understood. Code 0001: the server was killed and nobody saw the end. With --follow a line comes for each connection that is opened and for each that ends.';
  static override examples = [
    '<%= config.bin %> connection list',
    '<%= config.bin %> connection list CP001 --from "7d ago"',
    '<%= config.bin %> connection list --initiator lost --from today --csv',
    '<%= config.bin %> connection list --open -q',
    '<%= config.bin %> connection list --follow --json',
  ];
  static override args = { station: Args.string({ description: 'Only of this station' }) };
  static override flags = withEnv({
    station: Flags.string({ summary: 'Only of this station.' }),
    from: instantFlag({
      summary: 'Only those that lasted until then or longer: 2026-11-01, "7d ago", today.',
    }),
    to: instantFlag({ summary: 'Only those that were opened before then.' }),
    code: integer({ min: 0, max: 9999, summary: 'Only those that ended with this code, for example 1006.' }),
    initiator: Flags.option({
      options: ['station', 'server', 'lost', 'protocol'] as const,
      summary: 'Only those that ended this way.',
    })(),
    open: Flags.boolean({ default: false, summary: 'Only those that last.' }),
    ...followFlag,
    ...listFlags,
  });

  async run() {
    const { from, to, code, initiator, open, follow } = this.flags;
    const which = { stationId: oneStation(this.args.station, this.flags.station), code, initiator };
    const fleet = await this.fleet();
    if (follow) {
      return printFollowed(this, this.flags, fleet.batches('connection.follow', which), connectionList);
    }
    const query = { ...which, from, to, open: open || undefined, ...this.listQuery(this.flags) };
    return this.printList(this.flags, await fleet.run('connection.list', query), connectionList);
  }
}
