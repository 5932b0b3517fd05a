/** The state of a station or connector at a glance, as the status tree and its colours show it. */
export type State =
  | 'available'
  | 'occupied'
  | 'charging'
  | 'suspended'
  | 'reserved'
  | 'unavailable'
  | 'faulted'
  | 'offline'
  | 'new';

const connectorStates: Readonly<Record<string, State>> = {
  Available: 'available',
  Preparing: 'occupied',
  Charging: 'charging',
  SuspendedEV: 'suspended',
  SuspendedEVSE: 'suspended',
  Finishing: 'occupied',
  Reserved: 'reserved',
  Unavailable: 'unavailable',
  Faulted: 'faulted',
};

/** @param status OCPP 1.6 ChargePointStatus as reported; null before the first report */
export function connectorState(status: string | null, station: { online: boolean }): State {
  if (!station.online) return 'offline';
  if (status === null) return 'new';
  return connectorStates[status] ?? 'unavailable';
}

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

export function stationState(station: {
  online: boolean;
  lastSeenAt: number | null;
  /** Of the station itself (connector 0) and its connectors, as reported. */
  statuses: readonly (string | null)[];
}): State {
  if (station.lastSeenAt === null && !station.online) return 'new';
  if (!station.online) return 'offline';
  const states = new Set(station.statuses.map((status) => connectorState(status, station)));
  return precedence.find((state) => states.has(state)) ?? 'available';
}
