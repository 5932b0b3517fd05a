import type { LiveFleet } from './operation.js';

/** The connected stations as somebody uses them: whatever stations are sent is written down with that name. */
export function actingFor(by: string, live: LiveFleet): LiveFleet {
  return withCall(live, (station, action, payload, options) =>
    live.call(station, action, payload, { ...options, by }),
  );
}

/** The same stations, called in another way. */
export function withCall(live: LiveFleet, call: LiveFleet['call']): LiveFleet {
  return {
    isOnline: (stationUuid) => live.isOnline(stationUuid),
    connectionId: (stationUuid) => live.connectionId(stationUuid),
    lastSeenAt: (stationUuid) => live.lastSeenAt(stationUuid),
    stationChanged: (station) => live.stationChanged(station),
    disconnect: (stationUuid, reason, code) => live.disconnect(stationUuid, reason, code),
    shownSecurity: (stationUuid) => live.shownSecurity(stationUuid),
    lastRefusal: (stationUuid) => live.lastRefusal(stationUuid),
    checkCall: (action, payload) => live.checkCall(action, payload),
    call,
    waitFor: (check, options) => live.waitFor(check, options),
  };
}
