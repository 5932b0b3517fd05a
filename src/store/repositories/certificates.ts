import type { Certificate } from '../../domain/certificate/certificate.js';
import type {
  CertificateFilter,
  CertificateRepository,
} from '../../domain/certificate/certificate-repositories.js';
import { build, countRows, type Executor, first, isEmpty } from '../queries.js';
import { stationsAt } from './stations-at.js';

const columns = [
  'fingerprint',
  'serial',
  'kind',
  'stationUuid',
  'stationId',
  'subject',
  'hosts',
  'notBefore',
  'notAfter',
  'pem',
  'origin',
  'certFile',
  'keyFile',
  'issuedAt',
  'installedAt',
  'revokedAt',
  'reason',
] as const satisfies readonly (keyof Certificate)[];

function filtered({ stationId, kind, revoked, endsAfter, endsBy, siteUuids }: CertificateFilter) {
  let query = build.selectFrom('certificate');
  if (stationId !== undefined) query = query.where('stationId', '=', stationId);
  if (kind !== undefined) query = query.where('kind', '=', kind);
  if (revoked !== undefined) query = query.where('revokedAt', revoked ? 'is not' : 'is', null);
  if (endsAfter !== undefined) query = query.where('notAfter', '>', endsAfter);
  if (endsBy !== undefined) query = query.where('notAfter', '<=', endsBy);
  if (siteUuids !== undefined) query = query.where('stationUuid', 'in', stationsAt(siteUuids));
  return query;
}

export function createCertificateRepository(executor: Executor): CertificateRepository {
  return {
    async insert(certificate) {
      await executor.run(
        build
          .insertInto('certificate')
          .values(certificate)
          .onConflict((conflict) => conflict.doNothing())
          .compile(),
      );
    },

    async update(fingerprint, change) {
      if (isEmpty(change)) return;
      await executor.run(
        build.updateTable('certificate').set(change).where('fingerprint', '=', fingerprint).compile(),
      );
    },

    find: (fingerprint) =>
      first(
        executor,
        build.selectFrom('certificate').select(columns).where('fingerprint', '=', fingerprint).compile(),
      ),

    listBySerial: (serial) =>
      executor.all(
        build
          .selectFrom('certificate')
          .select(columns)
          .where('serial', '=', serial)
          .orderBy('fingerprint')
          .compile(),
      ),

    list(filter, { limit, after }) {
      let query = filtered(filter)
        .select(columns)
        .orderBy('issuedAt', 'desc')
        .orderBy('fingerprint', 'desc')
        .limit(limit);
      if (after) {
        const { issuedAt, fingerprint } = after;
        query = query.where(({ eb, and, or }) =>
          or([
            eb('issuedAt', '<', issuedAt),
            and([eb('issuedAt', '=', issuedAt), eb('fingerprint', '<', fingerprint)]),
          ]),
        );
      }
      return executor.all(query.compile());
    },

    count: (filter) => countRows(executor, filtered(filter)),
  };
}
