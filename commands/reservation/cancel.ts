import { Args } from '@oclif/core';
import { FleetCommand } from '../../src/cli/base-command.js';
import { timeoutFlag, withEnv } from '../../src/cli/flags/flags.js';
import { FleetError } from '../../src/domain/errors.js';

export default class ReservationCancel extends FleetCommand<typeof ReservationCancel> {
  static override summary = 'Cancel a reservation';
  static override description =
    'A station that does not know the reservation refuses; the reservation is over all the same.';
  static override examples = [
    '<%= config.bin %> reservation cancel 7',
    '<%= config.bin %> reservation cancel 7 --timeout 1m --json',
  ];
  static override args = { id: Args.string({ required: true, description: 'Number of the reservation' }) };
  static override flags = withEnv({ ...timeoutFlag });

  async run() {
    const { id } = this.args;
    if (!/^\d{1,10}$/.test(id)) {
      throw new FleetError('USAGE', `A reservation has a number, not ${JSON.stringify(id)}.`, {
        suggestions: ['evfleet reservation list'],
      });
    }
    const fleet = await this.fleet();
    const { timeout: timeoutMs } = this.flags;
    const reservation = await fleet.run('reservation.cancel', { id: Number(id), timeoutMs });
    await this.print(`Reservation ${reservation.id} at ${reservation.stationId} is cancelled.\n`);
    return reservation;
  }
}
