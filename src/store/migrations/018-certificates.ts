import { type SqlBool, sql } from 'kysely';
import { openSigningStates } from '../../domain/certificate/signing-request.js';
import { build } from '../queries.js';
import type { Migration } from './migration.js';

const { schema } = build;

/** Instants (ms) do not fit 32 bits. */
const wide = 'bigint';

const isGood = sql<SqlBool>`${sql.ref('revokedAt')} is null`;
const isOpen = sql<SqlBool>`${sql.ref('state')} in (${sql.join(openSigningStates.map((state) => sql.lit(state)))})`;

/** Certificates that were made, and what stations want signed. No foreign keys: both outlive their stations. */
export const certificates: Migration = {
  version: 18,
  name: 'certificates',
  statements: () =>
    [
      schema
        .createTable('certificate')
        .addColumn('fingerprint', 'text', (column) => column.primaryKey())
        .addColumn('serial', 'text', (column) => column.notNull())
        .addColumn('kind', 'text', (column) => column.notNull())
        .addColumn('stationUuid', 'text')
        .addColumn('stationId', 'text')
        .addColumn('subject', 'text', (column) => column.notNull())
        .addColumn('hosts', 'text')
        .addColumn('notBefore', wide, (column) => column.notNull())
        .addColumn('notAfter', wide, (column) => column.notNull())
        .addColumn('pem', 'text', (column) => column.notNull())
        .addColumn('origin', 'text', (column) => column.notNull())
        .addColumn('certFile', 'text')
        .addColumn('keyFile', 'text')
        .addColumn('issuedAt', wide, (column) => column.notNull())
        .addColumn('installedAt', wide)
        .addColumn('revokedAt', wide)
        .addColumn('reason', 'text'),
      schema.createIndex('certificateBySerial').on('certificate').column('serial'),
      schema.createIndex('certificateByTime').on('certificate').columns(['issuedAt', 'fingerprint']),
      schema.createIndex('certificateByStation').on('certificate').columns(['stationId', 'issuedAt']),
      schema.createIndex('certificateByEnd').on('certificate').column('notAfter').where(isGood),
      schema
        .createTable('signingRequest')
        .addColumn('id', 'integer', (column) => column.primaryKey())
        .addColumn('stationUuid', 'text', (column) => column.notNull())
        .addColumn('stationId', 'text', (column) => column.notNull())
        .addColumn('csr', 'text', (column) => column.notNull())
        .addColumn('receivedAt', wide, (column) => column.notNull())
        .addColumn('state', 'text', (column) => column.notNull())
        .addColumn('attempts', 'integer', (column) => column.notNull())
        .addColumn('nextAttemptAt', wide, (column) => column.notNull())
        .addColumn('fingerprint', 'text')
        .addColumn('failure', 'text')
        .addColumn('endedAt', wide),
      schema.createIndex('signingRequestByStation').on('signingRequest').columns(['stationUuid', 'id']),
      schema.createIndex('signingRequestDue').on('signingRequest').column('nextAttemptAt').where(isOpen),
    ].map((builder) => builder.compile()),
};
