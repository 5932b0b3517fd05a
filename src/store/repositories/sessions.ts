import type {
  MeteredSession,
  SessionFilter,
  SessionRegister,
  SessionRepository,
} from '../../domain/charging/session-repositories.js';
import { foldKey } from '../../domain/fold-key.js';
import type { Session } from '../../domain/model.js';
import {
  build,
  type Executor,
  first,
  isEmpty,
  prepared,
  preparedInsert,
  preparedUpdate,
} from '../queries.js';
import { incrementCounter, nextNumber, readCounter } from './counters.js';

const columns = [
  'uuid',
  'transactionId',
  'stationUuid',
  'stationId',
  'stationName',
  'siteUuid',
  'siteName',
  'floorName',
  'connector',
  'evseId',
  'authentication',
  'tag',
  'userUuid',
  'userEmail',
  'startedAt',
  'stoppedAt',
  'meterStartWh',
  'meterStopWh',
  'meterLastWh',
  'stopReason',
  'stoppedAs',
  'state',
  'suspicion',
  'receivedAt',
  'verdict',
] as const;

const byTransactionId = prepared<{ transactionId: number }, Session>(({ transactionId }) =>
  build.selectFrom('session').select(columns).where('transactionId', '=', transactionId),
);

const registerOf = prepared<{ transactionId: number }, SessionRegister>(({ transactionId }) =>
  build
    .selectFrom('session')
    .select(['transactionId', 'stationUuid', 'meterStartWh', 'meterLastWh'])
    .where('transactionId', '=', transactionId),
);

/** Hot path of MeterValues: the statement that notes the latest energy register of a running session. */
export const noteRegister = prepared<{ transactionId: number; meterLastWh: number }, unknown>(
  ({ transactionId, meterLastWh }) =>
    build.updateTable('session').set({ meterLastWh }).where('transactionId', '=', transactionId),
);

const byUuid = prepared<{ uuid: string }, Session>(({ uuid }) =>
  build.selectFrom('session').select(columns).where('uuid', '=', uuid),
);

const repeatedStart = prepared<
  {
    stationUuid: string;
    startedAt: number;
    connector: number;
    meterStartWh: number;
    tagKey: string | null;
  },
  Session
>(({ stationUuid, startedAt, connector, meterStartWh, tagKey }) =>
  build
    .selectFrom('session')
    .select(columns)
    .where('stationUuid', '=', stationUuid)
    .where('startedAt', '=', startedAt)
    .where('connector', '=', connector)
    .where('meterStartWh', '=', meterStartWh)
    .where('tagKey', 'is not distinct from', tagKey),
);

/** Stops that a late start is compared with; a station that has more of them is not to be understood anyway. */
const orphanStopsMax = 100;

const guesses = prepared<{ stationUuid: string; stoppedAt: number; meterStopWh: number }, Session>(
  ({ stationUuid, stoppedAt, meterStopWh }) =>
    build
      .selectFrom('session')
      .select(columns)
      .where('stationUuid', '=', stationUuid)
      .where('stoppedAt', '=', stoppedAt)
      .where('meterStopWh', '=', meterStopWh)
      // In the words of the index of them.
      .whereRef('stoppedAs', '<>', 'transactionId')
      .orderBy('transactionId')
      .limit(orphanStopsMax),
);

const orphanStops = prepared<{ stationUuid: string; from: number; to: number }, Session>(
  ({ stationUuid, from, to }) =>
    build
      .selectFrom('session')
      .select(columns)
      .where('stationUuid', '=', stationUuid)
      .where('startedAt', '>=', from)
      .where('startedAt', '<=', to)
      .where('connector', '=', 0)
      .where('tag', 'is', null)
      .where('stoppedAs', 'is not', null)
      .orderBy('startedAt')
      .orderBy('transactionId')
      .limit(orphanStopsMax),
);

function open(stationUuid: string) {
  return build
    .selectFrom('session')
    .select(columns)
    .where('stationUuid', '=', stationUuid)
    .where('stoppedAt', 'is', null)
    .orderBy('startedAt', 'desc')
    .orderBy('transactionId', 'desc');
}

const openOfStation = prepared<{ stationUuid: string }, Session>(({ stationUuid }) => open(stationUuid));

const openOnConnector = prepared<{ stationUuid: string; connector: number }, Session>(
  ({ stationUuid, connector }) => open(stationUuid).where('connector', '=', connector),
);

const openOfTag = prepared<{ tagKey: string }, Session>(({ tagKey }) =>
  build
    .selectFrom('session')
    .select(columns)
    .where('tagKey', '=', tagKey)
    .where('stoppedAt', 'is', null)
    .orderBy('transactionId'),
);

const endedSince = prepared<{ startedFrom: number; endedFrom: number; limit: number }, MeteredSession>(
  ({ startedFrom, endedFrom, limit }) =>
    build
      .selectFrom('session')
      .select(['transactionId', 'siteUuid', 'startedAt', 'stoppedAt'])
      .select(['meterStartWh', 'meterStopWh', 'meterLastWh'])
      .where('startedAt', '>=', startedFrom)
      .where('stoppedAt', '>=', endedFrom)
      .orderBy('startedAt')
      .orderBy('transactionId')
      .limit(limit),
);

