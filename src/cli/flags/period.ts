import { FleetError } from '../../domain/errors.js';

/**
 * A period whose end lies before its beginning holds nothing: a script with the two mixed up would take that for an
 * answer.
 * @param flags what `--from` and `--to` of a command parse to, if it has them: instants, ms since the epoch
 * @throws FleetError USAGE
 */
export function checkPeriod({ from, to }: Readonly<Record<string, unknown>>): void {
  if (typeof from !== 'number' || typeof to !== 'number' || from <= to) return;
  throw new FleetError('USAGE', 'The period ends before it begins: --to is earlier than --from.');
}
