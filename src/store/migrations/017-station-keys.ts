import { build } from '../queries.js';
import type { Migration } from './migration.js';

const { schema } = build;

/** Instants (ms) do not fit 32 bits. */
const wide = 'bigint';

/**
 * The security profile that a station said it goes over to, and what is left of the keys that stations show: salted hashes, of the one in force and of one that is on its way.
 */
export const stationKeys: Migration = {
  version: 17,
  name: 'station keys',
  statements: () =>
    [
      schema.alterTable('station').addColumn('acceptedProfile', 'integer'),
      schema.alterTable('station').addColumn('authKeyHash', 'text'),
      schema.alterTable('station').addColumn('authKeyAt', wide),
      schema.alterTable('station').addColumn('pendingAuthKeyHash', 'text'),
      schema.alterTable('station').addColumn('pendingAuthKeyAt', wide),
      schema.alterTable('station').addColumn('pendingAuthKeyState', 'text'),
    ].map((builder) => builder.compile()),
};
