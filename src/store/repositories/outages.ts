import { type ExpressionBuilder, sql } from 'kysely';
import type { Outage, OutageRepository, Together } from '../../domain/alarm/outage.js';
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
  'heldMs',
  'stormUuid',
  'endedAt',
  'backAt',
] as const;
type Row = Tables['outage'];

const openOfStation = prepared<{ stationUuid: string }, Row>(({ stationUuid }) =>
  build
    .selectFrom('outage')
    .select(columns)
    .where('stationUuid', '=', stationUuid)
    .where('endedAt', 'is', null),
);

/** Asked for whenever the watcher wakes. */
const nextStep = prepared<Record<string, never>, { next: number | null }>(() =>
  build
    .selectFrom('outage')
    .select(({ fn }) => fn.min<number | null>('nextStepAt').as('next'))
    .where('endedAt', 'is', null)
    .where('nextStepAt', 'is not', null),
);

const nextBack = prepared<Record<string, never>, { next: number | null }>(() =>
  build
    .selectFrom('outage')
    .select(({ fn }) => fn.min<number | null>('backAt').as('next'))
    .where('backAt', 'is not', null),
);

/** Asked for each of thousands that come back at once. */
const stormBack = prepared<{ stormUuid: string }, Pick<Row, 'backAt'>>(({ stormUuid }) =>
  build
    .selectFrom('outage')
    .select('backAt')
    .where('stormUuid', '=', stormUuid)
    .where('backAt', 'is not', null)
    .orderBy('backAt', 'desc')
    .limit(1),
);

const insertRow = preparedInsert('outage', columns);

const updateRow = preparedUpdate('outage', 'uuid');

const page = build.selectFrom('outage').select(columns).orderBy('uuid');

function toOutage(row: Row): Outage {
  return { ...row, deliberate: row.deliberate !== 0 };
}

type Conditions = ExpressionBuilder<Tables, 'outage'>;

function areTogether({ from, to, stepMs }: Together) {
  return ({ eb, and, ref }: Conditions) =>
    and([
      eb('endedAt', 'is', null),
      eb('nextStepAt', '>=', from),
      eb('nextStepAt', '<=', to),
      eb(eb('nextStepAt', '-', ref('countsFrom')), '=', stepMs),
      eb('stormUuid', 'is', null),
      eb('heldMs', 'is', null),
    ]);
}

function isStormDue(stormUuid: string, now: number) {
  return ({ eb, and }: Conditions) =>
    and([
      eb('stormUuid', '=', stormUuid),
      eb('endedAt', 'is', null),
      eb('heldMs', 'is', null),
      eb('nextStepAt', '<=', now),
    ]);
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

    async listUnwatched(limit) {
      const query = build
        .selectFrom('station')
        .select(['uuid', 'id', 'offlineSinceAt'])
        .where('registration', '=', 'accepted')
        .where('offlineSinceAt', 'is not', null)
        .where(({ not, exists, selectFrom }) =>
          not(
            exists(
              selectFrom('outage')
                .select('outage.uuid')
                .whereRef('outage.stationUuid', '=', 'station.uuid')
                .where('outage.endedAt', 'is', null),
            ),
          ),
        )
        .orderBy('uuid')
        .limit(limit);
      return (await executor.all(query.compile())).flatMap(
        ({ uuid: stationUuid, id: stationId, offlineSinceAt: since }) =>
          since === null ? [] : [{ stationUuid, stationId, since }],
      );
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

    async listOpenAfter({ after, limit }) {
      const query = page.where('endedAt', 'is', null).where('uuid', '>', after).limit(limit);
      return (await executor.all(query.compile())).map(toOutage);
    },

    findNextStep: async () => (await first(executor, nextStep({})))?.next ?? undefined,

    async countTogether(about) {
      const query = build
        .selectFrom('outage')
        .select(sql<number>`count(*)`.as('n'))
        .where(areTogether(about));
      return (await first(executor, query.compile()))?.n ?? 0;
    },

    async joinStorm(stormUuid, about) {
      const last = build
        .selectFrom('outage')
        .select(({ fn }) => fn.max<number | null>('nextStepAt').as('at'))
        .where(areTogether(about));
      const at = (await first(executor, last.compile()))?.at ?? null;
      if (at === null) return;
      await executor.run(
        build
          .updateTable('outage')
          .set({ stormUuid, countsFrom: at - about.stepMs, nextStepAt: at })
          .where(areTogether(about))
          .compile(),
      );
    },

    async listStormDue(stormUuid, { now, after, limit }) {
      const query = page.where(isStormDue(stormUuid, now)).where('uuid', '>', after).limit(limit);
      return (await executor.all(query.compile())).map(toOutage);
    },

    async moveStorm(stormUuid, now, nextStepAt) {
      await executor.run(
        build.updateTable('outage').set({ nextStepAt }).where(isStormDue(stormUuid, now)).compile(),
      );
    },

    findStormBack: async (stormUuid) =>
      (await first(executor, stormBack({ stormUuid })))?.backAt ?? undefined,

    async listBack(now, limit) {
      const query = build
        .selectFrom('outage')
        .select(columns)
        .where('backAt', '<=', now)
        .orderBy('backAt')
        .orderBy('uuid')
        .limit(limit);
      return (await executor.all(query.compile())).map(toOutage);
    },

    async listStormBack(stormUuid, { backAt, after, limit }) {
      const query = page
        .where('stormUuid', '=', stormUuid)
        .where('backAt', '=', backAt)
        .where('uuid', '>', after)
        .limit(limit);
      return (await executor.all(query.compile())).map(toOutage);
    },

    async endStormBack(stormUuid, backAt) {
      await executor.run(
        build
          .updateTable('outage')
          .set({ backAt: null })
          .where('stormUuid', '=', stormUuid)
          .where('backAt', '=', backAt)
          .compile(),
      );
    },

    findNextBack: async () => (await first(executor, nextBack({})))?.next ?? undefined,

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

    async endOrphans(now, limit) {
      const orphans = build
        .selectFrom('outage')
        .select('outage.uuid')
        .where('endedAt', 'is', null)
        .where(({ not, exists, selectFrom }) =>
          not(
            exists(
              selectFrom('station')
                .select('station.uuid')
                .whereRef('station.uuid', '=', 'outage.stationUuid'),
            ),
          ),
        )
        .orderBy('outage.uuid')
        .limit(limit);
      return executor.run(
        build.updateTable('outage').set({ endedAt: now }).where('uuid', 'in', orphans).compile(),
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
      // What was told of a storm is needed as long as any of its outages is kept.
      const kept = build.selectFrom('outage').select('stormUuid').where('stormUuid', 'is not', null);
      const storms = build.selectFrom('outage').select('stormUuid').where('uuid', 'in', old);
      await executor.run(build.deleteFrom('notice').where('subjectUuid', 'in', old).compile());
      await executor.run(
        build
          .deleteFrom('notice')
          .where('subjectUuid', 'in', storms)
          .where('subjectUuid', 'not in', kept.where('uuid', 'not in', old))
          .compile(),
      );
      return executor.run(build.deleteFrom('outage').where('uuid', 'in', old).compile());
    },
  };
}
