import { FleetError } from '../../domain/errors.js';
import { checkName } from '../../domain/identifiers.js';
import type { Repositories } from '../../domain/repositories.js';
import { isActive } from './authenticate.js';

/** Keys of one person that are kept, those that are over included. */
const keysMax = 100;

/** @throws FleetError USAGE */
export function checkLabel(label: string): void {
  checkName('label', label);
}

/**
 * Before somebody gets another key: when there are as many as are kept, the oldest goes that is over, else the oldest
 * login.
 * @throws FleetError CONFLICT when all of them were created and are in use
 */
export async function makeRoomForKey(r: Repositories, userUuid: string, now: number): Promise<void> {
  const keys = await r.apiKeys.list({ userUuid });
  if (keys.length < keysMax) return;
  const spare =
    keys.findLast((key) => !isActive(key, now)) ?? keys.findLast(({ origin }) => origin === 'login');
  if (!spare) {
    throw new FleetError('CONFLICT', `There are ${keysMax} keys already, all of them in use.`, {
      suggestions: ['evfleet api-key list', 'evfleet api-key revoke ID'],
    });
  }
  await r.apiKeys.delete(spare.id);
}
