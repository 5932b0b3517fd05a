import { Type } from '@sinclair/typebox';
import { FleetError } from '../domain/errors.js';
import type { Session } from '../domain/model.js';
import type { Repositories } from '../domain/repositories.js';
import { quoteForShell } from '../domain/shell.js';
import { findConnector, findSession, findStation } from './lookup.js';
import { unary } from './operation.js';
import { wish } from './remote-call.js';
import { online, outcome, waiting } from './remote-session.js';
import { timeLeft } from './remote-wait.js';
import { toSessionView } from './session-view.js';

export const remoteStopOperations = {
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
