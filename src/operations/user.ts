import { type Static, Type } from '@sinclair/typebox';
import { checkEmail } from '../domain/email.js';
import { FleetError } from '../domain/errors.js';
import { checkName } from '../domain/identifiers.js';
import { newUser } from '../domain/new-entities.js';
import { checkPassword, passwordHasher } from '../domain/password.js';
import { roles, type User } from '../domain/people.js';
import { plural } from '../domain/plural.js';
import type { Repositories } from '../domain/repositories.js';
import { quoteForShell } from '../domain/shell.js';
import { siteManagers } from './access.js';
import { applyListQuery, fieldsOf, listOf, listQuery } from './list.js';
import { findSite, findUser } from './lookup.js';
import { naming } from './naming.js';
import { type OperationContext, unary } from './operation.js';
import {
  changes,
  createOrElse,
  createOutput,
  deleteInput,
  deleteOrIgnore,
  deleteOutput,
  given,
  ifExists,
  named,
  nullable,
  oneOf,
} from './shared.js';
import { checkAdminRemains, checkMayMake, checkMayManage } from './user-rules.js';
import { userDetail, userDetailOf, userView, userViewer } from './user-view.js';

const role = oneOf(...roles);

const properties = {
  firstName: Type.Optional(nullable(Type.String())),
  lastName: Type.Optional(nullable(Type.String())),
  role: Type.Optional(role),
  /** Names; the person is for these from now on. */
  sites: Type.Optional(Type.Array(Type.String(), { maxItems: 1000 })),
  emailAtAlarm: Type.Optional(Type.Boolean()),
};
/** See domain/password.ts for what it needs. */
const password = Type.String({ maxLength: 4096 });

type Properties = Static<ReturnType<typeof Type.Object<typeof properties>>>;
type Change = Partial<Omit<User, 'uuid' | 'createdAt'>>;

function checkNames({ firstName, lastName }: Properties): void {
  if (typeof firstName === 'string') checkName('first name', firstName);
  if (typeof lastName === 'string') checkName('last name', lastName);
}

/** Out of the transaction, because it takes long. Null: there is no password any more; undefined: nothing was said. */
async function hashOf(
  { passwords = passwordHasher, newSecret }: OperationContext,
  text: string | null | undefined,
): Promise<string | null | undefined> {
  if (typeof text !== 'string') return text;
  checkPassword(text);
  return passwords.hash(text, newSecret);
}

