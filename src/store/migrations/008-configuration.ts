import type { CompiledQuery } from 'kysely';
import { build } from '../queries.js';
import type { Migration } from './migration.js';

const { schema } = build;

/**
 * One row for all keys of a station, as JSON: fifty rows for each of ten thousand stations would be half a million, and
 * they are always read and written together.
 */
export const configuration: Migration = {
  version: 8,
  name: 'station configuration',
  statements: (): CompiledQuery<unknown>[] =>
    [
      schema
        .createTable('stationConfiguration')
        .addColumn('stationUuid', 'text', (column) => column.primaryKey())
        .addColumn('reported', 'text', (column) => column.notNull())
        .addColumn('readAt', 'bigint')
        .addColumn('desired', 'text', (column) => column.notNull())
        .addColumn('answers', 'text', (column) => column.notNull())
        .addColumn('attempts', 'bigint', (column) => column.notNull())
        .addColumn('dueAt', 'bigint'),
      schema.createIndex('stationConfigurationDue').on('stationConfiguration').column('dueAt'),
      schema
        .createTable('configurationTemplate')
        .addColumn('nameKey', 'text', (column) => column.primaryKey())
        .addColumn('match', 'text', (column) => column.notNull())
        .addColumn('configuration', 'text', (column) => column.notNull())
        .addColumn('updatedAt', 'bigint', (column) => column.notNull()),
    ].map((builder) => builder.compile()),
};
