import { FleetError } from '../../domain/errors.js';
import type { OperationContext } from '../operation.js';

/**
 * The context as far as its caller may see: what lies outside of their sites, or belongs to somebody else, does not
 * exist for them.
 */
export function scoped(context: OperationContext): OperationContext {
  const { caller } = context;
  if (caller.siteUuids === null && caller.role !== 'driver') return context;
  throw new FleetError('NOT_ALLOWED', `${caller.name} is for some sites only.`);
}
