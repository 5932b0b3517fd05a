import { Type } from '@sinclair/typebox';
import { authorize } from '../domain/authorization.js';
import type { Clock } from '../domain/clock.js';
import { FleetError } from '../domain/errors.js';
import { checkTag } from '../domain/identifiers.js';
import type { Session, Station } from '../domain/model.js';
import { remoteStartValidMs } from '../domain/remote-start.js';
import type { Repositories } from '../domain/repositories.js';
import { quoteForShell } from '../domain/shell.js';
import { findConnector, findSession, findStation } from './lookup.js';
import { type LiveFleet, type OperationContext, unary } from './operation.js';
import { notAccepted, reachable } from './remote-call.js';
import { sessionView, toSessionView } from './session-view.js';
import { nullable } from './shared.js';

const waiting = {
  /** How long the station may take to answer. */
  timeoutMs: Type.Integer({ minimum: 100, maximum: 3_600_000 }),
  /** When given, wait until it has really happened, this long in all. */
  waitMs: Type.Optional(Type.Integer({ minimum: 0, maximum: 86_400_000 })),
};

const outcome = {
  stationId: Type.String(),
  /** What the station answered: `Accepted`. It means "will try"; `session` tells what came of it. */
  status: Type.String(),
  /** Null as long as it is not known, or was not waited for. */
  session: nullable(sessionView),
};

