import type { CompiledQuery } from 'kysely';
import { build } from '../queries.js';
import type { Migration } from './migration.js';

const { schema } = build;

/** Instants (ms) do not fit 32 bits. */
const wide = 'bigint';

function statements(): CompiledQuery<unknown>[] {
  return [
    // One row for each list, however many stations were sent it.
    schema
      .createTable('localListContent')
      .addColumn('contentKey', 'text', (column) => column.primaryKey())
      .addColumn('entries', 'text', (column) => column.notNull()),
    schema
      .createTable('localList')
      .addColumn('stationUuid', 'text', (column) => column.primaryKey())
      .addColumn('version', 'integer', (column) => column.notNull())
      .addColumn('isCertain', 'integer', (column) => column.notNull())
      .addColumn('sentAt', wide)
      .addColumn('checkedAt', wide, (column) => column.notNull())
      .addColumn('basisKey', 'text', (column) => column.notNull())
      .addColumn('contentKey', 'text', (column) => column.notNull()),
    schema.createIndex('localListByContent').on('localList').column('contentKey'),
    schema
      .createTable('reservation')
      .addColumn('id', 'integer', (column) => column.primaryKey())
      // No foreign keys: history outlives the station.
      .addColumn('stationUuid', 'text', (column) => column.notNull())
      .addColumn('stationId', 'text', (column) => column.notNull())
      .addColumn('connector', 'integer', (column) => column.notNull())
      .addColumn('tag', 'text', (column) => column.notNull())
      .addColumn('tagKey', 'text', (column) => column.notNull())
      .addColumn('parent', 'text')
      .addColumn('createdAt', wide, (column) => column.notNull())
      .addColumn('expiresAt', wide, (column) => column.notNull())
      .addColumn('state', 'text', (column) => column.notNull())
      .addColumn('endedAt', wide)
      .addColumn('reason', 'text')
      .addColumn('transactionId', wide),
    schema.createIndex('reservationByStation').on('reservation').columns(['stationUuid', 'endedAt']),
    schema.createIndex('reservationByStationId').on('reservation').columns(['stationId', 'id']),
    schema.createIndex('reservationByEnd').on('reservation').columns(['endedAt', 'expiresAt']),
  ].map((builder) => builder.compile());
}

export const localListsAndReservations: Migration = {
  version: 9,
  name: 'local lists and reservations',
  statements,
};
