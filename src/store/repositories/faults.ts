import { foldKey } from '../../domain/fold-key.js';
import type { Fault } from '../../domain/model.js';
import type { FaultFilter, FaultRepository } from '../../domain/record-repositories.js';
import { build, countRows, type Executor, first, isEmpty, prepared } from '../queries.js';
import { stationsAt } from './stations-at.js';

const columns = [
  'uuid',
  'stationUuid',
  'stationId',
  'connector',
  'errorCode',
  'vendorErrorCode',
  'vendorId',
  'info',
  'status',
  'beganAt',
  'endedAt',
  'maintenance',
] as const;

const latest = prepared<{ stationUuid: string; connector: number }, FaultRow>(({ stationUuid, connector }) =>
  build
    .selectFrom('fault')
    .select(columns)
    .where('stationUuid', '=', stationUuid)
    .where('connector', '=', connector)
    .orderBy('beganAt', 'desc')
    .orderBy('uuid', 'desc')
    .limit(1),
);

type FaultRow = Omit<Fault, 'maintenance'> & { readonly maintenance: number };

function toFault(row: FaultRow): Fault {
  return { ...row, maintenance: row.maintenance !== 0 };
}

function keyOf(vendorErrorCode: string | null): string | null {
  return vendorErrorCode === null ? null : foldKey(vendorErrorCode);
}

function filtered({ stationId, siteUuids, connector, error, from, to, active }: FaultFilter) {
  let query = build.selectFrom('fault');
  if (stationId !== undefined) query = query.where('stationId', '=', stationId);
  if (siteUuids !== undefined) query = query.where('stationUuid', 'in', stationsAt(siteUuids));
  if (connector !== undefined) query = query.where('connector', '=', connector);
  if (error !== undefined) {
    const key = foldKey(error);
    query = query.where(({ eb, or }) => or([eb('errorKey', '=', key), eb('vendorErrorKey', '=', key)]));
  }
  if (from !== undefined)
    query = query.where(({ eb, or }) => or([eb('endedAt', 'is', null), eb('endedAt', '>=', from)]));
  if (to !== undefined) query = query.where('beganAt', '<', to);
  if (active !== undefined) query = query.where('endedAt', active ? 'is' : 'is not', null);
  return query;
}

export function createFaultRepository(executor: Executor): FaultRepository {
  return {
    async insert(fault) {
      const errorKey = foldKey(fault.errorCode);
      const vendorErrorKey = keyOf(fault.vendorErrorCode);
      await executor.run(
        build
          .insertInto('fault')
          .values({ ...fault, maintenance: Number(fault.maintenance), errorKey, vendorErrorKey })
          .compile(),
      );
    },

    async update(uuid, change) {
      if (isEmpty(change)) return;
      const { vendorErrorCode } = change;
      const key = vendorErrorCode === undefined ? {} : { vendorErrorKey: keyOf(vendorErrorCode) };
      await executor.run(
        build
          .updateTable('fault')
          .set({ ...change, ...key })
          .where('uuid', '=', uuid)
          .compile(),
      );
    },

    async findByUuid(uuid) {
      const query = build.selectFrom('fault').select(columns).where('uuid', '=', uuid);
      const row = await first(executor, query.compile());
      return row && toFault(row);
    },

    async findLatest(stationUuid, connector) {
      const row = await first(executor, latest({ stationUuid, connector }));
      return row && toFault(row);
    },

    async list(filter, { limit, after }) {
      let query = filtered(filter)
        .select(columns)
        .orderBy('beganAt', 'desc')
        .orderBy('uuid', 'desc')
        .limit(limit);
      if (after !== undefined) {
        const { beganAt, uuid } = after;
        query = query.where(({ eb, refTuple, tuple }) =>
          eb(refTuple('beganAt', 'uuid'), '<', tuple(beganAt, uuid)),
        );
      }
      return (await executor.all(query.compile())).map(toFault);
    },

    count: (filter) => countRows(executor, filtered(filter)),
  };
}
