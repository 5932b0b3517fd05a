import { sql } from 'kysely';
import type {
  NoticeRepository,
  Outage,
  OutageRepository,
  WatchStateRepository,
} from '../../domain/outage.js';
import { build, type Executor, first, prepared, preparedInsert, preparedUpdate } from '../queries.js';
import type { Tables } from '../schema.js';

const columns = [
  'uuid',
  'stationUuid',
  'stationId',
  'since',
  'countsFrom',
  'deliberate',
  'nextStepAt',
  'endedAt',
] as const;
type Row = Tables['outage'];

const openOfStation = prepared<{ stationUuid: string }, Row>(({ stationUuid }) =>
  build
    .selectFrom('outage')
    .select(columns)
    .where('stationUuid', '=', stationUuid)
    .where('endedAt', 'is', null),
);

const insertRow = preparedInsert('outage', columns);

const updateRow = preparedUpdate('outage', 'uuid');

function toOutage(row: Row): Outage {
  return { ...row, deliberate: row.deliberate !== 0 };
}

export function createOutageRepository(executor: Executor): OutageRepository {
  return {
    async insert(outage) {
      const row = { ...outage, deliberate: Number(outage.deliberate) };
      for (const statement of insertRow([row])) await executor.run(statement);
    },

    async update(uuid, { deliberate, ...change }) {
      const statement = updateRow(uuid, {
        ...change,
        ...(deliberate !== undefined && { deliberate: Number(deliberate) }),
      });
      if (statement) await executor.run(statement);
    },

    async findOpen(stationUuid) {
      const row = await first(executor, openOfStation({ stationUuid }));
      return row && toOutage(row);
    },

    async listOpen() {
      const query = build.selectFrom('outage').select(columns).where('endedAt', 'is', null).orderBy('since');
      return (await executor.all(query.orderBy('uuid').compile())).map(toOutage);
    },

    async listDue(now, limit) {
      const query = build
        .selectFrom('outage')
        .select(columns)
        .where('endedAt', 'is', null)
        .where('nextStepAt', '<=', now)
        .orderBy('nextStepAt')
        .orderBy('uuid')
        .limit(limit);
      return (await executor.all(query.compile())).map(toOutage);
    },

    async findNextStep() {
      const query = build
        .selectFrom('outage')
        .select(({ fn }) => fn.min<number | null>('nextStepAt').as('next'))
        .where('endedAt', 'is', null)
        .where('nextStepAt', 'is not', null);
      return (await first(executor, query.compile()))?.next ?? undefined;
    },

    async putOff(byMs) {
      await executor.run(
        build
          .updateTable('outage')
          .set(({ eb }) => ({
            countsFrom: eb('countsFrom', '+', byMs),
            nextStepAt: eb('nextStepAt', '+', byMs),
          }))
          .where('endedAt', 'is', null)
          .compile(),
      );
    },

    async removeEnded({ endedBefore, limit }) {
      const old = build
        .selectFrom('outage')
        .select('uuid')
        .where('endedAt', '<', endedBefore)
        .orderBy('endedAt')
        .orderBy('uuid')
        .limit(limit);
      await executor.run(build.deleteFrom('notice').where('subjectUuid', 'in', old).compile());
      return executor.run(build.deleteFrom('outage').where('uuid', 'in', old).compile());
    },
  };
}

export function createNoticeRepository(executor: Executor): NoticeRepository {
  return {
    async note(notice) {
      const query = build
        .insertInto('notice')
        .values(notice)
        .onConflict((conflict) => conflict.doNothing());
      return (await executor.run(query.compile())) > 0;
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
