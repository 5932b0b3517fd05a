import type { SigningRequestRepository } from '../../domain/certificate/certificate-repositories.js';
import { openSigningStates, type SigningRequest } from '../../domain/certificate/signing-request.js';
import { build, type Executor, first, isEmpty } from '../queries.js';
import { nextNumber } from './counters.js';

const columns = [
  'id',
  'stationUuid',
  'stationId',
  'csr',
  'receivedAt',
  'state',
  'attempts',
  'nextAttemptAt',
  'fingerprint',
  'failure',
  'endedAt',
] as const satisfies readonly (keyof SigningRequest)[];

const counter = 'signingRequest';

export function createSigningRequestRepository(executor: Executor): SigningRequestRepository {
  const all = () => build.selectFrom('signingRequest').select(columns);

  return {
    async insert(request) {
      const id = await nextNumber(executor, counter);
      await executor.run(
        build
          .insertInto('signingRequest')
          .values({ ...request, id })
          .compile(),
      );
      return id;
    },

    find: (id) => first(executor, all().where('id', '=', id).compile()),

    findOpen: (stationUuid) =>
      first(
        executor,
        all()
          .where('stationUuid', '=', stationUuid)
          .where('state', 'in', openSigningStates)
          .orderBy('id', 'desc')
          .limit(1)
          .compile(),
      ),

    listDue: (now, limit) =>
      executor.all(
        all()
          .where('state', 'in', openSigningStates)
          .where('nextAttemptAt', '<=', now)
          .orderBy('nextAttemptAt')
          .orderBy('id')
          .limit(limit)
          .compile(),
      ),

    async update(id, change) {
      if (isEmpty(change)) return;
      await executor.run(build.updateTable('signingRequest').set(change).where('id', '=', id).compile());
    },

    async keepNewest(stationUuid, keep) {
      const kept = build
        .selectFrom('signingRequest')
        .select('id')
        .where('stationUuid', '=', stationUuid)
        .orderBy('id', 'desc')
        .limit(keep);
      await executor.run(
        build
          .deleteFrom('signingRequest')
          .where('stationUuid', '=', stationUuid)
          .where('id', 'not in', kept)
          .compile(),
      );
    },
  };
}
