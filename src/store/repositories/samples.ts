import type { MeterSample } from '../../domain/model.js';
import type { SampleRepository } from '../../domain/repositories.js';
import { build, type Executor, first, prepared } from '../queries.js';
import type { Tables } from '../schema.js';

const insertOne = prepared<Tables['meterSample'], unknown>(
  ({
    transactionId,
    stationUuid,
    connector,
    takenAt,
    receivedAt,
    context,
    energyWh,
    powerW,
    currentA,
    voltageV,
    soc,
    other,
  }) =>
    build.insertInto('meterSample').values({
      transactionId,
      stationUuid,
      connector,
      takenAt,
      receivedAt,
      context,
      energyWh,
      powerW,
      currentA,
      voltageV,
      soc,
      other,
    }),
);

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
  ofSession(transactionId).orderBy('takenAt', 'desc').limit(1).$castTo<MeterSample>(),
);

export function createSampleRepository(executor: Executor): SampleRepository {
  return {
    async insert(samples) {
      for (const sample of samples) {
        const {
          transactionId,
          takenAt,
          receivedAt,
          context,
          energyWh,
          powerW,
          currentA,
          voltageV,
          soc,
          other,
        } = sample;
        const outside = transactionId === null;
        const stationUuid = outside ? sample.stationUuid : null;
        const connector = outside ? sample.connector : null;
        const row = { transactionId, stationUuid, connector, takenAt, receivedAt, context };
        await executor.run(
          insertOne(Object.assign(row, { energyWh, powerW, currentA, voltageV, soc, other })),
        );
      }
    },

    findLatest: (transactionId) => first(executor, latest({ transactionId })),

    listBySession(transactionId, { limit, offset } = {}) {
      let query = ofSession(transactionId).orderBy('takenAt').$castTo<MeterSample>();
      // SQLite knows no OFFSET without a LIMIT.
      if (offset !== undefined) query = query.offset(offset).limit(limit ?? Number.MAX_SAFE_INTEGER);
      else if (limit !== undefined) query = query.limit(limit);
      return executor.all(query.compile());
    },
  };
}
