import type { CompiledQuery } from 'kysely';
import { build } from '../queries.js';
import type { Migration } from './migration.js';

const { schema } = build;

/** Instants (ms) and transaction ids do not fit 32 bits. */
const wide = 'bigint';

function statements(): CompiledQuery<unknown>[] {
  return [
    schema
      .createTable('chargingProfile')
      .addColumn('stationUuid', 'text', (column) => column.notNull().references('station.uuid'))
      .addColumn('profileId', wide, (column) => column.notNull())
      .addColumn('connector', 'integer', (column) => column.notNull())
      // What queries go by; all of it is in `profile` as well.
      .addColumn('transactionId', wide)
      .addColumn('validTo', wide)
      .addColumn('profile', 'text', (column) => column.notNull())
      .addColumn('state', 'text', (column) => column.notNull())
      .addColumn('sentAt', wide, (column) => column.notNull())
      .addPrimaryKeyConstraint('chargingProfileKey', ['stationUuid', 'profileId']),
  ].map((builder) => builder.compile());
}

/** What was installed at which station. */
export const chargingProfiles: Migration = { version: 10, name: 'charging profiles', statements };
