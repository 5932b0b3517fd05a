import { build } from '../queries.js';
import type { Migration } from './migration.js';

const { schema } = build;

/** Instants (ms) and sizes do not fit 32 bits. */
const wide = 'bigint';

/** What stations were asked to upload; the files themselves are in the data directory. */
export const diagnostics: Migration = {
  version: 11,
  name: 'diagnostics',
  statements: () =>
    [
      schema
        .createTable('diagnostics')
        .addColumn('id', 'integer', (column) => column.primaryKey())
        // No foreign key: a file outlives its station.
        .addColumn('stationUuid', 'text', (column) => column.notNull())
        .addColumn('stationId', 'text', (column) => column.notNull())
        .addColumn('action', 'text', (column) => column.notNull())
        .addColumn('type', 'text', (column) => column.notNull())
        .addColumn('protocol', 'text', (column) => column.notNull())
        .addColumn('fromAt', wide)
        .addColumn('toAt', wide)
        .addColumn('requestedAt', wide, (column) => column.notNull())
        .addColumn('expiresAt', wide, (column) => column.notNull())
        .addColumn('state', 'text', (column) => column.notNull())
        .addColumn('reported', 'text')
        .addColumn('fileName', 'text')
        .addColumn('storedAs', 'text', (column) => column.notNull())
        .addColumn('sizeBytes', wide)
        .addColumn('endedAt', wide),
      schema.createIndex('diagnosticsByStation').on('diagnostics').columns(['stationId', 'id']),
      schema.createIndex('diagnosticsByState').on('diagnostics').columns(['stationUuid', 'state', 'id']),
      schema.createIndex('diagnosticsByTime').on('diagnostics').column('requestedAt'),
    ].map((builder) => builder.compile()),
};
