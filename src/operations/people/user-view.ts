import { type Static, Type } from '@sinclair/typebox';
import { roles, type User } from '../../domain/people/people.js';
import type { Repositories } from '../../domain/repositories.js';
import { instant, nullable, oneOf, toIso } from '../shared.js';

const properties = {
  email: Type.String(),
  uuid: Type.String(),
  firstName: nullable(Type.String()),
  lastName: nullable(Type.String()),
  role: oneOf(...roles),
  /** Names, sorted; those that exist for the caller. */
  sites: Type.Array(Type.String()),
  status: oneOf('active', 'disabled'),
  /** Whether the person can log in. */
  hasPassword: Type.Boolean(),
  emailAtAlarm: Type.Boolean(),
  createdAt: instant,
};

export const userView = Type.Object(properties);
export type UserView = Static<typeof userView>;

export const userDetail = Type.Object({ ...properties, tags: Type.Array(Type.String()) });
export type UserDetail = Static<typeof userDetail>;

/** How users look to the caller whose repositories these are. */
export async function userViewer(r: Repositories): Promise<(user: User) => UserView> {
  const sites = await r.sites.list();
  return (user) => ({
    email: user.email,
    uuid: user.uuid,
    firstName: user.firstName,
    lastName: user.lastName,
    role: user.role,
    sites: sites.filter(({ uuid }) => user.siteUuids.includes(uuid)).map(({ name }) => name),
    status: user.disabled ? 'disabled' : 'active',
    hasPassword: user.passwordHash !== null,
    emailAtAlarm: user.emailAtAlarm,
    createdAt: toIso(user.createdAt),
  });
}

export async function userDetailOf(r: Repositories, user: User): Promise<UserDetail> {
  const view = await userViewer(r);
  const tags = await r.tags.list({ userUuid: user.uuid });
  return { ...view(user), tags: tags.map(({ tag }) => tag) };
}
