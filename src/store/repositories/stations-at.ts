import { build } from '../queries.js';

/** The stations that stand at one of these sites, as a query inside another one. */
export function stationsAt(siteUuids: readonly string[]) {
  // PostgreSQL takes no empty list; no site has an empty uuid.
  return build
    .selectFrom('station')
    .select('station.uuid')
    .where('station.siteUuid', 'in', [...siteUuids, '']);
}
