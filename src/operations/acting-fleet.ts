import type { LiveFleet } from './operation.js';

/** The connected stations as somebody uses them: whatever stations are sent is written down with that name. */
export function actingFor(by: string, live: LiveFleet): LiveFleet {
  return {
    isOnline: (stationUuid) => live.isOnline(stationUuid),
    connectionId: (stationUuid) => live.connectionId(stationUuid),
    lastSeenAt: (stationUuid) => live.lastSeenAt(stationUuid),
    stationChanged: (station) => live.stationChanged(station),
    disconnect: (stationUuid, reason) => live.disconnect(stationUuid, reason),
    checkCall: (action, payload) => live.checkCall(action, payload),
    call: (station, action, payload, options) => live.call(station, action, payload, { ...options, by }),
    waitFor: (check, options) => live.waitFor(check, options),
  };
}
