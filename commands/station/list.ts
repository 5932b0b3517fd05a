import { Flags } from '@oclif/core';
import { FleetCommand } from '../../src/cli/base-command.js';
import { listFlags, withEnv } from '../../src/cli/flags/flags.js';
import { plural } from '../../src/domain/plural.js';
import { quoteForShell } from '../../src/domain/shell.js';
import { stationList, strangerList } from '../../src/views/station.js';

export default class StationList extends FleetCommand<typeof StationList> {
  static override summary = 'List stations';
  static override examples = [
    '<%= config.bin %> station list',
    '<%= config.bin %> station list --site Solna --state offline',
    '<%= config.bin %> station list --state unknown',
    '<%= config.bin %> station list -q | head',
  ];
  static override flags = withEnv({
    site: Flags.string({ summary: 'Only stations of this site.' }),
    group: Flags.string({ summary: 'Only stations of this group.' }),
    state: Flags.option({
      env: 'EVFLEET_STATION_STATE',
      options: ['online', 'offline', 'accepted', 'pending', 'rejected', 'unknown'] as const,
      summary: 'Only stations in this state; unknown are those that knocked without being in the topology.',
    })(),
    ...listFlags,
  });

  async run() {
    const fleet = await this.fleet();
    const list = await fleet.run('station.list', {
      site: this.flags.site,
      group: this.flags.group,
      state: this.flags.state,
      ...this.listQuery(this.flags),
    });
    if (this.flags.state === 'unknown') {
      const printed = await this.printList(this.flags, list, strangerList);
      const [first] = list.items;
      if (first) this.say(`Take one in with: ${takeIn(first.id)}`);
      return printed;
    }
    const printed = await this.printList(this.flags, list, stationList);
    const waiting = list.items.filter(({ registration }) => registration === 'pending');
    const pending = waiting.find(({ online }) => online) ?? waiting[0];
    if (pending) this.say(`What is pending may not charge yet: ${takeIn(pending.id, pending.site !== null)}`);
    else if (list.total === 0 && this.flags.state === undefined) await this.#tellOfStrangers();
    return printed;
  }

  /** Whoever looks for a station that has just tried to connect finds it. */
  async #tellOfStrangers(): Promise<void> {
    const fleet = await this.fleet();
    const { total } = await fleet.run('station.list', { state: 'unknown', limit: 1 });
    if (total > 0)
      this.say(
        `${plural(total, 'station')} knocked that nobody knows here: evfleet station list --state unknown`,
      );
  }
}

function takeIn(id: string, hasSite = false): string {
  return `evfleet station accept ${quoteForShell(id)}${hasSite ? '' : ' --site <site>'}`;
}
