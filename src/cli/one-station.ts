import { FleetError } from '../domain/errors.js';

/**
 * The station that a list is narrowed to, by its argument or by `--station`.
 * @throws FleetError USAGE when they name two
 */
export function oneStation(argument: string | undefined, flag: string | undefined): string | undefined {
  if (argument === undefined || flag === undefined || argument === flag) return argument ?? flag;
  throw new FleetError('USAGE', `The stations ${argument} and ${flag} are two; a list is of one, or of all.`);
}
