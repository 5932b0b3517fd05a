import { Args, Flags } from '@oclif/core';
import { FleetCommand } from '../../src/cli/base-command.js';
import { integer, withEnv, withOwnEnv } from '../../src/cli/flags/flags.js';

export default class StationAccept extends FleetCommand<typeof StationAccept> {
  static override summary = 'Take in a station that knocked, or accept one that waits';
  static override description =
    'A station that is connected and waits is asked to boot again at once. station list --state unknown shows who knocked.';
  static override examples = [
    '<%= config.bin %> station accept CP001 --site Solna',
    '<%= config.bin %> station accept CP001 --site Solna --floor P1 --name "North wall" --connectors 2',
  ];
  static override args = {
    id: Args.string({
      required: true,
      description: 'OCPP identity: the last part of the URL it connects to',
    }),
  };
  static override flags = withEnv({
    ...withOwnEnv('station', {
      site: Flags.string({ summary: 'Site where it stands.' }),
      floor: Flags.string({ summary: 'Floor of that site.' }),
      name: Flags.string({ summary: 'Name for people; the id when left out.' }),
      connectors: integer({
        summary: 'How many connectors it has; 1 when left out for a new one.',
        min: 1,
        max: 1000,
      }),
    }),
  });

  async run() {
    const fleet = await this.fleet();
    const { id } = this.args;
    const { site, floor, name, connectors } = this.flags;
    const { outcome, knocked, item } = await fleet.run('station.accept', {
      id,
      site,
      floor,
      name,
      connectors,
    });
    switch (outcome) {
      case 'created':
        this.say(
          knocked
            ? `Took in station ${id}, which had knocked.`
            : `Created station ${id}; it has not knocked yet.`,
        );
        break;
      case 'accepted':
        this.say(`Accepted station ${id}.`);
        break;
      case 'unchanged':
        this.say(
          [site, floor, name, connectors].every((given) => given === undefined)
            ? `Station ${id} was accepted already.`
            : `Updated station ${id}, which was accepted already.`,
        );
        break;
    }
    return item;
  }
}
