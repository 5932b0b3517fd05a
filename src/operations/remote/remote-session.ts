import { Type } from '@sinclair/typebox';
import type { Station } from '../../domain/model.js';
import { sessionView } from '../charging/session-view.js';
import type { LiveFleet, OperationContext } from '../operation.js';
import { nullable } from '../shared.js';
import { notAccepted, reachable, timeoutMs } from './remote-call.js';
import { waitMs } from './remote-wait.js';

/** What starting and stopping a session have in common. */

export const waiting = { timeoutMs, waitMs };

export const outcome = {
  stationId: Type.String(),
  /** What the station answered: `Accepted`. It means "will try"; `session` tells what came of it. */
  status: Type.String(),
  /** Null as long as it is not known, or was not waited for. */
  session: nullable(sessionView),
};

/** OCPP 1.6 §4.2: neither remote start nor remote stop before the station is accepted. */
export function online(context: OperationContext, station: Station): LiveFleet {
  const live = reachable(context, station);
  if (station.registration === 'accepted') return live;
  throw notAccepted(station);
}
