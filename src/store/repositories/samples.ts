import type { MeterSample } from '../../domain/model.js';
import type { SampleRepository } from '../../domain/repositories.js';
import { build, type Executor, first, prepared, preparedInsert } from '../queries.js';
import type { Tables } from '../schema.js';

const insertAll = preparedInsert('meterSample', [
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

/** A session's samples have its station and connector. */
function toRow(sample: MeterSample): Tables['meterSample'] {
  return sample.transactionId === null ? sample : { ...sample, stationUuid: null, connector: null };
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
      for (const statement of insertAll(samples.map(toRow))) await executor.run(statement);
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
  };
}
