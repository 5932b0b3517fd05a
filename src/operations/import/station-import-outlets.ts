import type { StationColumn, StationLine } from '../../domain/import/station-import.js';
import type { Connector, ConnectorMode } from '../../domain/model.js';
import { newConnector } from '../../domain/new-entities.js';
import { plural } from '../../domain/plural.js';

/** The columns that are about connectors, each with a value for all of them or one for each. */
const outletColumns = ['mode', 'evseId', 'type', 'maxPowerKw'] as const;
type OutletColumn = (typeof outletColumns)[number];

export interface OutletOptions {
  readonly stationUuid: string;
  /** Those that it has. */
  readonly existing: readonly Connector[];
  readonly columns: readonly StationColumn[];
  readonly fault: (column: OutletColumn, message: string) => void;
}

/** The connectors that a line gives a station: as many as it says, as it describes them. An empty cell removes. */
export function outletsOf(
  line: StationLine,
  { stationUuid, existing, columns, fault }: OutletOptions,
): Connector[] {
  const count = line.connectors ?? (existing.length || 1);
  const known = new Map(existing.map((connector) => [connector.connector, connector]));
  const has = (column: OutletColumn) => columns.includes(column);
  const spread = <T>(column: OutletColumn, values: readonly T[] | undefined): (T | undefined)[] => {
    const [first, ...others] = values ?? [];
    if (others.length === 0 && (column !== 'evseId' || count === 1)) return Array(count).fill(first);
    if (values === undefined || values.length === count) return [...(values ?? [])];
    fault(column, `it has ${plural(values.length, 'value')}, and the station ${plural(count, 'connector')}`);
    return [];
  };
  const modes = spread<ConnectorMode>('mode', line.mode);
  const evseIds = spread('evseId', line.evseId);
  const types = spread('type', line.type);
  const powers = spread('maxPowerKw', line.maxPowerKw);
  // As many as it has are those that it has, also where its numbers have a gap.
  const numbers =
    existing.length === count
      ? existing.map(({ connector }) => connector)
      : Array.from({ length: count }, (_, at) => at + 1);
  return numbers.map((connector, at): Connector => {
    const plain = known.get(connector) ?? newConnector(stationUuid, connector);
    const powerKw = powers[at] ?? null;
    return {
      ...plain,
      mode: modes[at] ?? plain.mode,
      ...(has('evseId') && { evseId: evseIds[at] ?? null }),
      ...(has('type') && { type: types[at] ?? null }),
      ...(has('maxPowerKw') && { maxPowerW: powerKw === null ? null : Math.round(powerKw * 1000) }),
    };
  });
}
