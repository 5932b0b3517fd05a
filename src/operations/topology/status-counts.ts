import { type Static, Type } from '@sinclair/typebox';
import type { StatusStation } from './status-station.js';

export const statusCounts = Type.Object({
  sites: Type.Integer(),
  stations: Type.Integer(),
  connectors: Type.Integer(),
  online: Type.Integer(),
  offline: Type.Integer(),
  /** Of the stations that are offline: those of which nothing was heard yet. */
  neverConnected: Type.Integer(),
  /** Stations that wait to be accepted, online or not. */
  pending: Type.Integer(),
  /** Stations at which somebody works. */
  maintenance: Type.Integer(),
  available: Type.Integer(),
  occupied: Type.Integer(),
  /** Suspended ones too. */
  charging: Type.Integer(),
  reserved: Type.Integer(),
  unavailable: Type.Integer(),
  faulted: Type.Integer(),
  activeSessions: Type.Integer(),
  /** Stations that knocked without being in the topology. */
  unknownStations: Type.Integer(),
  /** Open alarms. */
  alarms: Type.Integer(),
});
type StatusCounts = Static<typeof statusCounts>;

/** Connectors are counted by their state at a glance: those of an offline station are in none of these. */
export function countsOf(
  stations: readonly StatusStation[],
): Omit<StatusCounts, 'sites' | 'unknownStations'> {
  const connectors = stations.flatMap((station) => station.connectors);
  const inState = (...states: string[]) => connectors.filter(({ state }) => states.includes(state)).length;
  return {
    stations: stations.length,
    connectors: connectors.length,
    online: stations.filter(({ online }) => online).length,
    offline: stations.filter(({ online }) => !online).length,
    neverConnected: stations.filter(({ state, online }) => state === 'new' && !online).length,
    pending: stations.filter(({ registration }) => registration === 'pending').length,
    maintenance: stations.filter(({ maintenance }) => maintenance).length,
    available: inState('available'),
    occupied: inState('occupied'),
    charging: inState('charging', 'suspended'),
    reserved: inState('reserved'),
    unavailable: inState('unavailable'),
    faulted: inState('faulted'),
    activeSessions: connectors.filter(({ session }) => session !== null).length,
    alarms: stations.reduce((sum, { alarms }) => sum + alarms, 0),
  };
}
