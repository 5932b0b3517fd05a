import { FleetError } from '../../domain/errors.js';
import { hashOfSecret, newApiKey } from '../../domain/people/api-key.js';
import type { Caller } from '../../domain/people/caller.js';
import { passwordHasher } from '../../domain/people/password.js';
import type { Role, User } from '../../domain/people/people.js';
import { recordingStore } from '../audit/recording-store.js';
import type { OperationContext } from '../operation.js';
import { toIso } from '../shared.js';
import { checkLabel, makeRoomForKey } from './api-key-rules.js';

/** How long one is logged in. */
const lifeMs = 90 * 86_400_000;

export interface LogInInput {
  readonly email: string;
  readonly password: string;
  /** Where it is for, as lists of keys show it: the name of the host that asks. */
  readonly label?: string | null | undefined;
}

export interface LoggedIn {
  /** Shown this once; see domain/people/api-key.ts. */
  readonly key: string;
  readonly id: string;
  readonly email: string;
  readonly role: Role;
  readonly expires: string | null;
}

/**
 * Gives a person with a password a key. Who is unknown or disabled, or has no or another password, is told the same
 * after the same work.
 * @throws FleetError NOT_AUTHENTICATED; TOO_MANY_REQUESTS while too many passwords are being checked
 */
export async function logIn(
  {
    store,
    clock,
    newSecret,
    passwords = passwordHasher,
  }: Pick<OperationContext, 'store' | 'clock' | 'newSecret' | 'passwords'>,
  { email, password, label = null }: LogInInput,
  { address }: { readonly address: string | null },
): Promise<LoggedIn> {
  if (label !== null) checkLabel(label);
  const known = await store.read((r) => r.users.findByEmail(email.trim()));
  const kept = known && !known.disabled ? known.passwordHash : null;
  if (!(await passwords.matches(password, kept)) || !known || kept === null) throw notAuthenticated();
  const passwordHash = passwords.isOutdated(kept) ? await passwords.hash(password, newSecret) : undefined;
  const now = clock.now();
  const expires = toIso(now + lifeMs);
  const { key, id, secret } = newApiKey(newSecret);
  const caller: Caller = {
    name: known.email,
    role: known.role,
    userUuid: known.uuid,
    siteUuids: [],
    readOnly: false,
    way: 'api',
    address,
    keyId: id,
  };
  const recorded = recordingStore(store, { caller, operation: 'auth.login', clock });
  const user = await recorded.write(async (r): Promise<User> => {
    const user = await r.users.findByUuid(known.uuid);
    // Changed while the password was being checked.
    if (!user || user.disabled || user.passwordHash !== kept) throw notAuthenticated();
    if (passwordHash !== undefined) await r.users.update(user.uuid, { passwordHash });
    await makeRoomForKey(r, user.uuid, now);
    await r.apiKeys.insert({
      id,
      userUuid: user.uuid,
      label,
      secretHash: hashOfSecret(secret),
      readOnly: false,
      origin: 'login',
      expiresAt: now + lifeMs,
      createdAt: now,
      lastUsedAt: null,
      revokedAt: null,
    });
    return user;
  });
  return { key, id, email: user.email, role: user.role, expires };
}

function notAuthenticated(): FleetError {
  return new FleetError('NOT_AUTHENTICATED', 'The e-mail address or the password is not right.', {
    suggestions: [
      'Ask whoever looks after the fleet: a password may be missing, or the account be disabled.',
    ],
  });
}
