import { Args, Flags } from '@oclif/core';
import { FleetCommand } from '../../src/cli/base-command.js';
import { instantFlag, integer, timeoutFlag, withEnv, withOwnEnv } from '../../src/cli/flags/flags.js';
import { reserved } from '../../src/views/reservation.js';

export default class ReservationCreate extends FleetCommand<typeof ReservationCreate> {
  static override summary = 'Reserve a connector for a tag';
  static override description =
    `The station keeps the connector free for this tag, and for others with the same parent, until a session begins with
it, its time is over, it is cancelled, or the connector has a fault.`;
  static override examples = [
    '<%= config.bin %> reservation create CP001 --connector 1 --tag 04A2B3C4 --expires 30m',
    '<%= config.bin %> reservation create CP001 --connector 0 --tag 04A2B3C4 --expires 2026-11-20T18:00',
  ];
  static override args = { station: Args.string({ required: true, description: 'Id of the station' }) };
  static override flags = withEnv({
    ...withOwnEnv('reservation', {
      connector: integer({
        required: true,
        summary: 'Connector to reserve; 0 for any, at stations that support it.',
        min: 0,
        max: 1000,
      }),
      tag: Flags.string({ required: true, summary: 'Tag to reserve it for.' }),
      expires: instantFlag({
        required: true,
        towards: 'future',
        summary: 'Until when: a duration from now or an instant.',
      }),
    }),
    ...timeoutFlag,
  });

  async run() {
    const { connector, tag, expires: expiresAt, timeout: timeoutMs } = this.flags;
    const fleet = await this.fleet();
    const reservation = await fleet.run('reservation.create', {
      stationId: this.args.station,
      connector,
      tag,
      expiresAt,
      timeoutMs,
    });
    await this.print(reserved(reservation, this.terminal));
    return reservation;
  }
}
