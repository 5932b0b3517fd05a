import { Type } from '@sinclair/typebox';
import { FleetError } from '../../domain/errors.js';
import type { Session, Station } from '../../domain/model.js';
import type { Repositories } from '../../domain/repositories.js';
import { quoteForShell } from '../../domain/shell.js';
import { staff } from '../access.js';
import { bulk, bulkInput, bulkOutcome, type Done } from '../bulk.js';
import { type SessionView, toSessionView } from '../charging/session-view.js';
import { findConnector, findSession, findStation } from '../lookup.js';
import { type OperationContext, stream, unary } from '../operation.js';
import { Refusal, statusOfRefusal } from './refusal.js';
import { wish } from './remote-call.js';
import { online, outcome, waiting } from './remote-session.js';
import { timeLeft } from './remote-wait.js';

export const remoteStopOperations = {
  'remote.stop': unary({
    summary: 'Ask a station to stop a session',
    access: staff,
    effect: 'change',
    live: true,
    input: Type.Object({
      /** A station id, a session id or a transaction id. */
      target: Type.String(),
      connector: Type.Optional(Type.Integer()),
      ...waiting,
    }),
    output: Type.Object({ ...outcome, transactionId: Type.Integer() }),
    async run(context, { target, connector, ...options }) {
      const { session, station } = await context.store.read(async (r) => {
        const found = await findRunning(r, target, connector);
        return { session: found, station: await findStation(r, found.stationId) };
      });
      return stop(context, station, session, options);
    },
  }),

  'remote.stop-many': stream({
    summary: 'Ask many stations to stop their sessions',
    access: staff,
    effect: 'change',
    live: true,
    input: Type.Object({ ...bulkInput, connector: Type.Optional(Type.Integer()), ...waiting }),
    /** `detail` has `sessions`: those that it was asked to stop. It is well where none runs, too. */
    output: bulkOutcome,
    run: (context, { targets, concurrency, connector, ...options }) =>
      bulk(context, targets, { concurrency }, (station, signal) =>
        stopAll({ ...context, signal }, station, connector, options),
      ),
  }),
};

interface Options {
  readonly timeoutMs: number;
  readonly waitMs?: number | undefined;
}

/** What became of one session. */
interface Stopped {
  readonly stationId: string;
  readonly transactionId: number;
  readonly status: string;
  readonly session: SessionView;
}

async function stop(
  context: OperationContext,
  station: Station,
  session: Session,
  { timeoutMs, waitMs }: Options,
): Promise<Stopped> {
  const { store, clock, signal } = context;
  const requestedAt = clock.now();
  const live = online(context, station);
  const { transactionId, uuid } = session;
  const { status } = await wish(
    context,
    station,
    {
      action: 'RemoteStopTransaction',
      payload: { transactionId },
      to: `stop session ${transactionId}`,
      refusals: { Rejected: 'it knows no such session, or it has ended there already' },
    },
    { timeoutMs, signal },
  );
  const stopped = async (): Promise<Session | undefined> => {
    const now = await store.read((r) => r.sessions.findByUuid(uuid));
    return now?.stoppedAs == null ? undefined : now;
  };
  const ended =
    waitMs === undefined
      ? undefined
      : await live.waitFor(stopped, { timeoutMs: timeLeft(waitMs, requestedAt, clock), signal });
  if (waitMs !== undefined && !ended) {
    throw new FleetError('TIMED_OUT', `${station.id} accepted the stop, but the session has not ended yet.`, {
      suggestions: [`evfleet session show ${transactionId}`],
    });
  }
  const shown = ended ?? session;
  return { stationId: station.id, transactionId, status, session: toSessionView(shown, clock.now()) };
}

/** Stops what runs at a station, or on one connector of it. */
async function stopAll(
  context: OperationContext,
  station: Station,
  connector: number | undefined,
  options: Options,
): Promise<Done> {
  const { id, uuid } = station;
  const open = await context.store.read(async (r) => {
    if (connector !== undefined) await findConnector(r, station, connector);
    return r.sessions.listOpen(uuid, connector);
  });
  // Newest first, and of a connector only the newest is real (field trap 23).
  const newest = open.filter(
    (session, at) => at === open.findIndex((s) => s.connector === session.connector),
  );
  if (newest.length === 0) {
    const where = connector === undefined ? '' : ` on connector ${connector}`;
    const doubt = context.live?.isOnline(uuid) ? '' : ', as far as is known: it is offline';
    return { status: null, message: `${id}: no session runs${where}${doubt}.`, detail: { sessions: [] } };
  }
  const results = await Promise.allSettled(newest.map((session) => stop(context, station, session, options)));
  const stopped = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  const errors = results.flatMap((result): unknown[] =>
    result.status === 'rejected' ? [result.reason] : [],
  );
  const ids = inWords(stopped.map(({ transactionId }) => transactionId));
  const isWaited = options.waitMs !== undefined;
  if (errors.length > 0) {
    const rest = isWaited ? `It has ended ${ids}.` : `It will stop ${ids}.`;
    throw together(id, errors, stopped.length === 0 ? '' : ` ${rest}`);
  }
  const [first] = stopped;
  const status = first?.status ?? null;
  const sessions = stopped.map(({ session }) => session);
  if (!isWaited)
    return { status, message: `${id} answered ${status}: it will stop ${ids}.`, detail: { sessions } };
  const energyKwh = sessions.reduce((sum, session) => sum + (session.energyKwh ?? 0), 0);
  return { status, message: `${id} has ended ${ids}: ${energyKwh.toFixed(3)} kWh.`, detail: { sessions } };
}

/** One error for the sessions of a station. `rest` is what there is to say of the others. */
function together(stationId: string, errors: readonly unknown[], rest: string): unknown {
  const known = errors.filter((error) => error instanceof FleetError);
  const [first] = known;
  if (!first || known.length < errors.length) return errors.find((error) => !(error instanceof FleetError));
  if (known.length === 1 && rest === '') return first;
  const message = `${[...new Set(known.map((error) => error.message))].join(' ')}${rest}`;
  const status = statusOfRefusal(first);
  if (status !== null) return new Refusal(stationId, status, message);
  const suggestions = [...new Set(known.flatMap((error) => error.suggestions))];
  return new FleetError(first.code, message, { suggestions, cause: first });
}

/** `session 3`, `sessions 3 and 4`. */
function inWords(transactionIds: readonly number[]): string {
  const sorted = [...transactionIds].sort((a, b) => a - b);
  const last = sorted.pop();
  return sorted.length === 0 ? `session ${last}` : `sessions ${sorted.join(', ')} and ${last}`;
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
