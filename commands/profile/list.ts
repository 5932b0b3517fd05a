import { Args, Flags } from '@oclif/core';
import { FleetCommand } from '../../src/cli/base-command.js';
import { listFlags, withEnv } from '../../src/cli/flags/flags.js';
import { oneStation } from '../../src/cli/one-station.js';
import { profileList } from '../../src/views/profile.js';

export default class ProfileList extends FleetCommand<typeof ProfileList> {
  static override summary = 'List the charging profiles that stations were given';
  static override description =
    `What was sent, is not cleared, has not expired, and whose session runs. OCPP 1.6 has no way to ask a station for its
profiles; what they come to together, profile schedule asks. The state unanswered means that the station did not say
whether it took the profile; it never does of one that went with a remote start.`;
  static override examples = [
    '<%= config.bin %> profile list',
    '<%= config.bin %> profile list CP001 --json',
    '<%= config.bin %> profile list --site Solna --filter purpose=TxProfile',
  ];
  static override args = { station: Args.string({ description: 'Only of this station' }) };
  static override flags = withEnv({
    station: Flags.string({ summary: 'Only of this station.' }),
    site: Flags.string({ summary: 'Only of stations of this site.' }),
    ...listFlags,
  });

  async run() {
    const fleet = await this.fleet();
    const list = await fleet.run('profile.list', {
      stationId: oneStation(this.args.station, this.flags.station),
      site: this.flags.site,
      ...this.listQuery(this.flags),
    });
    return this.printList(this.flags, list, profileList);
  }
}
