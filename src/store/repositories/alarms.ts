import { sql } from 'kysely';
import type { Alarm, AlarmFilter, AlarmKind, AlarmRepository } from '../../domain/alarm/alarm.js';
import {
  build,
  countRows,
  type Executor,
  first,
  prepared,
  preparedInsert,
  preparedUpdate,
} from '../queries.js';
import type { Tables } from '../schema.js';

const columns = [
  'uuid',
  'kind',
  'stationUuid',
  'stationId',
  'connector',
  'condition',
  'description',
  'rule',
  'beganAt',
  'openedAt',
  'count',
  'maintenance',
  'clearsAt',
  'clearedAt',
  'clearedBy',
  'note',
  'ackedAt',
  'ackedBy',
] as const;
type Row = Tables['alarm'];

const byCondition = prepared<
  { kind: AlarmKind; stationUuid: string; connector: number | null; condition: string },
  Row
>(({ kind, stationUuid, connector, condition }) =>
  build
    .selectFrom('alarm')
    .select(columns)
    .where('stationUuid', '=', stationUuid)
    .where('kind', '=', kind)
    .where('clearedAt', 'is', null)
    .where('connector', 'is not distinct from', connector)
    .where('condition', '=', condition),
);

const openOfStation = prepared<{ stationUuid: string }, Row>(({ stationUuid }) =>
  open().where('stationUuid', '=', stationUuid),
);

const insertRow = preparedInsert('alarm', columns);

const updateRow = preparedUpdate('alarm', 'uuid');

/** Alarms that a beginning of a uuid may fit before it is plain that it says too little. */
const ambiguousMax = 2;

function open() {
  return build
    .selectFrom('alarm')
    .select(columns)
    .where('clearedAt', 'is', null)
    .orderBy('openedAt', 'desc')
    .orderBy('uuid', 'desc');
}

function toAlarm(row: Row): Alarm {
  return { ...row, maintenance: row.maintenance !== 0 };
}

function filtered(filter: AlarmFilter) {
  const { open, kind, stationId, connector, siteUuid, groupUuid, siteUuids, acked, from, to } = filter;
  const { maintenance } = filter;
  let query = build.selectFrom('alarm');
  if (open !== undefined) query = query.where('clearedAt', open ? 'is' : 'is not', null);
  if (kind !== undefined) query = query.where('kind', '=', kind);
  if (stationId !== undefined) query = query.where('stationId', '=', stationId);
  if (connector !== undefined) query = query.where('connector', 'is not distinct from', connector);
  const sites =
    siteUuid === undefined ? siteUuids : [siteUuid].filter((one) => siteUuids?.includes(one) ?? true);
  if (sites !== undefined) {
    query = query.where('stationUuid', 'in', ({ selectFrom }) =>
      selectFrom('station')
        .select('station.uuid')
        .where('station.siteUuid', 'in', [...sites, '']),
    );
  }
  if (groupUuid !== undefined) {
    query = query.where('stationUuid', 'in', ({ selectFrom }) =>
      selectFrom('groupMember')
        .select('groupMember.stationUuid')
        .where('groupMember.groupUuid', '=', groupUuid),
    );
  }
  if (acked !== undefined) query = query.where('ackedAt', acked ? 'is not' : 'is', null);
  if (maintenance !== undefined) query = query.where('maintenance', '=', Number(maintenance));
  if (from !== undefined) query = query.where('openedAt', '>=', from);
  if (to !== undefined) query = query.where('openedAt', '<', to);
  return query;
}

export function createAlarmRepository(executor: Executor): AlarmRepository {
  const all = async (query: { compile(): Parameters<typeof executor.all<Row>>[0] }) =>
    (await executor.all<Row>(query.compile())).map(toAlarm);

  return {
    async insert(alarm) {
      const row = { ...alarm, maintenance: Number(alarm.maintenance) };
      for (const statement of insertRow([row])) await executor.run(statement);
    },

    async update(uuid, change) {
      const statement = updateRow(uuid, change);
      if (statement) await executor.run(statement);
    },

    async findByUuid(uuid) {
      const [alarm] = await all(build.selectFrom('alarm').select(columns).where('uuid', '=', uuid));
      return alarm;
    },

    findByPrefix: (prefix) =>
      all(
        build
          .selectFrom('alarm')
          .select(columns)
          .where('uuid', '>=', prefix)
          // Behind everything that a uuid can go on with.
          .where('uuid', '<', `${prefix}~`)
          .orderBy('uuid')
          .limit(ambiguousMax),
      ),

    async findOpen(condition) {
      const row = await first(executor, byCondition({ ...condition }));
      return row && toAlarm(row);
    },

    async listOpen(stationUuid) {
      if (stationUuid === undefined) return all(open());
      return (await executor.all(openOfStation({ stationUuid }))).map(toAlarm);
    },

    listClearing: (now, limit) =>
      all(
        build
          .selectFrom('alarm')
          .select(columns)
          .where('clearedAt', 'is', null)
          .where('clearsAt', '<=', now)
          .orderBy('clearsAt')
          .orderBy('uuid')
          .limit(limit),
      ),

    async findNextClearing() {
      const query = build
        .selectFrom('alarm')
        .select(({ fn }) => fn.min<number | null>('clearsAt').as('next'))
        .where('clearedAt', 'is', null)
        .where('clearsAt', 'is not', null);
      return (await first(executor, query.compile()))?.next ?? undefined;
    },

    listNeverConnected({ until, limit }) {
      return executor.all(
        build
          .selectFrom('station')
          .select(['uuid', 'id', 'createdAt'])
          .where('lastSeenAt', 'is', null)
          .where('createdAt', '<=', until)
          .where(({ not, exists, selectFrom }) =>
            not(
              exists(
                selectFrom('alarm')
                  .select('alarm.uuid')
                  .whereRef('alarm.stationId', '=', 'station.id')
                  .whereRef('alarm.stationUuid', '=', 'station.uuid')
                  .where('alarm.kind', '=', 'not-registered'),
              ),
            ),
          )
          .orderBy('createdAt')
          .orderBy('uuid')
          .limit(limit)
          .compile(),
      );
    },

    list(filter, { limit, after }) {
      let query = filtered(filter)
        .select(columns)
        .orderBy('openedAt', 'desc')
        .orderBy('uuid', 'desc')
        .limit(limit);
      if (after !== undefined) {
        const { openedAt, uuid } = after;
        query = query.where(({ eb, refTuple, tuple }) =>
          eb(refTuple('openedAt', 'uuid'), '<', tuple(openedAt, uuid)),
        );
      }
      return all(query);
    },

    count: (filter) => countRows(executor, filtered(filter)),

    countByStation: (filter) =>
      executor.all(
        filtered(filter)
          .select('stationUuid')
          .select(sql<number>`count(*)`.as('alarms'))
          .groupBy('stationUuid')
          .orderBy('stationUuid')
          .compile(),
      ),

    countOpenByKind: () =>
      executor.all(
        build
          .selectFrom('alarm')
          .select('kind')
          .select(sql<number>`count(*)`.as('alarms'))
          .where('clearedAt', 'is', null)
          .groupBy('kind')
          .orderBy('kind')
          .compile(),
      ),
  };
}
