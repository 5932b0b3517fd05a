import type { Session } from '../../domain/model.js';
import type { RuleContext } from './rule-context.js';

/** Where a session takes place, by the names of that day: the topology may change, the record must not. */
export async function placeOfSession({
  r,
  station,
}: Pick<RuleContext, 'r' | 'station'>): Promise<
  Pick<Session, 'stationUuid' | 'stationId' | 'stationName' | 'siteUuid' | 'siteName' | 'floorName'>
> {
  const place = await r.stations.findPlaced(station.id);
  return {
    stationUuid: station.uuid,
    stationId: station.id,
    stationName: place?.name ?? station.id,
    siteUuid: place?.siteUuid ?? null,
    siteName: place?.siteName ?? null,
    floorName: place?.floorName ?? null,
  };
}
