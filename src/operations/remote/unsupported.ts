import { FleetError } from '../../domain/errors.js';
import { Refusal, statusOfRefusal } from './refusal.js';

/**
 * For the failure of a call: a station that does not know the action at all lacks what it is for, and that is said.
 * @param lack goes on where the station was named: `takes no reservations`
 */
export function sayLack(stationId: string, lack: string): (error: unknown) => never {
  return (error) => {
    const status = error instanceof FleetError ? statusOfRefusal(error) : null;
    if (status !== 'NotImplemented' && status !== 'NotSupported') throw error;
    throw new Refusal(stationId, status, `${stationId} ${lack}: it answered ${status}.`);
  };
}
