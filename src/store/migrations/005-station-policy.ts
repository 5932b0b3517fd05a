import type { CompiledQuery } from 'kysely';
import { build } from '../queries.js';
import type { Migration } from './migration.js';

const { schema } = build;

function statements(): CompiledQuery<unknown>[] {
  return [
    schema.alterTable('station').addColumn('pingIntervalS', 'bigint'),
    schema
      .alterTable('station')
      .addColumn('expectsPong', 'integer', (column) => column.notNull().defaultTo(1)),
    schema.alterTable('station').addColumn('assumedProtocol', 'text'),
    // Also what says nothing of an action or a place: an empty text, because a part of a primary key is never null.
    schema
      .createTable('breach')
      .addColumn('stationUuid', 'text', (column) => column.notNull())
      .addColumn('stationId', 'text', (column) => column.notNull())
      .addColumn('action', 'text', (column) => column.notNull())
      .addColumn('place', 'text', (column) => column.notNull())
      .addColumn('rule', 'text', (column) => column.notNull())
      .addColumn('detail', 'text', (column) => column.notNull())
      .addColumn('count', 'bigint', (column) => column.notNull())
      .addColumn('firstAt', 'bigint', (column) => column.notNull())
      .addColumn('lastAt', 'bigint', (column) => column.notNull())
      .addPrimaryKeyConstraint('breachKey', ['stationUuid', 'action', 'place', 'rule']),
  ].map((builder) => builder.compile());
}

export const stationPolicy: Migration = { version: 5, name: 'station policy', statements };
