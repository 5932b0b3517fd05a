import { existsSync } from 'node:fs';
import { expect, it } from 'vitest';
import { FleetError } from '../../src/domain/errors.js';
import { type Caller, systemCaller } from '../../src/domain/people/caller.js';
import {
  type Access,
  admins,
  checkAccess,
  everyone,
  fleetStaff,
  machineAdmins,
  siteManagers,
  staff,
} from '../../src/operations/access.js';
import { operations } from '../../src/operations/registry.js';
import { typedAs } from '../../src/operations/typed-as.js';

const admin: Caller = { ...systemCaller('ada@example.org', 'socket'), way: 'api' };
const root = systemCaller('root', 'socket');
const reader: Caller = { ...admin, readOnly: true };
const siteAdmin: Caller = { ...admin, role: 'site-admin', siteUuids: ['solna'] };
const support: Caller = { ...admin, role: 'support' };
const local: Caller = { ...support, siteUuids: ['solna'] };
const driver: Caller = { ...admin, role: 'driver', siteUuids: [] };

/** Why it is refused; undefined when it is not. */
function complaint(access: Access, effect: 'read' | 'change', caller: Caller): string | undefined {
  try {
    checkAccess('site.update', { access, effect }, caller);
    return undefined;
  } catch (error) {
    if (error instanceof FleetError && error.code === 'NOT_ALLOWED') return error.message;
    throw error;
  }
}

const role = (name: string) => `ada@example.org has the role ${name}, which may not run site update.`;
const someSites = 'ada@example.org is for some sites only, and site update concerns all.';
const onlyReads = 'This API key may only read, and site update changes something.';
const there = 'site update works with files of the machine that the server runs on.';

it.each<[string, Access, 'read' | 'change', Caller, string | undefined]>([
  ['a driver what everyone may', everyone, 'read', driver, undefined],
  ['a driver what the staff may', staff, 'read', driver, role('driver')],
  ['support for a site what the staff may', staff, 'change', local, undefined],
  ['support what site-admins may', siteManagers, 'change', support, role('support')],
  ['a site-admin what site-admins may', siteManagers, 'change', siteAdmin, undefined],
  ['a site-admin what concerns all', fleetStaff, 'read', siteAdmin, role('site-admin')],
  ['support for all what concerns all', fleetStaff, 'read', support, undefined],
  ['support for a site what concerns all', fleetStaff, 'read', local, someSites],
  ['support what admins may', admins, 'change', support, role('support')],
  ['an admin what admins may', admins, 'change', admin, undefined],
  ['an admin from elsewhere what is done on the machine', machineAdmins, 'change', admin, there],
  ['an admin on the machine what is done there', machineAdmins, 'change', root, undefined],
  ['a reading key to read', admins, 'read', reader, undefined],
  ['a reading key to change something', admins, 'change', reader, onlyReads],
])('tells %s', (_, access, effect, caller, expected) => {
  expect(complaint(access, effect, caller)).toBe(expected);
});

it.each([
  [admins, 'Ask somebody with the role admin.'],
  [siteManagers, 'Ask somebody with the role admin or site-admin.'],
  [staff, 'Ask somebody with the role admin, site-admin or support.'],
])('says who could do it', (access, suggestion) => {
  const check = () => checkAccess('site.create', { access, effect: 'change' }, driver);
  expect(check).toThrow(expect.objectContaining({ suggestions: [suggestion] }));
});

it('names commands that there are, whatever the operation', () => {
  // Asked by many commands, and by the tab key.
  const without = ['station.select', 'name.list'];
  const names = Object.keys(operations).filter((name) => !without.includes(name));
  const file = (command: string) => `commands/${command.replaceAll(' ', '/')}.ts`;
  expect(names.filter((name) => !existsSync(file(typedAs(name))))).toEqual([]);
});
