import { Args } from '@oclif/core';
import { FleetCommand } from '../../src/cli/base-command.js';
import { eventFilterFlags } from '../../src/cli/flags/event-filter.js';
import { listFlags, withEnv } from '../../src/cli/flags/flags.js';
import { followedAgain, followFlag, printFollowed } from '../../src/cli/follow.js';
import { oneStation } from '../../src/cli/one-station.js';
import type { Fleet } from '../../src/operations/fleet.js';
import { eventList } from '../../src/views/event.js';

/** Lines before those that come. */
const tailDefault = 10;

export default class EventList extends FleetCommand<typeof EventList> {
  static override summary = 'List what happened in the fleet, the newest last';
  static override description =
    'Connections, boots, states of connectors, faults, sessions, remote commands, firmware, security. The order is that in which the server learned of it. With --follow the newest --limit (10) come first, then what happens; on a terminal it goes on when the server was restarted.';
  static override examples = [
    '<%= config.bin %> event list',
    '<%= config.bin %> event list --station CP001 --kind session',
    '<%= config.bin %> event list --kind fault.began --from today',
    '<%= config.bin %> event list --follow --json | jq .description',
  ];
  static override args = { station: Args.string({ description: 'Only of this station' }) };
  static override flags = withEnv({
    ...eventFilterFlags,
    ...followFlag,
    ...listFlags,
  });

  async run() {
    const { site, kind, from, to, follow, limit } = this.flags;
    const which = { stationId: oneStation(this.args.station, this.flags.station), site, kind };
    const fleet = await this.fleet();
    if (follow) {
      const from = (source: Fleet, tail: number) => source.batches('event.follow', { ...which, tail });
      const events = followedAgain(this, from(fleet, limit ?? tailDefault), from);
      return printFollowed(this, this.flags, events, eventList);
    }
    const query = { ...which, from, to, ...this.listQuery(this.flags) };
    return this.printList(this.flags, await fleet.run('event.list', query), eventList);
  }
}
