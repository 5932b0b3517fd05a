import { type SqlBool, sql } from 'kysely';
import { build } from '../queries.js';
import type { Migration } from './migration.js';

/** Stops that were matched by a guess: few, so that the index costs the many nothing. */
export const guessIndex: Migration = {
  version: 7,
  name: 'index of guessed stops',
  statements: () => [
    build.schema
      .createIndex('sessionGuessed')
      .on('session')
      .columns(['stationUuid', 'stoppedAt'])
      .where(sql<SqlBool>`${sql.ref('stoppedAs')} <> ${sql.ref('transactionId')}`)
      .compile(),
  ],
};
