import { formatTime } from '../../ocpp/v16/time.js';
import type { ProfileTarget } from '../charging/charging-profiles.js';
import { type Limit, NO_LIMIT, NOMINAL_VOLTAGE_V, offeredPowerW } from '../charging/outlet.js';
import type { Connector } from '../connector.js';
import type { StationParts } from '../station-parts.js';
import type { Handler } from './handler.js';

/** A longer composite schedule is cut: OCPP 1.6 §5.7 lets the station answer for less than was asked. */
const LONGEST_SCHEDULE_S = 7 * 86_400;

/** OCPP 1.6 §5.16. */
export const setChargingProfile: Handler<'SetChargingProfile'> = (request, station) => {
  const target = targetOf(station, request.connectorId);
  if (target === undefined) return { response: { status: 'Rejected' } };
  const done = station.profiles.set(target, request.csChargingProfiles, station.time.now());
  return { response: { status: done ? 'Accepted' : 'Rejected' }, after: () => lookAgain(station) };
};

/** OCPP 1.6 §5.5. */
export const clearChargingProfile: Handler<'ClearChargingProfile'> = (request, station) => ({
  response: { status: station.profiles.clear(request) ? 'Accepted' : 'Unknown' },
  after: () => lookAgain(station),
});

/** OCPP 1.6 §5.7. */
export const getCompositeSchedule: Handler<'GetCompositeSchedule'> = (request, station) => {
  const { connectorId, duration, chargingRateUnit } = request;
  const target = targetOf(station, connectorId);
  if (target === undefined || duration < 0) return { response: { status: 'Rejected' } };
  const connector = station.connector(connectorId);
  const capacities = (connector === undefined ? station.connectors : [connector]).map(capacityOf);
  const isDc = station.connectors[0]?.outlet.kind === 'dc';
  const fromMs = station.time.now();
  const { chargingSchedulePeriod, ...schedule } = station.profiles.composite({
    target,
    fromMs,
    durationS: Math.min(LONGEST_SCHEDULE_S, duration),
    unit: chargingRateUnit ?? (isDc ? 'W' : 'A'),
    capacity: capacities.reduce(sum),
  });
  return {
    response: {
      status: 'Accepted',
      connectorId,
      scheduleStart: formatTime(fromMs),
      chargingSchedule: { ...schedule, chargingSchedulePeriod: [...chargingSchedulePeriod] },
    },
  };
};

function targetOf(station: StationParts, connectorId: number): ProfileTarget | undefined {
  if (connectorId === 0) return { connectorId };
  return station.connector(connectorId)?.profileTarget;
}

function capacityOf(connector: Connector): Limit {
  const powerW = offeredPowerW(connector.outlet, NO_LIMIT);
  const phases = connector.outlet.kind === 'ac' ? connector.outlet.phases : 3;
  return { powerW, currentA: powerW / (phases * NOMINAL_VOLTAGE_V), phases };
}

function sum(one: Limit, other: Limit): Limit {
  return {
    powerW: one.powerW + other.powerW,
    currentA: one.currentA + other.currentA,
    phases: Math.max(one.phases, other.phases),
  };
}

/** A new limit counts from this moment on, not from the next tick. */
function lookAgain(station: StationParts): void {
  for (const connector of station.transactions.running) {
    connector.advance();
    station.statuses.refresh(connector.id);
  }
}
