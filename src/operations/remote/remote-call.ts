import { Type } from '@sinclair/typebox';
import { FleetError } from '../../domain/errors.js';
import { formatInstant } from '../../domain/instant.js';
import type { Station } from '../../domain/model.js';
import { quoteForShell } from '../../domain/shell.js';
import { maskedValue } from '../../domain/station/configuration.js';
import { authorizationKeyNotSet, isAuthorizationKey } from '../../domain/station/configuration-keys.js';
import { isConsent } from '../../domain/station/consent.js';
import { staff } from '../access.js';
import { bulk, bulkInput, bulkOutcome } from '../bulk.js';
import { findStation } from '../lookup.js';
import { type LiveFleet, type OperationContext, stream, unary } from '../operation.js';
import { Refusal, statusOfRefusal } from './refusal.js';

/** What a pending station must not be asked for (OCPP 1.6 §4.2). */
const needsAcceptance: ReadonlySet<string> = new Set(['RemoteStartTransaction', 'RemoteStopTransaction']);

/** How long a station may take to answer. */
export const timeoutMs = Type.Integer({ minimum: 100, maximum: 3_600_000 });

const message = {
  action: Type.String(),
  payload: Type.Record(Type.String(), Type.Unknown()),
  timeoutMs,
};

export const remoteCallOperations = {
  'remote.call': unary({
    summary: 'Send any OCPP message to a station',
    access: staff,
    effect: 'change',
    live: true,
    input: Type.Object({
      stationId: Type.String(),
      ...message,
    }),
    /** What the station answered, as the specification of the action has it. */
    output: Type.Record(Type.String(), Type.Unknown()),
    async run(context, { stationId, action, payload, timeoutMs }) {
      const { store, signal } = context;
      const station = await store.read((r) => findStation(r, stationId));
      checkMessage(context, { action, payload });
      return consented(context, station, { action, payload }, { timeoutMs, signal });
    },
  }),

  'remote.broadcast': stream({
    summary: 'Send any OCPP message to many stations',
    access: staff,
    effect: 'change',
    live: true,
    input: Type.Object({ ...bulkInput, ...message }),
    /** In `detail`, what the station answered. */
    output: bulkOutcome,
    async *run(context, { targets, concurrency, action, payload, timeoutMs }) {
      checkMessage(context, { action, payload });
      yield* bulk(context, targets, { concurrency }, async (station, signal) => {
        const detail = await consented(context, station, { action, payload }, { timeoutMs, signal });
        const status = typeof detail.status === 'string' ? detail.status : null;
        const said = status === null ? '' : `: ${status}`;
        return { status, message: `${station.id} answered ${action}${said}.`, detail };
      });
    },
  }),
};

export interface Message {
  readonly action: string;
  readonly payload: Record<string, unknown>;
}

/** @throws FleetError USAGE for what no station could understand, and for what would lock it out */
function checkMessage({ live }: OperationContext, { action, payload }: Message): void {
  const { key } = payload;
  if (action === 'ChangeConfiguration' && typeof key === 'string' && isAuthorizationKey(key)) {
    throw authorizationKeyNotSet();
  }
  live?.checkCall(action, payload);
}

export interface CallOptions {
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/**
 * Sends a message to a station that may be sent it, and gives its answer, whichever that is.
 * @throws FleetError STATION_OFFLINE, CONFLICT when it is not accepted, and as LiveFleet.call
 */
export async function send(
  context: OperationContext,
  station: Station,
  { action, payload }: Message,
  options: CallOptions,
): Promise<Record<string, unknown>> {
  const live = reachable(context, station);
  if (station.registration === 'rejected' || isTooEarly(station, action)) throw notAccepted(station);
  return live.call(station, action, payload, options);
}

/** @throws as `send`, and FleetError REFUSED when the answer is a no */
async function consented(
  context: OperationContext,
  station: Station,
  message: Message,
  options: CallOptions,
): Promise<Record<string, unknown>> {
  const answer = withoutSecrets(await send(context, station, message, options));
  const { status } = answer;
  // An answer without a status is a yes.
  if (status === undefined || isConsent(message.action, String(status))) return answer;
  throw refused(station, message.action, answer);
}

/** What a person wants of a station, in words. */
export interface Wish extends Message {
  /** `reset`, as in "refused to reset". */
  readonly to: string;
  /** What the answers that mean no say, by status. */
  readonly refusals?: Readonly<Record<string, string>>;
}

/**
 * As `send`, for an action whose answer has a status. Gives the answer when it is a yes.
 * @throws Refusal that says in words why not
 */
export async function wish(
  context: OperationContext,
  station: Station,
  { to, refusals = {}, ...message }: Wish,
  options: CallOptions,
): Promise<{ status: string; answer: Record<string, unknown> }> {
  const answer = await send(context, station, message, options).catch((error: unknown) => {
    const code = error instanceof FleetError && statusOfRefusal(error);
    if (!code || !(error.cause instanceof Error)) throw error;
    throw new Refusal(station.id, code, `${station.id} refused to ${to}: ${error.cause.message}.`);
  });
  const status = String(answer.status);
  if (isConsent(message.action, status)) return { status, answer };
  const why = Object.hasOwn(refusals, status) ? `, ${refusals[status]}` : '';
  throw new Refusal(station.id, status, `${station.id} refused to ${to}: ${status}${why}.`);
}

/** @throws FleetError STATION_OFFLINE */
export function reachable({ live }: Pick<OperationContext, 'live'>, station: Station): LiveFleet {
  if (live?.isOnline(station.uuid)) return live;
  const since = station.offlineSinceAt ?? station.lastSeenAt;
  const id = quoteForShell(station.id);
  if (since === null) {
    throw new FleetError('STATION_OFFLINE', `Station ${station.id} has never connected.`, {
      suggestions: [`evfleet station show ${id}`],
    });
  }
  const when = formatInstant(since, 'utc');
  throw new FleetError('STATION_OFFLINE', `Station ${station.id} has been offline since ${when}.`, {
    suggestions: [`evfleet connection list ${id}`, `evfleet event list --station ${id}`],
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

/** Some stations tell their passwords when they are asked for their configuration; they go to nobody's screen. */
function withoutSecrets(answer: Record<string, unknown>): Record<string, unknown> {
  const { configurationKey } = answer;
  if (!Array.isArray(configurationKey)) return answer;
  const masked = configurationKey.map((entry: Record<string, unknown>) =>
    typeof entry.value === 'string'
      ? { ...entry, value: maskedValue(String(entry.key), entry.value) }
      : entry,
  );
  return { ...answer, configurationKey: masked };
}

function refused(station: Station, action: string, answer: Record<string, unknown>): Refusal {
  const { status, ...more } = answer;
  const detail = Object.keys(more).length === 0 ? '' : ` ${JSON.stringify(more)}`;
  return new Refusal(station.id, String(status), `${station.id} answered ${action} with ${status}${detail}.`);
}
