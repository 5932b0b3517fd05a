import { sql } from 'kysely';
import type { Notice, NoticeRepository, WatchStateRepository } from '../../domain/alarm/outage.js';
import { build, type Executor, first, prepared } from '../queries.js';

/** When thousands of stations are lost at once. */
const insertNotice = prepared<{ [Column in keyof Notice]: Notice[Column] }, unknown>((notice) => {
  const { subjectUuid, stepMs, recipientKey, ruleUuid, at } = notice;
  return build
    .insertInto('notice')
    .values({ subjectUuid, stepMs, recipientKey, ruleUuid, at })
    .onConflict((conflict) => conflict.doNothing());
});

export function createNoticeRepository(executor: Executor): NoticeRepository {
  return {
    async note(notice) {
      return (await executor.run(insertNotice(notice))) > 0;
    },

    listBySubject: (subjectUuid) =>
      executor.all(
        build
          .selectFrom('notice')
          .select(['subjectUuid', 'stepMs', 'recipientKey', 'ruleUuid', 'at'])
          .where('subjectUuid', '=', subjectUuid)
          .orderBy('stepMs')
          .orderBy('recipientKey')
          .compile(),
      ),

    async forget(subjectUuid) {
      await executor.run(build.deleteFrom('notice').where('subjectUuid', '=', subjectUuid).compile());
    },
  };
}

export function createWatchStateRepository(executor: Executor): WatchStateRepository {
  return {
    async find(name) {
      const query = build.selectFrom('watchState').select('value').where('name', '=', name);
      return (await first(executor, query.compile()))?.value;
    },

    async set(name, value) {
      await executor.run(
        build
          .insertInto('watchState')
          .values({ name, value })
          .onConflict((conflict) => conflict.column('name').doUpdateSet({ value: sql.ref('excluded.value') }))
          .compile(),
      );
    },
  };
}
