import { type SqlBool, sql } from 'kysely';
import { build } from '../queries.js';
import type { Migration } from './migration.js';

const { schema } = build;

/** Which transaction a station's stop named, so that a guess gives way to the true stop; readings outside of sessions by station. */
export const guessedStops: Migration = {
  version: 4,
  name: 'guessed stops',
  statements: () => [
    schema.alterTable('session').addColumn('stoppedAs', 'bigint').compile(),
    // Stops without a start are the sessions of nobody on connector 0; what they named is not known any more.
    build
      .updateTable('session')
      .set(({ ref }) => ({ stoppedAs: ref('transactionId') }))
      .where('stoppedAt', 'is not', null)
      .where(({ or, eb }) => or([eb('connector', '!=', 0), eb('tag', 'is not', null)]))
      .compile(),
    schema
      .createIndex('meterSampleOrphanByStation')
      .on('meterSample')
      .columns(['stationUuid', 'takenAt'])
      .where(sql<SqlBool>`${sql.ref('transactionId')} is null`)
      .compile(),
  ],
};
