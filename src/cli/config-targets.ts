import type { Input } from '../operations/fleet.js';
import type { BulkFlagValues } from './bulk.js';

type Targets = Input<'station.select'>['targets'];

/** The stations that a command was narrowed to; undefined when it was not. Files of ids are left to runBulk. */
export function narrowedTo(
  { site, group, selector: where, all }: Pick<BulkFlagValues, 'site' | 'group' | 'selector' | 'all'>,
  stationIds: readonly string[],
): Targets | undefined {
  const targets = {
    ...(stationIds.length > 0 && { stationIds: [...stationIds] }),
    ...(site !== undefined && { site }),
    ...(group !== undefined && { group }),
    ...(where !== undefined && { where }),
    ...(all && { all }),
  };
  return Object.keys(targets).length === 0 ? undefined : targets;
}
