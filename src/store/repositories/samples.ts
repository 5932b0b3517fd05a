import type { SampleRepository } from '../../domain/charging/session-repositories.js';
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

export function createSampleRepository(executor: Executor): SampleRepository {
  return {
    async insert(samples) {
      for (const statement of insertSampleRows(samples.map(toSampleRow))) await executor.run(statement);
    },

    findLatest: (transactionId) => first(executor, latest({ transactionId })),

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
