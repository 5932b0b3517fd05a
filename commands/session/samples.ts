import { Args, Flags } from '@oclif/core';
import { FleetCommand } from '../../src/cli/base-command.js';
import { instantFlag, integer, listFlags, withEnv } from '../../src/cli/flags/flags.js';
import { FleetError } from '../../src/domain/errors.js';
import { orphanList, sampleList } from '../../src/views/session.js';

export default class SessionSamples extends FleetCommand<typeof SessionSamples> {
  static override summary = 'List what was metered during a session, or at a station outside of any';
  static override description =
    'The meter values of a session are listed oldest first. With --orphans, those of a station that name no session are listed, newest first.';
  static override examples = [
    '<%= config.bin %> session samples 42',
    '<%= config.bin %> session samples 42 --csv > samples.csv',
    '<%= config.bin %> session samples --orphans --station CP001 --connector 1 --from today',
  ];
  static override args = { id: Args.string({ description: 'Session id or transaction id' }) };
  static override flags = withEnv({
    orphans: Flags.boolean({ default: false, summary: 'What belongs to no session.' }),
    station: Flags.string({ dependsOn: ['orphans'], summary: 'Of this station.' }),
    connector: integer({ dependsOn: ['orphans'], summary: 'Only of this connector.', min: 0 }),
    from: instantFlag({ dependsOn: ['orphans'], summary: 'Only what was taken then or later.' }),
    to: instantFlag({ dependsOn: ['orphans'], summary: 'Only what was taken before then.' }),
    ...listFlags,
  });

  async run() {
    const { orphans, station: stationId, connector, from, to } = this.flags;
    const { id } = this.args;
    const query = this.listQuery(this.flags);
    if (orphans && id === undefined && stationId !== undefined) {
      const fleet = await this.fleet();
      const found = await fleet.run('session.orphans', { stationId, connector, from, to, ...query });
      return this.printList(this.flags, found, orphanList);
    }
    if (orphans || id === undefined) {
      throw new FleetError('USAGE', 'Whose samples? Name a session, or --orphans and --station.', {
        suggestions: ['evfleet session samples 42', 'evfleet session samples --orphans --station CP001'],
      });
    }
    const fleet = await this.fleet();
    return this.printList(this.flags, await fleet.run('session.samples', { id, ...query }), sampleList);
  }
}
