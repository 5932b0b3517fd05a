import { Type } from '@sinclair/typebox';
import { FleetError } from '../domain/errors.js';
import type { Station } from '../domain/model.js';
import { quoteForShell } from '../domain/shell.js';
import { findStation } from './lookup.js';
import { type LiveFleet, type OperationContext, unary } from './operation.js';

/** Any other status of an answer is a no; what has no status is a yes. */
const consents: ReadonlySet<unknown> = new Set([
  'Accepted',
  'AcceptedCanceled',
  'RebootRequired',
  'Scheduled',
  'Unlocked',
]);

/** What a pending station must not be asked for (OCPP 1.6 §4.2). */
const needsAcceptance: ReadonlySet<string> = new Set(['RemoteStartTransaction', 'RemoteStopTransaction']);

export const remoteCallOperations = {
  'remote.call': unary({
    summary: 'Send any OCPP message to a station',
    role: 'support',
    live: true,
    input: Type.Object({
      stationId: Type.String(),
      action: Type.String(),
      payload: Type.Record(Type.String(), Type.Unknown()),
      timeoutMs: Type.Integer({ minimum: 100, maximum: 3_600_000 }),
    }),
    /** What the station answered, as the specification of the action has it. */
    output: Type.Record(Type.String(), Type.Unknown()),
    async run(context, { stationId, action, payload, timeoutMs }) {
      const { store, signal } = context;
      const station = await store.read((r) => findStation(r, stationId));
      context.live?.checkCall(action, payload);
      const live = reachable(context, station);
      if (station.registration === 'rejected' || isTooEarly(station, action)) throw notAccepted(station);
      const answer = await live.call(station, action, payload, { timeoutMs, signal });
      if (!isConsent(action, answer.status)) throw refused(station, action, answer);
      return answer;
    },
  }),
};

/** @throws FleetError STATION_OFFLINE */
export function reachable({ live }: OperationContext, station: Station): LiveFleet {
  if (live?.isOnline(station.uuid)) return live;
  const since = station.offlineSinceAt ?? station.lastSeenAt;
  const when = since === null ? 'has never connected' : `is offline since ${new Date(since).toISOString()}`;
  throw new FleetError('STATION_OFFLINE', `Station ${station.id} ${when}.`, {
    suggestions: [`evfleet station show ${quoteForShell(station.id)}`],
  });
}

export function notAccepted({ id, registration }: Station): FleetError {
  return new FleetError('CONFLICT', `Station ${id} is ${registration}, not accepted.`, {
    suggestions: [`evfleet station update ${quoteForShell(id)} --registration accepted`],
  });
}

function isTooEarly({ registration }: Station, action: string): boolean {
  return registration !== 'accepted' && needsAcceptance.has(action);
}

function isConsent(action: string, status: unknown): boolean {
  // A station without certificates says so in this way.
  if (action === 'GetInstalledCertificateIds' && status === 'NotFound') return true;
  return status === undefined || consents.has(status);
}

function refused(station: Station, action: string, answer: Record<string, unknown>): FleetError {
  const { status, ...more } = answer;
  const detail = Object.keys(more).length === 0 ? '' : ` ${JSON.stringify(more)}`;
  return new FleetError('REFUSED', `${station.id} answered ${action} with ${status}${detail}.`, {
    suggestions: [`evfleet station show ${quoteForShell(station.id)}`],
  });
}
