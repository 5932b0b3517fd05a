import { FleetError } from '../../domain/errors.js';
import { foldKey } from '../../domain/fold-key.js';
import type { User } from '../../domain/people/people.js';
import type { UserRepository } from '../../domain/people/people-repositories.js';
import { quoteForShell } from '../../domain/shell.js';
import { build, type Executor, first, isEmpty, prepared } from '../queries.js';
import type { Tables } from '../schema.js';

const columns = [
  'uuid',
  'email',
  'firstName',
  'lastName',
  'role',
  'passwordHash',
  'disabled',
  'emailAtAlarm',
  'createdAt',
] as const;
type Row = Omit<Tables['user'], 'emailKey'>;

const byUuid = prepared<{ uuid: string }, Row>(({ uuid }) =>
  build.selectFrom('user').select(columns).where('uuid', '=', uuid),
);

const byEmail = prepared<{ emailKey: string }, Row>(({ emailKey }) =>
  build.selectFrom('user').select(columns).where('emailKey', '=', emailKey),
);

const sitesOf = prepared<{ userUuid: string }, { siteUuid: string }>(({ userUuid }) =>
  build.selectFrom('userSite').select('siteUuid').where('userUuid', '=', userUuid).orderBy('siteUuid'),
);

function toUser({ disabled, emailAtAlarm, ...row }: Row, siteUuids: readonly string[]): User {
  return { ...row, disabled: disabled !== 0, emailAtAlarm: emailAtAlarm !== 0, siteUuids };
}

export function createUserRepository(executor: Executor): UserRepository {
  async function withSites(row: Row | undefined): Promise<User | undefined> {
    if (!row) return undefined;
    const sites = await executor.all(sitesOf({ userUuid: row.uuid }));
    return toUser(
      row,
      sites.map(({ siteUuid }) => siteUuid),
    );
  }

  async function putSites(userUuid: string, siteUuids: readonly string[]): Promise<void> {
    await executor.run(build.deleteFrom('userSite').where('userUuid', '=', userUuid).compile());
    for (const siteUuid of new Set(siteUuids)) {
      await executor.run(build.insertInto('userSite').values({ userUuid, siteUuid }).compile());
    }
  }

  async function checkFree(email: string, uuid: string): Promise<void> {
    const query = build.selectFrom('user').select(['uuid', 'email']).where('emailKey', '=', foldKey(email));
    const other = await first(executor, query.compile());
    if (other === undefined || other.uuid === uuid) return;
    throw new FleetError('EXISTS', `The e-mail address ${email} is taken by another user.`, {
      suggestions: [`evfleet user show ${quoteForShell(email)}`, 'evfleet user list'],
    });
  }

  return {
    async findByEmail(email) {
      return withSites(await first(executor, byEmail({ emailKey: foldKey(email) })));
    },

    findByUuid: async (uuid) => withSites(await first(executor, byUuid({ uuid }))),

    async list({ siteUuids } = {}) {
      if (siteUuids?.length === 0) return [];
      let users = build.selectFrom('user').select(columns).orderBy('emailKey');
      if (siteUuids !== undefined) {
        users = users.where('uuid', 'in', ({ selectFrom }) =>
          selectFrom('userSite').select('userUuid').where('siteUuid', 'in', siteUuids),
        );
      }
      const rows = await executor.all(users.compile());
      const sites = new Map<string, string[]>();
      const all = build.selectFrom('userSite').select(['userUuid', 'siteUuid']).orderBy('siteUuid');
      for (const { userUuid, siteUuid } of await executor.all(all.compile())) {
        const others = sites.get(userUuid);
        if (others) others.push(siteUuid);
        else sites.set(userUuid, [siteUuid]);
      }
      return rows.map((row) => toUser(row, sites.get(row.uuid) ?? []));
    },

    async insert({ siteUuids, disabled, emailAtAlarm, ...user }) {
      await checkFree(user.email, user.uuid);
      const flags = { disabled: Number(disabled), emailAtAlarm: Number(emailAtAlarm) };
      const row = { ...user, ...flags, emailKey: foldKey(user.email) };
      await executor.run(build.insertInto('user').values(row).compile());
      await putSites(user.uuid, siteUuids);
    },

    async update(uuid, { siteUuids, disabled, emailAtAlarm, ...change }) {
      if (change.email !== undefined) await checkFree(change.email, uuid);
      const row = {
        ...change,
        ...(change.email !== undefined && { emailKey: foldKey(change.email) }),
        ...(disabled !== undefined && { disabled: Number(disabled) }),
        ...(emailAtAlarm !== undefined && { emailAtAlarm: Number(emailAtAlarm) }),
      };
      if (!isEmpty(row))
        await executor.run(build.updateTable('user').set(row).where('uuid', '=', uuid).compile());
      if (siteUuids !== undefined) await putSites(uuid, siteUuids);
    },

    async delete(uuid) {
      await putSites(uuid, []);
      await executor.run(build.deleteFrom('user').where('uuid', '=', uuid).compile());
    },
  };
}
