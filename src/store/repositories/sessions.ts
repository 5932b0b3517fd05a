import type { Session } from '../../domain/model.js';
import type { SessionFilter, SessionRegister, SessionRepository } from '../../domain/repositories.js';
import { build, type Executor, first, isEmpty, prepared } from '../queries.js';
import { foldKey } from '../schema.js';

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

/** The statement that notes the latest energy register of a running session. */
export const noteRegister = prepared<{ transactionId: number; meterLastWh: number }, unknown>(
  ({ transactionId, meterLastWh }) =>
    build.updateTable('session').set({ meterLastWh }).where('transactionId', '=', transactionId),
);

/** Stops that a late start is compared with; a station that has more of them is not to be understood anyway. */
const orphanStopsMax = 100;

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
  if (filter.tag !== undefined) query = query.where('tagKey', '=', foldKey(filter.tag));
  if (filter.state !== undefined) query = query.where('state', '=', filter.state);
  if (filter.from !== undefined) query = query.where('startedAt', '>=', filter.from);
  if (filter.to !== undefined) query = query.where('startedAt', '<', filter.to);
  return query;
}

export function createSessionRepository(executor: Executor): SessionRepository {
  async function readCounter(name: string): Promise<number> {
    const counter = build.selectFrom('counter').select('value').where('name', '=', name);
    return (await first(executor, counter.compile()))?.value ?? 0;
  }

  /** In one statement: where transactions run side by side, none counts what another has counted. */
  async function increment(name: string): Promise<void> {
    await executor.run(
      build
        .insertInto('counter')
        .values({ name, value: 1 })
        .onConflict((conflict) =>
          conflict.column('name').doUpdateSet(({ eb }) => ({ value: eb('counter.value', '+', 1) })),
        )
        .compile(),
    );
  }

  return {
    async nextTransactionId() {
      await increment(transactionCounter);
      return readCounter(transactionCounter);
    },

    findByUuid: (uuid) =>
      first(executor, build.selectFrom('session').select(columns).where('uuid', '=', uuid).compile()),

    findByTransactionId: (transactionId) => first(executor, byTransactionId({ transactionId })),

    findRegister: (transactionId) => first(executor, registerOf({ transactionId })),

    findRepeatedStart: ({ stationUuid, connector, tag, startedAt, meterStartWh }) =>
      first(
        executor,
        build
          .selectFrom('session')
          .select(columns)
          .where('stationUuid', '=', stationUuid)
          .where('startedAt', '=', startedAt)
          .where('connector', '=', connector)
          .where('meterStartWh', '=', meterStartWh)
          .where('tagKey', 'is not distinct from', keyOf(tag))
          .compile(),
      ),

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

    listGuesses: (stationUuid, { stoppedAt, meterStopWh }) =>
      executor.all(
        build
          .selectFrom('session')
          .select(columns)
          .where('stationUuid', '=', stationUuid)
          .where('stoppedAt', '=', stoppedAt)
          .where('meterStopWh', '=', meterStopWh)
          // In the words of the index of them.
          .whereRef('stoppedAs', '<>', 'transactionId')
          .orderBy('transactionId')
          .limit(orphanStopsMax)
          .compile(),
      ),

    listOrphanStops: (stationUuid, { from, to }) =>
      executor.all(
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
          .limit(orphanStopsMax)
          .compile(),
      ),

    listOpen(stationUuid, connector) {
      let query = build
        .selectFrom('session')
        .select(columns)
        .where('stationUuid', '=', stationUuid)
        .where('stoppedAt', 'is', null)
        .orderBy('startedAt', 'desc')
        .orderBy('transactionId', 'desc');
      if (connector !== undefined) query = query.where('connector', '=', connector);
      return executor.all(query.compile());
    },

    listAllOpen: () =>
      executor.all(build.selectFrom('session').select(columns).where('stoppedAt', 'is', null).compile()),

    list(filter, { limit, after } = {}) {
      let query = filtered(filter)
        .select(columns)
        .orderBy('startedAt', 'desc')
        .orderBy('transactionId', 'desc');
      if (limit !== undefined) query = query.limit(limit);
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
      if (isEmpty(filter)) return readCounter(sessionCounter);
      const row = await first(
        executor,
        filtered(filter)
          .select(({ fn }) => fn.countAll<number>().as('n'))
          .compile(),
      );
      return row?.n ?? 0;
    },

    async insert(session) {
      const tagKey = keyOf(session.tag);
      await executor.run(
        build
          .insertInto('session')
          .values({ ...session, tagKey })
          .compile(),
      );
      await increment(sessionCounter);
    },

    async noteRegister(transactionId, meterLastWh) {
      await executor.run(noteRegister({ transactionId, meterLastWh }));
    },

    async update(uuid, change) {
      if (isEmpty(change)) return;
      const key = change.tag === undefined ? {} : { tagKey: keyOf(change.tag) };
      await executor.run(
        build
          .updateTable('session')
          .set({ ...change, ...key })
          .where('uuid', '=', uuid)
          .compile(),
      );
    },
  };
}
