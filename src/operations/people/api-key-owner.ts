import { FleetError } from '../../domain/errors.js';
import type { Caller } from '../../domain/people/caller.js';
import type { User } from '../../domain/people/people.js';
import type { Repositories } from '../../domain/repositories.js';
import { findUser } from '../lookup.js';
import { checkMayManage, mayManage } from './user-rules.js';

/** Whose a key is, as far as lists and rules go. */
export type KeyOwner = Pick<User, 'uuid' | 'email' | 'role'>;

/** The caller as an owner of keys; undefined for a user of the system, who has none and needs none. */
export function selfOf({ userUuid, name, role }: Caller): KeyOwner | undefined {
  return userUuid === null ? undefined : { uuid: userUuid, email: name, role };
}

function isSelf({ userUuid, name }: Caller, email: string): boolean {
  return userUuid !== null && email.toLowerCase() === name.toLowerCase();
}

/**
 * Whose keys are meant.
 * @throws FleetError NOT_ALLOWED when they are not the caller's to look after, whether or not there is such a person
 */
export async function ownerOf(r: Repositories, caller: Caller, email: string): Promise<KeyOwner> {
  const self = selfOf(caller);
  if (self && isSelf(caller, email)) return self;
  if (caller.role !== 'admin' && caller.role !== 'site-admin') {
    throw new FleetError('NOT_ALLOWED', `${caller.name} has the role ${caller.role}, for own keys only.`, {
      suggestions: ['Leave --user out.'],
    });
  }
  const user = await findUser(r, email);
  checkMayManage(caller, user);
  return user;
}

/** Everybody whose keys the caller looks after, by uuid. */
export async function ownersFor(r: Repositories, caller: Caller): Promise<Map<string, KeyOwner>> {
  const manages = caller.role === 'admin' || caller.role === 'site-admin';
  const users = manages ? (await r.users.list()).filter((user) => mayManage(caller, user)) : [];
  const self = selfOf(caller);
  return new Map([...users, ...(self ? [self] : [])].map((owner) => [owner.uuid, owner]));
}
