/** The state of a station or connector at a glance, as the status tree and its colours show it. */
export const states = [
  'available',
  'occupied',
  'charging',
  'suspended',
  'reserved',
  'unavailable',
  'faulted',
  'offline',
  /** Nothing was heard of it yet. */
  'new',
] as const;

export type State = (typeof states)[number];

const connectorStates: ReadonlyMap<string, State> = new Map([
  ['Available', 'available'],
  ['Preparing', 'occupied'],
  ['Charging', 'charging'],
  ['SuspendedEV', 'suspended'],
  ['SuspendedEVSE', 'suspended'],
  ['Finishing', 'occupied'],
  ['Reserved', 'reserved'],
  ['Unavailable', 'unavailable'],
  ['Faulted', 'faulted'],
]);

/**
 * @param status OCPP 1.6 ChargePointStatus as reported; null before the first report
 * @param outlet `charging` when a session runs there: stations that report little still start and stop sessions
 */
export function connectorState(status: string | null, outlet: { online: boolean; charging: boolean }): State {
  if (!outlet.online) return 'offline';
  const state = status === null ? 'new' : (connectorStates.get(status) ?? 'unavailable');
  return outlet.charging && quiet.has(state) ? 'charging' : state;
}

/** States that a running session says more than. */
const quiet: ReadonlySet<State> = new Set(['new', 'available', 'occupied']);

/** Worst news first: what the operator must know about a station decides its state. */
const precedence: readonly State[] = [
  'faulted',
  'charging',
  'suspended',
  'occupied',
  'reserved',
  'available',
  'unavailable',
];

/**
 * The state of a station at a glance: the most telling of its connectors, unless the station itself has something to
 * say.
 */
export function stationState(station: {
  online: boolean;
  lastSeenAt: number | null;
  /** Of its connectors. */
  connectors: readonly State[];
  /** Of the station itself (connector 0), as reported. */
  status: string | null;
}): State {
  if (station.lastSeenAt === null && !station.online) return 'new';
  if (!station.online) return 'offline';
  const present = new Set(station.connectors);
  if (station.status === 'Faulted') return 'faulted';
  // A station that goes out of service lets running sessions end first.
  if (station.status === 'Unavailable' && !present.has('charging') && !present.has('suspended'))
    return 'unavailable';
  const quietest = present.has('new') && station.status === null ? 'new' : 'available';
  return precedence.find((state) => present.has(state)) ?? quietest;
}
