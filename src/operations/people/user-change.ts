import { FleetError } from '../../domain/errors.js';
import { checkName } from '../../domain/identifiers.js';
import { checkPassword, passwordHasher } from '../../domain/people/password.js';
import type { User } from '../../domain/people/people.js';
import { plural } from '../../domain/plural.js';
import type { Repositories } from '../../domain/repositories.js';
import { quoteForShell } from '../../domain/shell.js';
import { findSite } from '../lookup.js';
import { naming } from '../naming.js';
import type { OperationContext } from '../operation.js';
import { named } from '../shared.js';
import { checkAdminRemains, checkMayMake, checkMayManage } from './user-rules.js';

type UserChange = Partial<Omit<User, 'uuid' | 'createdAt'>>;

export function checkNames({
  firstName,
  lastName,
}: {
  readonly firstName?: string | null;
  readonly lastName?: string | null;
}): void {
  if (typeof firstName === 'string') checkName('first name', firstName);
  if (typeof lastName === 'string') checkName('last name', lastName);
}

/** Out of the transaction, because it takes long. Null: there is no password any more; undefined: nothing was said. */
export async function passwordHashOf(
  { passwords = passwordHasher, newSecret }: OperationContext,
  text: string | null | undefined,
): Promise<string | null | undefined> {
  if (typeof text !== 'string') return text;
  checkPassword(text);
  return passwords.hash(text, newSecret);
}

export async function siteUuidsOf(
  r: Repositories,
  names: readonly string[] | undefined,
): Promise<string[] | undefined> {
  if (names === undefined) return undefined;
  const uuids: string[] = [];
  for (const name of names) uuids.push((await naming(`--site ${name}`, findSite(r, name))).uuid);
  return [...new Set(uuids)];
}

/**
 * Changes somebody, as far as the caller may.
 * @returns how many logins that ended: a new password, or none any more, is for those who may know the old one
 */
export async function changeUser(
  { caller, clock }: OperationContext,
  r: Repositories,
  user: User,
  wanted: UserChange,
): Promise<number> {
  checkMayManage(caller, user);
  // Whoever becomes an admin is for all sites.
  const made = wanted.role === 'admin' && !wanted.siteUuids ? { ...wanted, siteUuids: [] } : wanted;
  const after = { ...user, ...made };
  checkMayMake(caller, after);
  await checkAdminRemains(r, user, after);
  await r.users.update(user.uuid, made);
  return made.passwordHash === undefined ? 0 : endLogins(r, user.uuid, { caller, clock });
}

/**
 * Revokes the keys that somebody got for a password that is no longer theirs, but for the one with which this is asked.
 * @returns how many
 */
export async function endLogins(
  r: Repositories,
  userUuid: string,
  { caller, clock }: Pick<OperationContext, 'caller' | 'clock'>,
): Promise<number> {
  const keys = await r.apiKeys.list({ userUuid });
  const logins = keys.filter(
    ({ id, origin, revokedAt }) => origin === 'login' && revokedAt === null && id !== caller.keyId,
  );
  for (const { id } of logins) await r.apiKeys.update(id, { revokedAt: clock.now() });
  return logins.length;
}

export async function checkNoTags(r: Repositories, { uuid, email }: User): Promise<void> {
  const tags = await r.tags.list({ userUuid: uuid });
  const [first] = tags;
  if (!first) return;
  throw new FleetError(
    'HAS_CHILDREN',
    `${email} still has ${plural(tags.length, 'tag')}: ${named(tags.map(({ tag }) => tag))}.`,
    {
      suggestions: [
        `evfleet tag delete ${quoteForShell(first.tag)}`,
        `evfleet tag list --user ${quoteForShell(email)}`,
        `evfleet user update ${quoteForShell(email)} --disable, to keep them and have them refused`,
      ],
    },
  );
}