export const remoteOperations = {
  'remote.start': unary({
    summary: 'Ask a station to start charging',
    role: 'support',
    live: true,
    input: Type.Object({
      stationId: Type.String(),
      connector: Type.Optional(Type.Integer()),
      tag: Type.String(),
      ...waiting,
    }),
    output: Type.Object({ ...outcome, connector: nullable(Type.Integer()), tag: Type.String() }),
    async run(context, { stationId, connector, tag, timeoutMs, waitMs }) {
      const { store, clock, signal } = context;
      checkTag(tag);
      const requestedAt = clock.now();
      const station = await store.read(async (r) => {
        const found = await findStation(r, stationId);
        await checkMayStart(r, found, connector, tag, requestedAt);
        return found;
      });
      const live = online(context, station);
      // Written down first: a station may start before its answer is here.
      await store.write(async (r) => {
        await r.remoteStarts.removeBefore(requestedAt - remoteStartValidMs);
        await r.remoteStarts.insert({
          stationUuid: station.uuid,
          connector: connector ?? null,
          tag,
          requestedAt,
        });
      });
      const payload = { idTag: tag, ...(connector !== undefined && { connectorId: connector }) };
      let status: string;
      try {
        status = accepted(
          station,
          'start charging',
          await live.call(station, 'RemoteStartTransaction', payload, { timeoutMs, signal }),
        );
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
          : await live.waitFor(
              () => store.read((r) => findBegun(r, station, { connector, tag, requestedAt })),
              {
                timeoutMs: left(waitMs, requestedAt, clock),
                signal,
              },
            );
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
    },
  }),

  'remote.stop': unary({
    summary: 'Ask a station to stop a session',
    role: 'support',
    live: true,
    input: Type.Object({
      /** A station id, a session id or a transaction id. */
      target: Type.String(),
      connector: Type.Optional(Type.Integer()),
      ...waiting,
    }),
    output: Type.Object({ ...outcome, transactionId: Type.Integer() }),
    async run(context, { target, connector, timeoutMs, waitMs }) {
      const { store, clock, signal } = context;
      const requestedAt = clock.now();
      const { session, station } = await store.read(async (r) => {
        const found = await findRunning(r, target, connector);
        return { session: found, station: await findStation(r, found.stationId) };
      });
      const live = online(context, station);
      const { transactionId, uuid } = session;
      const answer = await live.call(
        station,
        'RemoteStopTransaction',
        { transactionId },
        { timeoutMs, signal },
      );
      const status = accepted(station, `stop session ${transactionId}`, answer);
      const stopped = async (): Promise<Session | undefined> => {
        const now = await store.read((r) => r.sessions.findByUuid(uuid));
        return now?.stoppedAs == null ? undefined : now;
      };
      const ended =
        waitMs === undefined
          ? undefined
          : await live.waitFor(stopped, { timeoutMs: left(waitMs, requestedAt, clock), signal });
      if (waitMs !== undefined && !ended) {
        throw new FleetError(
          'TIMED_OUT',
          `${station.id} accepted the stop, but the session has not ended yet.`,
          {
            suggestions: [`evfleet session show ${transactionId}`],
          },
        );
      }
      const shown = ended ?? session;
      return { stationId: station.id, transactionId, status, session: toSessionView(shown, clock.now()) };
    },
  }),
};

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

/** What is left of the time that the whole was given. */
function left(waitMs: number, since: number, clock: Clock): number {
  return Math.max(0, waitMs - (clock.now() - since));
}

async function checkMayStart(
  r: Repositories,
  station: Station,
  connector: number | undefined,
  tag: string,
  now: number,
): Promise<void> {
  const outlets = await r.connectors.listByStation(station.uuid);
  const wanted = connector === undefined ? outlets : [await findConnector(r, station, connector)];
  const mode = wanted.some((outlet) => outlet.mode === 'open') ? 'open' : 'rfid';
  const { verdict, reason } = authorize({ mode, tag: await r.tags.find(tag), now });
  if (verdict === 'Accepted') return;
  const next = {
    Invalid: `evfleet tag create ${quoteForShell(tag)}`,
    Blocked: `evfleet tag unblock ${quoteForShell(tag)}`,
    Expired: `evfleet tag update ${quoteForShell(tag)} --expires 30d`,
  }[verdict];
  throw new FleetError(
    verdict === 'Invalid' ? 'NOT_FOUND' : 'REFUSED',
    `${tag} may not charge at ${station.id}: ${reason}.`,
    {
      suggestions: [next],
    },
  );
}

async function findRunning(r: Repositories, target: string, connector: number | undefined): Promise<Session> {
  const station = await r.stations.findById(target);
  if (!station) {
    const session = await findSession(r, target).catch(() => undefined);
    if (!session) {
      throw new FleetError('NOT_FOUND', `There is no station or session ${JSON.stringify(target)}.`, {
        suggestions: ['evfleet session list --state active', 'evfleet station list'],
      });
    }
    // What a person closed in the records may go on at the station.
    if (session.stoppedAs === null) return session;
    throw new FleetError('CONFLICT', `Session ${target} has ended already.`, {
      suggestions: [`evfleet session show ${session.transactionId}`],
    });
  }
  if (connector !== undefined) await findConnector(r, station, connector);
  const [first, ...others] = await r.sessions.listOpen(station.uuid, connector);
  if (!first) {
    const where = connector === undefined ? station.id : `connector ${connector} of ${station.id}`;
    throw new FleetError('NOT_FOUND', `No session is running on ${where}.`, {
      suggestions: ['evfleet session list --state active'],
    });
  }
  // More than one on a connector: the newest is the real one, the others are suspect (field trap 23).
  if (others.every((other) => other.connector === first.connector)) return first;
  const connectors = [...new Set([first, ...others].map((session) => session.connector))].sort(
    (a, b) => a - b,
  );
  throw new FleetError(
    'USAGE',
    `${station.id} has running sessions on connectors ${connectors.join(', ')}.`,
    {
      suggestions: connectors.map(
        (number) => `evfleet remote stop ${quoteForShell(station.id)} --connector ${number}`,
      ),
    },
  );
}

/** OCPP 1.6 §4.2: neither remote start nor remote stop before the station is accepted. */
function online(context: OperationContext, station: Station): LiveFleet {
  const live = reachable(context, station);
  if (station.registration === 'accepted') return live;
  throw notAccepted(station);
}

/** @throws FleetError REFUSED when the station's answer is anything but Accepted */
function accepted(station: Station, what: string, answer: Record<string, unknown>): string {
  const status = String(answer.status);
  if (status === 'Accepted') return status;
  throw new FleetError('REFUSED', `${station.id} refused to ${what}: it answered ${status}.`, {
    suggestions: [`evfleet station show ${quoteForShell(station.id)}`],
  });
}
