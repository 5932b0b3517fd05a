import type { State } from '../../src/domain/station/states.js';
import type { FleetStatus, StatusSite } from '../../src/operations/topology/status.js';
import { countsOf } from '../../src/operations/topology/status-counts.js';
import { loadOf } from '../../src/operations/topology/status-energy.js';
import type { StatusConnector, StatusStation } from '../../src/operations/topology/status-station.js';

export const now = Date.UTC(2026, 4, 4, 10, 30);

type Session = NonNullable<StatusConnector['session']>;

export function connector(
  number: number,
  state: State,
  change: Partial<Omit<StatusConnector, 'session'>> & { readonly session?: Partial<Session> } = {},
): StatusConnector {
  const { session, ...rest } = change;
  const running = {
    transactionId: 7,
    startTime: new Date(now - 3_900_000).toISOString(),
    energyKwh: 7.43,
    powerKw: 11,
    soc: null,
    tag: '04A2B3C4',
    userEmail: null,
  };
  return {
    stationId: 'CP1',
    connector: number,
    name: null,
    state,
    status: state === 'new' ? null : 'Available',
    errorCode: 'NoError',
    vendorErrorCode: null,
    info: null,
    statusSince: null,
    mode: 'rfid',
    evseId: null,
    type: null,
    maxPowerKw: null,
    transactionId: null,
    ...rest,
    session: session ? { ...running, ...session } : null,
  };
}

export function station(id: string, state: State, change: Partial<StatusStation> = {}): StatusStation {
  const online = state !== 'offline' && state !== 'new';
  const lastSeen = state === 'new' ? null : new Date(now - 7_200_000).toISOString();
  return {
    id,
    name: id,
    registration: 'accepted',
    state,
    online,
    lastSeen,
    offlineSince: online ? null : lastSeen,
    refused: null,
    vendor: null,
    model: null,
    alarms: 0,
    maintenance: false,
    connectors: [connector(1, state, state === 'charging' ? { session: {} } : {})],
    ...change,
  };
}

export function site(
  name: string,
  stations: StatusStation[],
  {
    floors = [],
    hourlyEnergyKwh = [0, 1, 2, 4],
  }: Partial<Pick<StatusSite, 'floors'>> & { hourlyEnergyKwh?: number[] } = {},
): StatusSite {
  const all = [...floors.flatMap((floor) => floor.stations), ...stations];
  const energyKwh = hourlyEnergyKwh.reduce((sum, one) => sum + one, 0);
  return { name, ...loadOf(all), today: { energyKwh, hourlyEnergyKwh }, floors, stations };
}

export function fleet(
  sites: StatusSite[],
  stations: StatusStation[] = [],
  change: Partial<FleetStatus> = {},
): FleetStatus {
  const all = [
    ...sites.flatMap((one) => [...one.floors.flatMap((floor) => floor.stations), ...one.stations]),
    ...stations,
  ];
  const today = {
    start: '2026-05-04T00:00:00.000Z',
    energyKwh: 7,
    hourlyEnergyKwh: [0, 1, 2, 4],
    sessions: 3,
  };
  return {
    time: new Date(now).toISOString(),
    served: true,
    ...loadOf(all),
    today,
    sites,
    stations,
    counts: { sites: sites.length, ...countsOf(all), unknownStations: 0 },
    mailOff: null,
    ...change,
  };
}
