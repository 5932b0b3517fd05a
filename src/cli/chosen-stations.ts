import { FleetError } from '../domain/errors.js';
import { quoteForShell } from '../domain/shell.js';
import type { BulkOutcome } from '../operations/bulk.js';
import type { Fleet, Input, Output } from '../operations/fleet.js';
import type { StationLine } from './files/station-file.js';

/** Names in one error; the rest would not be read. */
const namesMax = 10;

export interface ChosenStations {
  readonly stations: Output<'station.select'>['stations'];
  /** An outcome for each that was named and does not exist: they do not stop the others. */
  readonly missing: readonly BulkOutcome[];
}

/**
 * The stations that are meant.
 * @param lines those of a file, to say where a name stands
 * @throws FleetError NOT_FOUND when none of those that are named exists, or none fits
 */
export async function chosenStations(
  fleet: Fleet,
  targets: Input<'station.select'>['targets'],
  lines: readonly StationLine[],
): Promise<ChosenStations> {
  const { stations, unknown } = await fleet.run('station.select', { targets });
  const places = new Map(lines.map(({ id, place }) => [id, place]));
  if (stations.length === 0 && unknown.length > 0) {
    const [only, ...others] = unknown;
    // Alone it is looked up, which says what else may be meant.
    if (only !== undefined && others.length === 0 && !places.has(only)) {
      await fleet.run('station.show', { id: only });
    }
    throw noneExists(unknown, places);
  }
  const missing = unknown.map((stationId) => {
    const place = places.get(stationId);
    return {
      stationId,
      ok: false,
      status: null,
      message: `${stationId} does not exist${place === undefined ? '' : ` (${place})`}.`,
      code: 'NOT_FOUND' as const,
      detail: null,
      suggestions: ['evfleet station list'],
    };
  });
  return { stations, missing };
}

function noneExists(unknown: readonly string[], places: ReadonlyMap<string, string>): FleetError {
  const [first = '', ...others] = unknown.slice(0, namesMax);
  const place = places.get(first);
  const more = others.length === 0 ? '' : `, nor ${others.map((id) => quoteForShell(id)).join(', ')}`;
  const message = `${place === undefined ? '' : `${place}: `}There is no station ${JSON.stringify(first)}${more}.`;
  return new FleetError('NOT_FOUND', message, { suggestions: ['evfleet station list'] });
}
