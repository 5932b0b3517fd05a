import type { CompiledQuery } from 'kysely';
import { build } from '../queries.js';
import type { Migration } from './migration.js';

const { schema } = build;

/** Instants (ms) do not fit 32 bits, and sizes need not. */
const wide = 'bigint';

function statements(): CompiledQuery<unknown>[] {
  return [
    schema
      .createTable('firmwareImage')
      .addColumn('uuid', 'text', (column) => column.primaryKey())
      .addColumn('vendor', 'text', (column) => column.notNull())
      .addColumn('vendorKey', 'text', (column) => column.notNull())
      .addColumn('model', 'text', (column) => column.notNull())
      .addColumn('modelKey', 'text', (column) => column.notNull())
      .addColumn('version', 'text', (column) => column.notNull())
      .addColumn('versionKey', 'text', (column) => column.notNull())
      .addColumn('fileName', 'text', (column) => column.notNull())
      .addColumn('sizeBytes', wide, (column) => column.notNull())
      .addColumn('sha256', 'text', (column) => column.notNull())
      .addColumn('signature', 'text')
      .addColumn('certificate', 'text')
      .addColumn('createdAt', wide, (column) => column.notNull()),
    schema
      .createIndex('firmwareImageByName')
      .unique()
      .on('firmwareImage')
      .columns(['vendorKey', 'modelKey', 'versionKey']),
    schema
      .createTable('firmwareRollout')
      .addColumn('id', wide, (column) => column.primaryKey())
      .addColumn('version', 'text', (column) => column.notNull())
      .addColumn('signed', 'integer', (column) => column.notNull())
      .addColumn('protocol', 'text', (column) => column.notNull())
      .addColumn('retrieveAt', wide)
      .addColumn('retries', wide)
      .addColumn('retryIntervalS', wide)
      .addColumn('answerTimeoutMs', wide, (column) => column.notNull())
      .addColumn('concurrency', wide, (column) => column.notNull())
      .addColumn('maxFailures', wide, (column) => column.notNull())
      .addColumn('state', 'text', (column) => column.notNull())
      .addColumn('wave', wide, (column) => column.notNull())
      .addColumn('waves', wide, (column) => column.notNull())
      .addColumn('waveStartedAt', wide, (column) => column.notNull())
      .addColumn('createdAt', wide, (column) => column.notNull())
      .addColumn('endedAt', wide),
    schema.createIndex('firmwareRolloutByEnd').on('firmwareRollout').columns(['endedAt', 'id']),
    schema
      .createTable('firmwareTarget')
      .addColumn('rolloutId', wide, (column) => column.notNull())
      // No foreign keys: what became of it outlives station and image.
      .addColumn('stationUuid', 'text', (column) => column.notNull())
      .addColumn('stationId', 'text', (column) => column.notNull())
      .addColumn('imageUuid', 'text', (column) => column.notNull())
      .addColumn('wave', wide, (column) => column.notNull())
      .addColumn('state', 'text', (column) => column.notNull())
      .addColumn('status', 'text')
      .addColumn('reason', 'text')
      .addColumn('detail', 'text')
      .addColumn('fromVersion', 'text')
      .addColumn('failures', wide, (column) => column.notNull())
      .addColumn('sentAt', wide)
      .addColumn('offerUser', 'text')
      .addColumn('offerPassword', 'text')
      .addColumn('dueAt', wide)
      .addColumn('endedAt', wide)
      .addPrimaryKeyConstraint('firmwareTargetKey', ['rolloutId', 'stationUuid']),
    schema
      .createIndex('firmwareTargetByRollout')
      .on('firmwareTarget')
      .columns(['rolloutId', 'wave', 'stationId']),
    schema.createIndex('firmwareTargetByStation').on('firmwareTarget').columns(['stationUuid', 'endedAt']),
    schema.createIndex('firmwareTargetByName').on('firmwareTarget').columns(['stationId', 'rolloutId']),
    schema.createIndex('firmwareTargetByLimit').on('firmwareTarget').column('dueAt'),
    schema.createIndex('firmwareTargetByImage').on('firmwareTarget').columns(['imageUuid', 'endedAt']),
  ].map((builder) => builder.compile());
}

/** Images, rollouts and what becomes of each station. */
export const firmware: Migration = { version: 12, name: 'firmware', statements };
