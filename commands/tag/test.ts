import { Args } from '@oclif/core';
import { FleetCommand } from '../../src/cli/base-command.js';
import { connectorArg } from '../../src/cli/values.js';
import { tagTestRecord } from '../../src/views/tag-test.js';

export default class TagTest extends FleetCommand<typeof TagTest> {
  static override summary = 'Tell what would happen if a tag were shown at a station, and why';
  static override description =
    `What the station would be told when it asks (Authorize) and when a session begins
(StartTransaction), at each connector or the given one. Nothing is changed or recorded, and no station is asked. A tag
that would be refused, or that nobody knows, is an answer and no failure.`;
  static override examples = [
    '<%= config.bin %> tag test 04A2B3C4 CP001',
    '<%= config.bin %> tag test 04A2B3C4 CP001 2 --json',
  ];
  static override args = {
    tag: Args.string({ required: true, description: 'The tag' }),
    station: Args.string({ required: true, description: 'Id of the station' }),
    connector: connectorArg({ description: 'Number of the connector, from 1; all when left out' }),
  };

  async run() {
    const { tag, station: stationId, connector } = this.args;
    const fleet = await this.fleet();
    return this.printRecord(await fleet.run('tag.test', { tag, stationId, connector }), tagTestRecord);
  }
}
