import { build } from '../queries.js';
import type { Migration } from './migration.js';

const { schema } = build;

/** Instants (ms) do not fit 32 bits. */
const wide = 'bigint';

/** Messages that have to reach somebody. */
export const alarms: Migration = {
  version: 15,
  name: 'alarms',
  statements: () =>
    [
      schema
        .createTable('outbox')
        .addColumn('id', 'integer', (column) => column.primaryKey())
        .addColumn('channel', 'text', (column) => column.notNull())
        .addColumn('recipient', 'text', (column) => column.notNull())
        .addColumn('recipientKey', 'text', (column) => column.notNull())
        .addColumn('kind', 'text', (column) => column.notNull())
        .addColumn('subject', 'text', (column) => column.notNull())
        .addColumn('payload', 'text', (column) => column.notNull())
        .addColumn('threadKey', 'text')
        .addColumn('messageId', 'text', (column) => column.notNull())
        .addColumn('replyTo', 'text')
        .addColumn('createdAt', wide, (column) => column.notNull())
        .addColumn('expiresAt', wide, (column) => column.notNull())
        .addColumn('attempts', 'integer', (column) => column.notNull())
        .addColumn('nextAttemptAt', wide)
        .addColumn('lastError', 'text')
        .addColumn('state', 'text', (column) => column.notNull())
        .addColumn('endedAt', wide),
      schema.createIndex('outboxDue').on('outbox').columns(['channel', 'nextAttemptAt', 'id']),
      schema.createIndex('outboxByRecipient').on('outbox').columns(['recipientKey', 'state', 'id']),
      schema.createIndex('outboxByThread').on('outbox').columns(['threadKey', 'recipientKey', 'id']),
      schema.createIndex('outboxByState').on('outbox').columns(['state', 'id']),
      schema.createIndex('outboxByExpiry').on('outbox').columns(['channel', 'state', 'expiresAt', 'id']),
      schema.createIndex('outboxByEnd').on('outbox').columns(['endedAt', 'id']),
    ].map((builder) => builder.compile()),
};
