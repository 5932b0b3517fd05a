import { Type } from '@sinclair/typebox';
import { authorize, type DecisionCode } from '../../domain/charging/authorization.js';
import { gatherFacts } from '../../domain/charging/authorization-facts.js';
import type { ProfileDraft } from '../../domain/charging/charging-profile.js';
import { remoteStartValidMs } from '../../domain/charging/remote-start.js';
import { FleetError } from '../../domain/errors.js';
import { checkTag } from '../../domain/identifiers.js';
import type { Session, Station } from '../../domain/model.js';
import type { Repositories } from '../../domain/repositories.js';
import { quoteForShell } from '../../domain/shell.js';
import { staff } from '../access.js';
import { bulk, bulkInput, bulkOutcome } from '../bulk.js';
import { type SessionView, toSessionView } from '../charging/session-view.js';
import { readStartProfile, startProfile } from '../charging/start-profile.js';
import { findConnector, findStation } from '../lookup.js';
import { type OperationContext, stream, unary } from '../operation.js';
import { nullable } from '../shared.js';
import { wish } from './remote-call.js';
import { online, outcome, waiting } from './remote-session.js';
import { timeLeft } from './remote-wait.js';

const refusals = {
  Rejected: 'the connector may be occupied, reserved, faulted or out of service, or no cable plugged in',
};

const input = {
  connector: Type.Optional(Type.Integer()),
  tag: Type.String(),
  /** OCPP's ChargingProfile for the session: see domain/charging/read-charging-profile.ts for what may be left out. */
  profile: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
  ...waiting,
};

export const remoteStartOperations = {
  'remote.start': unary({
    summary: 'Ask a station to start charging',
    access: staff,
    effect: 'change',
    live: true,
    input: Type.Object({ stationId: Type.String(), ...input }),
    output: Type.Object({ ...outcome, connector: nullable(Type.Integer()), tag: Type.String() }),
    async run(context, { stationId, profile, ...input }) {
      const wanted = toWanted(context, profile, input);
      const station = await context.store.read((r) => findStation(r, stationId));
      return start(context, station, wanted);
    },
  }),

  'remote.start-many': stream({
    summary: 'Ask many stations to start charging',
    access: staff,
    effect: 'change',
    live: true,
    input: Type.Object({ ...bulkInput, ...input }),
    /** `detail` has `connector`, `tag` and `session`, as remote.start has them. */
    output: bulkOutcome,
    async *run(context, { targets, concurrency, profile, ...input }) {
      const wanted = toWanted(context, profile, input);
      yield* bulk(context, targets, { concurrency }, async (station, signal) => {
        const { stationId, status, ...detail } = await start({ ...context, signal }, station, wanted);
        const { session, connector, tag } = detail;
        const where = connector === null ? '' : ` on connector ${connector}`;
        const message = session
          ? `${stationId} has begun session ${session.transactionId}${where}.`
          : `${stationId} answered ${status}: it will try to charge${where} with tag ${tag}.`;
        return { status, message, detail };
      });
    },
  }),
};

interface Wanted {
  readonly connector?: number | undefined;
  readonly tag: string;
  readonly draft: ProfileDraft | undefined;
  readonly timeoutMs: number;
  readonly waitMs?: number | undefined;
}

/** @throws FleetError USAGE for what is wrong whatever the station */
function toWanted(
  { clock }: OperationContext,
  profile: Record<string, unknown> | undefined,
  input: Omit<Wanted, 'draft'>,
): Wanted {
  checkTag(input.tag);
  return { ...input, draft: profile && readStartProfile(profile, clock.now()) };
}

/** What became of it at one station. */
interface Started {
  readonly stationId: string;
  readonly connector: number | null;
  readonly tag: string;
  readonly status: string;
  readonly session: SessionView | null;
}