const insertSession = preparedInsert('session', [...columns, 'tagKey', 'samplesThinnedAt']);

const updateSession = preparedUpdate('session', 'uuid');

const transactionCounter = 'transactionId';
const sessionCounter = 'sessions';

function keyOf(tag: string | null): string | null {
  return tag === null ? null : foldKey(tag);
}

function filtered(filter: SessionFilter) {
  let query = build.selectFrom('session');
  if (filter.stationId !== undefined) query = query.where('stationId', '=', filter.stationId);
  if (filter.connector !== undefined) query = query.where('connector', '=', filter.connector);
  if (filter.siteUuid !== undefined) query = query.where('siteUuid', '=', filter.siteUuid);
  if (filter.siteUuids !== undefined) query = query.where('siteUuid', 'in', [...filter.siteUuids, '']);
  if (filter.userUuid !== undefined) query = query.where('userUuid', '=', filter.userUuid);
  if (filter.userEmail !== undefined) {
    // That there is one has to be said, for the index to be used.
    query = query
      .where('userEmail', 'is not', null)
      .where(({ eb, fn, val }) =>
        eb(fn<string>('lower', ['userEmail']), '=', fn<string>('lower', [val(filter.userEmail)])),
      );
  }
  if (filter.tag !== undefined) query = query.where('tagKey', '=', foldKey(filter.tag));
  if (filter.state !== undefined) query = query.where('state', '=', filter.state);
  if (filter.from !== undefined) query = query.where('startedAt', '>=', filter.from);
  if (filter.to !== undefined) query = query.where('startedAt', '<', filter.to);
  return query;
}

export function createSessionRepository(executor: Executor): SessionRepository {
  return {
    nextTransactionId: () => nextNumber(executor, transactionCounter),

    findByUuid: (uuid) => first(executor, byUuid({ uuid })),

    findByTransactionId: (transactionId) => first(executor, byTransactionId({ transactionId })),

    findRegister: (transactionId) => first(executor, registerOf({ transactionId })),

    findRepeatedStart: ({ tag, ...key }) => first(executor, repeatedStart({ ...key, tagKey: keyOf(tag) })),

    findStop({ stationUuid, meterStopWh, from, to, startedFrom, stoppedAs }) {
      let query = build
        .selectFrom('session')
        .select(columns)
        .where('stationUuid', '=', stationUuid)
        .where('startedAt', '>=', startedFrom)
        .where('startedAt', '<=', to)
        .where('stoppedAt', '>=', from)
        .where('stoppedAt', '<=', to)
        .where('meterStopWh', '=', meterStopWh)
        .orderBy('startedAt', 'desc')
        .orderBy('transactionId', 'desc')
        .limit(1);
      if (stoppedAs !== undefined) query = query.where('stoppedAs', '=', stoppedAs);
      return first(executor, query.compile());
    },

    listGuesses: (stationUuid, stop) => executor.all(guesses({ stationUuid, ...stop })),

    listOrphanStops: (stationUuid, span) => executor.all(orphanStops({ stationUuid, ...span })),

    listOpen: (stationUuid, connector) =>
      executor.all(
        connector === undefined
          ? openOfStation({ stationUuid })
          : openOnConnector({ stationUuid, connector }),
      ),

    listOpenByTag: (tag) => executor.all(openOfTag({ tagKey: foldKey(tag) })),

    listAllOpen: () =>
      executor.all(build.selectFrom('session').select(columns).where('stoppedAt', 'is', null).compile()),

    listEndedSince: (since, limit) => executor.all(endedSince({ ...since, limit })),

    list(filter, { limit, offset, after } = {}) {
      let query = filtered(filter)
        .select(columns)
        .orderBy('startedAt', 'desc')
        .orderBy('transactionId', 'desc');
      if (limit !== undefined) query = query.limit(limit);
      // SQLite knows no offset without a limit.
      if (offset !== undefined) query = query.limit(limit ?? Number.MAX_SAFE_INTEGER).offset(offset);
      if (after !== undefined) {
        const { startedAt, transactionId } = after;
        // Compared as a pair, which goes straight to the place in the index; two conditions would not.
        query = query.where(({ eb, refTuple, tuple }) =>
          eb(refTuple('startedAt', 'transactionId'), '<', tuple(startedAt, transactionId)),
        );
      }
      return executor.all(query.compile());
    },

    async count(filter) {
      // Counting a million rows takes longer than showing fifty of them.
      if (isEmpty(filter)) return readCounter(executor, sessionCounter);
      const row = await first(
        executor,
        filtered(filter)
          .select(({ fn }) => fn.countAll<number>().as('n'))
          .compile(),
      );
      return row?.n ?? 0;
    },

    async insert(session) {
      const row = { ...session, tagKey: keyOf(session.tag), samplesThinnedAt: null };
      for (const statement of insertSession([row])) await executor.run(statement);
      await incrementCounter(executor, sessionCounter);
    },

    async update(uuid, change) {
      const key = change.tag === undefined ? {} : { tagKey: keyOf(change.tag) };
      const statement = updateSession(uuid, { ...change, ...key });
      if (statement) await executor.run(statement);
    },
  };
}
