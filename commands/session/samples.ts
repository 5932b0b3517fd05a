import { Args } from '@oclif/core';
import { FleetCommand } from '../../src/cli/base-command.js';
import { listFlags, withEnv } from '../../src/cli/flags.js';
import { sampleList } from '../../src/views/session.js';

export default class SessionSamples extends FleetCommand<typeof SessionSamples> {
  static override summary = 'List what was metered during a session, oldest first';
  static override examples = [
    '<%= config.bin %> session samples 42',
    '<%= config.bin %> session samples 42 --csv > samples.csv',
  ];
  static override args = { id: Args.string({ required: true, description: 'Session id or transaction id' }) };
  static override flags = withEnv(listFlags);

  async run() {
    const fleet = await this.fleet();
    const samples = await fleet.run('session.samples', { id: this.args.id, ...this.listQuery(this.flags) });
    return this.printList(this.flags, samples, sampleList);
  }
}
