import { Type } from '@sinclair/typebox';
import { newUser } from '../../domain/new-entities.js';
import { checkEmail } from '../../domain/people/email.js';
import { roles } from '../../domain/people/people.js';
import { siteManagers } from '../access.js';
import { applyListQuery, fieldsOf, listOf, listQuery } from '../list.js';
import { findSite, findUser } from '../lookup.js';
import { type OperationContext, unary } from '../operation.js';
import {
  changes,
  createOrElse,
  createOutput,
  deleteInput,
  deleteOrIgnore,
  deleteOutput,
  given,
  ifExists,
  nullable,
  oneOf,
} from '../shared.js';
import { changeUser, checkNames, checkNoTags, passwordHashOf, siteUuidsOf } from './user-change.js';
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
/** See domain/people/password.ts for what it needs. */
const password = Type.String({ maxLength: 4096 });

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
      const passwordHash = await passwordHashOf(context, password);
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
            await changeUser(context, r, user, wanted);
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
      const passwordHash = await passwordHashOf(context, password);
      return context.store.write(async (r) => {
        const user = await findUser(r, email);
        const siteUuids = await siteUuidsOf(r, sites);
        const wanted = given({ ...rest, email: newEmail, siteUuids, passwordHash });
        const loginsEnded = await changeUser(context, r, user, wanted);
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
