import { type CompiledQuery, type SqlBool, sql } from 'kysely';
import { build } from '../queries.js';
import type { Migration } from './migration.js';

const { schema } = build;

/** Instants (ms) do not fit 32 bits. */
const wide = 'bigint';

/** What kinds of events began with until now. */
const topics = ['station', 'connector', 'session', 'diagnostics', 'firmware', 'log', 'security'] as const;

/** Stays and faults get tables; events an order and, for filters, the first part of their kind. */
export const fleetRecord: Migration = {
  version: 6,
  name: 'fleet record',
  statements: () => [...connections(), ...faults(), ...events()],
};

function connections(): CompiledQuery<unknown>[] {
  return [
    schema
      .createTable('connection')
      .addColumn('uuid', 'text', (column) => column.primaryKey())
      // No foreign keys: history outlives the station.
      .addColumn('stationUuid', 'text', (column) => column.notNull())
      .addColumn('stationId', 'text', (column) => column.notNull())
      .addColumn('protocol', 'text', (column) => column.notNull())
      .addColumn('address', 'text')
      .addColumn('openedAt', wide, (column) => column.notNull())
      .addColumn('closedAt', wide)
      .addColumn('code', 'integer')
      .addColumn('initiator', 'text')
      .addColumn('reason', 'text'),
    schema.createIndex('connectionByOpening').on('connection').columns(['openedAt', 'uuid']),
    schema.createIndex('connectionByStation').on('connection').columns(['stationId', 'openedAt', 'uuid']),
    schema.createIndex('connectionByEnd').on('connection').column('closedAt'),
  ].map((builder) => builder.compile());
}

function faults(): CompiledQuery<unknown>[] {
  return [
    schema
      .createTable('fault')
      .addColumn('uuid', 'text', (column) => column.primaryKey())
      .addColumn('stationUuid', 'text', (column) => column.notNull())
      .addColumn('stationId', 'text', (column) => column.notNull())
      .addColumn('connector', 'integer', (column) => column.notNull())
      .addColumn('errorCode', 'text', (column) => column.notNull())
      .addColumn('errorKey', 'text', (column) => column.notNull())
      .addColumn('vendorErrorCode', 'text')
      .addColumn('vendorErrorKey', 'text')
      .addColumn('vendorId', 'text')
      .addColumn('info', 'text')
      .addColumn('status', 'text', (column) => column.notNull())
      .addColumn('beganAt', wide, (column) => column.notNull())
      .addColumn('endedAt', wide),
    schema.createIndex('faultByBeginning').on('fault').columns(['beganAt', 'uuid']),
    schema.createIndex('faultByStation').on('fault').columns(['stationId', 'beganAt', 'uuid']),
    schema.createIndex('faultByConnector').on('fault').columns(['stationUuid', 'connector', 'beganAt']),
    schema.createIndex('faultByEnd').on('fault').column('endedAt'),
  ].map((builder) => builder.compile());
}

function events(): CompiledQuery<unknown>[] {
  const columns = ['at', 'receivedAt', 'stationUuid', 'stationId', 'connector', 'kind', 'detail'] as const;
  return [
    schema.dropIndex('eventByTime').compile(),
    schema.dropIndex('eventByStation').compile(),
    schema.alterTable('event').renameTo('eventWithoutOrder').compile(),
    schema
      .createTable('event')
      .addColumn('at', wide, (column) => column.notNull())
      .addColumn('receivedAt', wide, (column) => column.notNull())
      .addColumn('stationUuid', 'text', (column) => column.notNull())
      .addColumn('stationId', 'text', (column) => column.notNull())
      .addColumn('connector', 'integer')
      .addColumn('kind', 'text', (column) => column.notNull())
      .addColumn('detail', 'text', (column) => column.notNull())
      .addColumn('sequence', 'integer', (column) => column.primaryKey())
      .addColumn('topic', 'text', (column) => column.notNull())
      .compile(),
    // A window without an order numbers the rows as they lie in the table, which is as they came.
    build
      .insertInto('event')
      .columns([...columns, 'sequence', 'topic'])
      .expression(({ selectFrom }) =>
        selectFrom(sql<{ kind: string }>`${sql.table('eventWithoutOrder')}`.as('old')).select([
          ...columns.map((column) => sql.ref(column).as(column)),
          sql<number>`row_number() over ()`.as('sequence'),
          topicOfOldKind.as('topic'),
        ]),
      )
      .compile(),
    schema.dropTable('eventWithoutOrder').compile(),
    schema.createIndex('eventByTime').on('event').column('receivedAt').compile(),
    schema.createIndex('eventByStation').on('event').columns(['stationId', 'sequence']).compile(),
    schema.createIndex('eventByTopic').on('event').columns(['topic', 'sequence']).compile(),
  ];
}

const kind = sql.ref<string>('kind');

/** No function that finds a dot is the same in every dialect. */
const topicOfOldKind = sql<string>`case ${sql.join(
  [...topics, 'data-transfer', 'certificate'].map(
    (topic) => sql<SqlBool>`when ${kind} like ${sql.lit(`${topic}.%`)} then ${sql.lit(topic)}`,
  ),
  sql` `,
)} else ${kind} end`;
