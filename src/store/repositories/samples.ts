import { sql } from 'kysely';
import type {
  EndedSince,
  OpenSample,
  RegisterAt,
  SampleRepository,
} from '../../domain/charging/session-repositories.js';
import type { MeterSample } from '../../domain/model.js';
import { build, type Executor, first, prepared, preparedInsertOfValues, type Values } from '../queries.js';

/** Statements that insert such rows. */
export const insertSampleRows = preparedInsertOfValues('meterSample', [
  'transactionId',
  'stationUuid',
  'connector',
  'takenAt',
  'receivedAt',
  'context',
  'energyWh',
  'powerW',
  'currentA',
  'voltageV',
  'soc',
  'other',
]);

/** A sample of a session has that one's station and connector. */
export function toSampleRow(sample: MeterSample): Values {
  const { transactionId, takenAt, receivedAt, context, energyWh, powerW, currentA, voltageV, soc, other } =
    sample;
  const isOrphan = transactionId === null;
  return [
    transactionId,
    isOrphan ? sample.stationUuid : null,
    isOrphan ? sample.connector : null,
    takenAt,
    receivedAt,
    context,
    energyWh,
    powerW,
    currentA,
    voltageV,
    soc,
    other,
  ];
}

function ofSession(transactionId: number) {
  return build
    .selectFrom('meterSample')
    .innerJoin('session', 'session.transactionId', 'meterSample.transactionId')
    .select(['session.stationUuid', 'session.connector', 'meterSample.transactionId'])
    .select(['takenAt', 'meterSample.receivedAt', 'context', 'energyWh', 'powerW'])
    .select(['currentA', 'voltageV', 'soc', 'other'])
    .where('meterSample.transactionId', '=', transactionId);
}

const latest = prepared<{ transactionId: number }, MeterSample>(({ transactionId }) =>
  ofSession(transactionId)
    .orderBy('takenAt', 'desc')
    .orderBy('meterSample.receivedAt', 'desc')
    .limit(1)
    .$castTo<MeterSample>(),
);

/** Stations may tell energy and power at instants of their own. */
const instantsOfOpen = 4;

// Cross joins, because SQLite takes their order as it is given: the few sessions first, then their place in the index.
const latestOfOpen = prepared<Record<never, never>, OpenSample>(() =>
  build
    .selectFrom('session')
    .crossJoin('meterSample')
    .select(['session.transactionId', 'meterSample.takenAt', 'meterSample.receivedAt'])
    .select(['meterSample.energyWh', 'meterSample.powerW', 'meterSample.soc'])
    .where('session.stoppedAt', 'is', null)
    .whereRef('meterSample.transactionId', '=', 'session.transactionId')
    .where(({ eb, fn, selectFrom, val }) =>
      eb(
        'meterSample.takenAt',
        '>=',
        fn.coalesce(
          selectFrom('meterSample as other')
            .select('other.takenAt')
            .whereRef('other.transactionId', '=', 'session.transactionId')
            .orderBy('other.takenAt', 'desc')
            .limit(1)
            .offset(instantsOfOpen - 1),
          val(Number.MIN_SAFE_INTEGER),
        ),
      ),
    )
    .orderBy('meterSample.takenAt')
    .orderBy('meterSample.receivedAt')
    .orderBy('session.transactionId'),
);

function registersAt(instants: readonly number[], ended: EndedSince | undefined) {
  const rows = instants.map((at) => sql`select cast(${at} as bigint) as ${sql.ref('at')}`);
  const bound = sql<{ at: number }>`(${sql.join(rows, sql` union all `)})`.as<'bound'>(sql.ref('bound'));
  const query = build
    .selectFrom('session')
    .crossJoin(bound)
    .select(['session.transactionId', 'bound.at'])
    .select(({ selectFrom }) =>
      selectFrom('meterSample')
        .select('meterSample.energyWh')
        .whereRef('meterSample.transactionId', '=', 'session.transactionId')
        .whereRef('meterSample.takenAt', '<=', 'bound.at')
        .where('meterSample.energyWh', 'is not', null)
        .orderBy('meterSample.takenAt', 'desc')
        .orderBy('meterSample.energyWh', 'desc')
        .limit(1)
        .as('energyWh'),
    )
    .whereRef('bound.at', '>', 'session.startedAt')
    .orderBy('bound.at')
    .orderBy('session.transactionId')
    .$castTo<RegisterAt>();
  if (ended === undefined) return query.where('session.stoppedAt', 'is', null);
  return query
    .where('session.startedAt', '>=', ended.startedFrom)
    .where('session.stoppedAt', '>=', ended.endedFrom)
    .whereRef('bound.at', '<', 'session.stoppedAt');
}

export function createSampleRepository(executor: Executor): SampleRepository {
  return {
    async insert(samples) {
      for (const statement of insertSampleRows(samples.map(toSampleRow))) await executor.run(statement);
    },

    findLatest: (transactionId) => first(executor, latest({ transactionId })),

    listLatestOfOpen: () => executor.all(latestOfOpen({})),

    async listRegistersAt(instants, ended) {
      if (instants.length === 0) return [];
      const open = await executor.all(registersAt(instants, undefined).compile());
      return ended ? [...open, ...(await executor.all(registersAt(instants, ended).compile()))] : open;
    },

    listBySession(transactionId, { limit, offset } = {}) {
      let query = ofSession(transactionId)
        .orderBy('takenAt')
        .orderBy('meterSample.receivedAt')
        .$castTo<MeterSample>();
      // SQLite knows no OFFSET without a LIMIT.
      if (offset !== undefined) query = query.offset(offset).limit(limit ?? Number.MAX_SAFE_INTEGER);
      else if (limit !== undefined) query = query.limit(limit);
      return executor.all(query.compile());
    },

    listOrphans(stationUuid, { connector, from, to, limit }) {
      let query = build
        .selectFrom('meterSample')
        .select(['stationUuid', 'connector', 'transactionId', 'takenAt', 'receivedAt', 'context'])
        .select(['energyWh', 'powerW', 'currentA', 'voltageV', 'soc', 'other'])
        .where('transactionId', 'is', null)
        .where('stationUuid', '=', stationUuid)
        .orderBy('takenAt', 'desc')
        .orderBy('receivedAt', 'desc')
        .limit(limit)
        .$castTo<MeterSample>();
      if (connector !== undefined) query = query.where('connector', '=', connector);
      if (from !== undefined) query = query.where('takenAt', '>=', from);
      if (to !== undefined) query = query.where('takenAt', '<', to);
      return executor.all(query.compile());
    },

    async countOrphans() {
      const query = build
        .selectFrom('meterSample')
        .select(({ fn }) => fn.countAll<number>().as('n'))
        .where('transactionId', 'is', null);
      return (await first(executor, query.compile()))?.n ?? 0;
    },
  };
}