async function start(
  context: OperationContext,
  station: Station,
  { connector, tag, draft, timeoutMs, waitMs }: Wanted,
): Promise<Started> {
  const { store, clock, signal } = context;
  const requestedAt = clock.now();
  await store.read((r) => checkMayStart(r, station, connector, tag, requestedAt));
  const live = online(context, station);
  const chargingProfile = draft && (await startProfile(context, live, station, draft, { timeoutMs, signal }));
  // Written down first: a station may start before its answer is here.
  await store.write(async (r) => {
    await r.remoteStarts.removeBefore(requestedAt - remoteStartValidMs);
    await r.remoteStarts.insert({
      stationUuid: station.uuid,
      connector: connector ?? null,
      tag,
      requestedAt,
      profile: chargingProfile ?? null,
    });
  });
  const payload = {
    idTag: tag,
    ...(connector !== undefined && { connectorId: connector }),
    ...(chargingProfile && { chargingProfile }),
  };
  const asked = { action: 'RemoteStartTransaction', payload, to: 'start charging', refusals };
  let status: string;
  try {
    ({ status } = await wish(context, station, asked, { timeoutMs, signal }));
  } catch (error) {
    // Only after a clear no: a station that did not answer, or went away, may still start.
    if (error instanceof FleetError && (error.code === 'REFUSED' || error.code === 'CONFLICT')) {
      await store.write((r) => r.remoteStarts.remove(station.uuid, tag, requestedAt));
    }
    throw error;
  }
  const session =
    waitMs === undefined
      ? undefined
      : await live.waitFor(() => store.read((r) => findBegun(r, station, { connector, tag, requestedAt })), {
          timeoutMs: timeLeft(waitMs, requestedAt, clock),
          signal,
        });
  if (waitMs !== undefined && !session) {
    throw new FleetError('TIMED_OUT', `${station.id} accepted the start, but no session has begun yet.`, {
      suggestions: ['evfleet status', `evfleet session list --station ${quoteForShell(station.id)}`],
    });
  }
  if (session && session.verdict !== 'Accepted') {
    throw new FleetError(
      'REFUSED',
      `Session ${session.transactionId} began, but ${tag} was refused: ${session.verdict}.`,
      {
        suggestions: [`evfleet tag show ${quoteForShell(tag)}`],
      },
    );
  }
  return {
    stationId: station.id,
    connector: session?.connector ?? connector ?? null,
    tag,
    status,
    session: session ? toSessionView(session, clock.now()) : null,
  };
}

/** A session that a remote start led to, running or over already. */
async function findBegun(
  r: Repositories,
  { id }: Station,
  { connector, tag, requestedAt }: { connector: number | undefined; tag: string; requestedAt: number },
): Promise<Session | undefined> {
  const filter = { stationId: id, tag, ...(connector !== undefined && { connector }) };
  const newest = await r.sessions.list(filter, { limit: 10 });
  return newest.find(({ receivedAt }) => receivedAt >= requestedAt);
}

/** The same decision as when the session begins: a station that may not charge with the tag need not try. */
async function checkMayStart(
  r: Repositories,
  station: Station,
  connector: number | undefined,
  tag: string,
  now: number,
): Promise<void> {
  if (connector !== undefined) await findConnector(r, station, connector);
  const facts = await gatherFacts(r, { purpose: 'start', station, connector, idTag: tag, now });
  const { verdict, code, reason } = authorize(facts);
  if (verdict === 'Accepted') return;
  const shown = quoteForShell(tag);
  const next: Partial<Record<DecisionCode, string>> = {
    'unknown-tag': `evfleet tag create ${shown}`,
    'tag-blocked': `evfleet tag unblock ${shown}`,
    'tag-expired': `evfleet tag update ${shown} --expires 30d`,
    'too-many-sessions': `evfleet session list --tag ${shown} --state active`,
  };
  throw new FleetError(
    verdict === 'Invalid' ? 'NOT_FOUND' : 'REFUSED',
    `${tag} may not charge at ${station.id}: ${reason}.`,
    {
      suggestions: [next[code] ?? `evfleet tag show ${shown}`],
    },
  );
}
