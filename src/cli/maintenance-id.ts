import { FleetError } from '../domain/errors.js';

/** @throws FleetError USAGE for what is no number */
export function maintenanceId(typed: string): number {
  if (/^\d{1,10}$/.test(typed)) return Number(typed);
  throw new FleetError('USAGE', `Maintenance has a number, not ${JSON.stringify(typed)}.`, {
    suggestions: ['evfleet maintenance list'],
  });
}
