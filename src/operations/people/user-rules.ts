import { FleetError } from '../../domain/errors.js';
import type { Caller } from '../../domain/people/caller.js';
import type { User } from '../../domain/people/people.js';
import type { Repositories } from '../../domain/repositories.js';

const askAdmin = ['Ask somebody with the role admin.'];

/**
 * Admins are in charge of everybody; a site-admin of those who are for sites of theirs and for no others, and of no
 * admin.
 */
export function mayManage(caller: Caller, user: Pick<User, 'role' | 'siteUuids'>): boolean {
  if (caller.role === 'admin') return true;
  if (caller.role !== 'site-admin' || user.role === 'admin' || user.siteUuids.length === 0) return false;
  return user.siteUuids.every((uuid) => caller.siteUuids?.includes(uuid));
}

/** @throws FleetError NOT_ALLOWED that names no site */
export function checkMayManage(caller: Caller, user: Pick<User, 'email' | 'role' | 'siteUuids'>): void {
  if (mayManage(caller, user)) return;
  const why =
    user.role === 'admin' ? 'has the role admin' : 'is not only for sites that you are in charge of';
  throw new FleetError('NOT_ALLOWED', `${user.email} ${why}.`, { suggestions: askAdmin });
}

/**
 * Whether the caller may make somebody this, and whether it makes sense at all.
 * @throws FleetError NOT_ALLOWED; USAGE for a role without the sites it needs, or with sites that mean nothing
 */
export function checkMayMake(caller: Caller, { role, siteUuids }: Pick<User, 'role' | 'siteUuids'>): void {
  if (caller.role !== 'admin' && role === 'admin') {
    throw new FleetError('NOT_ALLOWED', 'Only an admin may make somebody an admin.', {
      suggestions: askAdmin,
    });
  }
  if (role === 'admin' && siteUuids.length > 0) {
    throw new FleetError('USAGE', 'An admin is for all sites, so none can be given.', {
      suggestions: ['--role site-admin, for somebody who is in charge of some sites'],
    });
  }
  if (role === 'site-admin' && siteUuids.length === 0) {
    throw new FleetError('USAGE', 'A site-admin is for some sites, and none is given.', {
      suggestions: ['--site NAME, as often as needed', 'evfleet site list'],
    });
  }
  if (!mayManage(caller, { role, siteUuids })) {
    throw new FleetError(
      'NOT_ALLOWED',
      'You may make people for sites of yours only, and for at least one.',
      {
        suggestions: ['--site NAME, as often as needed', 'evfleet site list'],
      },
    );
  }
}

/**
 * Before somebody becomes what `after` says, or is deleted: a fleet with admins keeps one who can log in.
 * @throws FleetError CONFLICT
 */
export async function checkAdminRemains(
  r: Repositories,
  user: User,
  after?: Pick<User, 'role' | 'disabled'>,
): Promise<void> {
  if (!isActiveAdmin(user) || (after && isActiveAdmin(after))) return;
  const users = await r.users.list();
  if (users.some((other) => other.uuid !== user.uuid && isActiveAdmin(other))) return;
  throw new FleetError('CONFLICT', `${user.email} is the last admin that is left.`, {
    suggestions: ['Make somebody else an admin first: evfleet user update EMAIL --role admin'],
  });
}

function isActiveAdmin({ role, disabled }: Pick<User, 'role' | 'disabled'>): boolean {
  return role === 'admin' && !disabled;
}