async function siteUuidsOf(
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
async function change(
  { caller, clock }: OperationContext,
  r: Repositories,
  user: User,
  wanted: Change,
): Promise<number> {
  checkMayManage(caller, user);
  // Whoever becomes an admin is for all sites.
  const made = wanted.role === 'admin' && !wanted.siteUuids ? { ...wanted, siteUuids: [] } : wanted;
  const after = { ...user, ...made };
  checkMayMake(caller, after);
  await checkAdminRemains(r, user, after);
  await r.users.update(user.uuid, made);
  if (made.passwordHash === undefined) return 0;
  const keys = await r.apiKeys.list({ userUuid: user.uuid });
  const logins = keys.filter(
    ({ id, origin, revokedAt }) => origin === 'login' && revokedAt === null && id !== caller.keyId,
  );
  for (const { id } of logins) await r.apiKeys.update(id, { revokedAt: clock.now() });
  return logins.length;
}

async function checkNoTags(r: Repositories, { uuid, email }: User): Promise<void> {
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

export const userOperations = {
  'user.list': unary({
    summary: 'List users',
    access: siteManagers,
    effect: 'read',
    input: Type.Object({ ...listQuery, role: Type.Optional(role), site: Type.Optional(Type.String()) }),
    output: listOf(userView),
    run: ({ store }, { role, site, ...query }) =>
      store.read(async (r) => {
        const siteUuid = site === undefined ? undefined : (await findSite(r, site)).uuid;
        const users = await r.users.list(siteUuid === undefined ? {} : { siteUuids: [siteUuid] });
        const wanted = users.filter((user) => role === undefined || user.role === role);
        return applyListQuery(wanted.map(await userViewer(r)), query, fieldsOf(userView));
      }),
  }),

  'user.show': unary({
    summary: 'Show a user with their tags',
    access: siteManagers,
    effect: 'read',
    input: Type.Object({ email: Type.String() }),
    output: userDetail,
    run: ({ store }, { email }) => store.read(async (r) => userDetailOf(r, await findUser(r, email))),
  }),

  'user.create': unary({
    summary: 'Create a user',
    access: siteManagers,
    effect: 'change',
    input: Type.Object({
      email: Type.String(),
      ...properties,
      password: Type.Optional(password),
      ifExists,
    }),
    output: createOutput(userDetail),
    async run(context, { email, sites, password, ifExists, ...rest }) {
      checkEmail(email);
      checkNames(rest);
      const { store, newId, clock, caller } = context;
      const passwordHash = await hashOf(context, password);
      return store.write(async (r) => {
        const existing = await r.users.findByEmail(email);
        const wanted = given({ ...rest, siteUuids: await siteUuidsOf(r, sites), passwordHash });
        const outcome = await createOrElse({
          what: `user ${existing?.email ?? email}`,
          existing,
          ifExists,
          async create() {
            const nobody = newUser({ uuid: newId(), email, createdAt: clock.now() });
            const user = { ...nobody, siteUuids: sitesUnlessGiven(context), ...wanted };
            checkMayMake(caller, user);
            await r.users.insert(user);
          },
          async update(user) {
            await change(context, r, user, wanted);
          },
        });
        return { outcome, item: await userDetailOf(r, await findUser(r, email)) };
      });
    },
  }),

  'user.update': unary({
    summary: 'Change a user',
    access: siteManagers,
    effect: 'change',
    input: Type.Object({
      email: Type.String(),
      newEmail: Type.Optional(Type.String()),
      ...properties,
      disabled: Type.Optional(Type.Boolean()),
      /** Null: the person cannot log in any more. */
      password: Type.Optional(nullable(password)),
    }),
    output: Type.Object({
      item: userDetail,
      /** Keys that were revoked because they came from logging in with the password that was. */
      loginsEnded: Type.Integer(),
    }),
    async run(context, { email, newEmail, sites, password, ...rest }) {
      if (newEmail !== undefined) checkEmail(newEmail);
      checkNames(rest);
      changes({ ...rest, newEmail, sites, password });
      const passwordHash = await hashOf(context, password);
      return context.store.write(async (r) => {
        const user = await findUser(r, email);
        const siteUuids = await siteUuidsOf(r, sites);
        const wanted = given({ ...rest, email: newEmail, siteUuids, passwordHash });
        const loginsEnded = await change(context, r, user, wanted);
        return { item: await userDetailOf(r, await findUser(r, newEmail ?? email)), loginsEnded };
      });
    },
  }),

  'user.delete': unary({
    summary: 'Delete a user who has no tags; their sessions are kept, their API keys are not',
    access: siteManagers,
    effect: 'change',
    input: Type.Object({ email: Type.String(), ...deleteInput }),
    output: deleteOutput,
    run: ({ store, caller }, { email, ignoreNotFound }) =>
      store.write((r) =>
        deleteOrIgnore(ignoreNotFound, async () => {
          const user = await findUser(r, email);
          checkMayManage(caller, user);
          await checkAdminRemains(r, user);
          await checkNoTags(r, user);
          await r.apiKeys.deleteByUser(user.uuid);
          await r.users.delete(user.uuid);
        }),
      ),
  }),
};

/** Those whom a site-admin makes are for the same sites, unless told. */
function sitesUnlessGiven({ caller }: OperationContext): readonly string[] {
  return caller.siteUuids ?? [];
}
