import { type CompiledQuery, type SqlBool, sql } from 'kysely';
import { build } from '../queries.js';
import type { Migration } from './migration.js';

const { schema } = build;

function statements(): CompiledQuery<unknown>[] {
  return [
    schema
      .createTable('setting')
      .addColumn('key', 'text', (column) => column.primaryKey())
      .addColumn('value', 'text', (column) => column.notNull())
      .addColumn('updatedAt', 'bigint', (column) => column.notNull()),
    // Readings outside of sessions go by when they came: few, so that the index costs the many nothing.
    schema
      .createIndex('meterSampleOrphan')
      .on('meterSample')
      .column('receivedAt')
      .where(sql<SqlBool>`${sql.ref('transactionId')} is null`),
    schema.createIndex('sessionByStationId').on('session').columns(['stationId', 'startedAt']),
    schema.alterTable('session').addColumn('samplesThinnedAt', 'bigint'),
    // What retention still has to look at; a session leaves it for good.
    schema
      .createIndex('sessionUnthinned')
      .on('session')
      .columns(['stoppedAt', 'transactionId'])
      .where(sql<SqlBool>`${sql.ref('samplesThinnedAt')} is null and ${sql.ref('stoppedAt')} is not null`),
  ].map((builder) => builder.compile());
}

export const settings: Migration = { version: 2, name: 'settings', statements };
