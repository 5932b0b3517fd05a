import type { Session, Station } from '../../src/domain/model.js';

/** A finished session of an hour and 10 kWh; `change` is what a test is about. */
export function sampleSession(transactionId: number, change: Partial<Session> = {}): Session {
  const startedAt = change.startedAt ?? Date.UTC(2026, 4, 1) + transactionId * 60_000;
  return {
    uuid: `10000000-0000-4000-8000-${String(transactionId).padStart(12, '0')}`,
    transactionId,
    stationUuid: 'gone',
    stationId: 'CP1',
    stationName: 'Garage',
    siteUuid: null,
    siteName: null,
    floorName: null,
    connector: 1,
    evseId: null,
    authentication: 'rfid',
    tag: 'TAG1',
    userUuid: null,
    userEmail: null,
    startedAt,
    stoppedAt: startedAt + 3600_000,
    meterStartWh: 1000,
    meterStopWh: 11_000,
    meterLastWh: null,
    stopReason: 'Local',
    stoppedAs: transactionId,
    state: 'ended',
    suspicion: null,
    receivedAt: startedAt,
    verdict: 'Accepted',
    ...change,
  };
}

/** A session that has not ended, of a station in the topology. */
export function runningSession(
  transactionId: number,
  station: Pick<Station, 'uuid' | 'id'>,
  change: Partial<Session> = {},
): Session {
  return sampleSession(transactionId, {
    stationUuid: station.uuid,
    stationId: station.id,
    stoppedAt: null,
    meterStopWh: null,
    stopReason: null,
    stoppedAs: null,
    state: 'active',
    ...change,
  });
}
