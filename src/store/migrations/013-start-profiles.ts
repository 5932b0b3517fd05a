import { build } from '../queries.js';
import type { Migration } from './migration.js';

/** The charging profile that went with a remote start, as JSON: once the session begins it is one of the station's. */
export const startProfiles: Migration = {
  version: 13,
  name: 'profiles of remote starts',
  statements: () => [build.schema.alterTable('remoteStart').addColumn('profile', 'text').compile()],
};
