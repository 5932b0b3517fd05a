import { FleetError } from '../domain/errors.js';
import type { Caller } from '../domain/people/caller.js';
import type { Role } from '../domain/people/people.js';
import { typedAs } from './typed-as.js';

/**
 * Who may run an operation.
 *
 * `reach`: `scope` works on what exists for the caller, which may be some sites only; `fleet` concerns what all sites
 * share, so it is for those who see the whole fleet; `machine` concerns files of the server's machine, so it is for
 * those who are there.
 */
export interface Access {
  readonly roles: readonly Role[];
  readonly reach: 'scope' | 'fleet' | 'machine';
}

export const everyone: Access = { roles: ['admin', 'site-admin', 'support', 'driver'], reach: 'scope' };
export const staff: Access = { roles: ['admin', 'site-admin', 'support'], reach: 'scope' };
export const siteManagers: Access = { roles: ['admin', 'site-admin'], reach: 'scope' };
export const fleetStaff: Access = { roles: ['admin', 'support'], reach: 'fleet' };
export const admins: Access = { roles: ['admin'], reach: 'fleet' };
export const machineAdmins: Access = { roles: ['admin'], reach: 'machine' };

export interface Protected {
  readonly access: Access;
  /** Whether it changes anything, in the store or in the field: what a read-only key may not, and the audit keeps. */
  readonly effect: 'read' | 'change';
  /** A change that a read-only key may make all the same: to give itself up. */
  readonly forReadOnly?: true;
}

/** @throws FleetError NOT_ALLOWED saying what is lacking; nothing about what exists */
export function checkAccess(name: string, { access, effect, forReadOnly }: Protected, caller: Caller): void {
  const what = typedAs(name);
  if (!access.roles.includes(caller.role)) {
    throw new FleetError(
      'NOT_ALLOWED',
      `${caller.name} has the role ${caller.role}, which may not run ${what}.`,
      {
        suggestions: [`Ask somebody with the role ${eitherOf(access.roles)}.`],
      },
    );
  }
  if (caller.readOnly && effect === 'change' && !forReadOnly) {
    throw new FleetError('NOT_ALLOWED', `This API key may only read, and ${what} changes something.`, {
      suggestions: ['Use a key that was made without --read-only.'],
    });
  }
  if (access.reach !== 'scope' && caller.siteUuids !== null) {
    throw new FleetError('NOT_ALLOWED', `${caller.name} is for some sites only, and ${what} concerns all.`, {
      suggestions: ['Ask somebody who is for the whole fleet.'],
    });
  }
  if (access.reach === 'machine' && caller.way === 'api') {
    throw new FleetError('NOT_ALLOWED', `${what} works with files of the machine that the server runs on.`, {
      suggestions: ['Run the command there, without --server.'],
    });
  }
}

/** `admin`, `admin or support`, `admin, site-admin or support`. */
function eitherOf(names: readonly string[]): string {
  const last = names.at(-1) ?? '';
  return names.length < 2 ? last : `${names.slice(0, -1).join(', ')} or ${last}`;
}
