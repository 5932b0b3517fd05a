import { FleetError } from '../../domain/errors.js';
import { checkPassword, passwordHasher } from '../../domain/people/password.js';
import type { OperationContext } from '../operation.js';
import { endLogins } from './user-change.js';

export interface OwnPasswords {
  readonly oldPassword: string;
  readonly newPassword: string;
}

/**
 * Gives the caller another password: who has only found a key does not know the old one, and gets no further.
 * @returns how many logins with the old one that ended
 * @throws WrongPassword when the old password is not right, or there is none; FleetError USAGE when the new one will not
 *   do; TOO_MANY_REQUESTS while too many are being checked
 */
export async function changeOwnPassword(
  { store, caller, clock, newSecret, passwords = passwordHasher }: OperationContext,
  { oldPassword, newPassword }: OwnPasswords,
): Promise<number> {
  const { userUuid } = caller;
  if (userUuid === null) {
    throw new FleetError('USAGE', 'A user of the system has no password here.', {
      suggestions: ['evfleet user update EMAIL --ask-password', 'evfleet user password --server URL'],
    });
  }
  checkPassword(newPassword);
  const kept = await store.read(async (r) => (await r.users.findByUuid(userUuid))?.passwordHash ?? null);
  if (!(await passwords.matches(oldPassword, kept))) throw new WrongPassword();
  const passwordHash = await passwords.hash(newPassword, newSecret);
  return store.write(async (r) => {
    const user = await r.users.findByUuid(userUuid);
    // Changed while the password was being checked.
    if (!user || user.passwordHash !== kept) throw new WrongPassword();
    await r.users.update(userUuid, { passwordHash });
    return endLogins(r, userUuid, { caller, clock });
  });
}

/** Not NOT_AUTHENTICATED: the key is right, and to log in once more would not help. */
export class WrongPassword extends FleetError {
  constructor() {
    super('NOT_ALLOWED', 'The old password is not right; nothing was changed.', {
      suggestions: ['Who has forgotten it gets a new one from whoever looks after the fleet.'],
    });
  }
}
