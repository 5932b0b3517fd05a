import type {
  OutboxFilter,
  OutboxMessage,
  OutboxRecipient,
  OutboxRepository,
} from '../../domain/alarm/outbox.js';
import { foldKey } from '../../domain/fold-key.js';
import { build, countRows, type Executor, first, isEmpty, prepared, preparedInsert } from '../queries.js';
import { nextNumber } from './counters.js';
import { findOldestEnd, removeEnded } from './ended-rows.js';

const columns = [
  'id',
  'channel',
  'recipient',
  'kind',
  'subject',
  'payload',
  'threadKey',
  'messageId',
  'replyTo',
  'createdAt',
  'expiresAt',
  'attempts',
  'nextAttemptAt',
  'lastError',
  'state',
  'endedAt',
] as const satisfies readonly (keyof OutboxMessage)[];

const counter = 'outbox';

const insertRows = preparedInsert('outbox', [...columns, 'recipientKey']);

const firstPending = prepared<{ recipientKey: string }, OutboxMessage>(({ recipientKey }) =>
  build
    .selectFrom('outbox')
    .select(columns)
    .where('recipientKey', '=', recipientKey)
    .where('state', '=', 'pending')
    .orderBy('id')
    .limit(1),
);

const threadStart = prepared<{ threadKey: string; recipientKey: string }, OutboxMessage>(
  ({ threadKey, recipientKey }) =>
    build
      .selectFrom('outbox')
      .select(columns)
      .where('threadKey', '=', threadKey)
      .where('recipientKey', '=', recipientKey)
      .orderBy('id')
      .limit(1),
);

/** Addresses are the same however they are written; URLs are not. A URL is never an address. */
function keyOf({ channel, recipient }: OutboxRecipient): string {
  return channel === 'mail' ? foldKey(recipient) : recipient;
}

function filtered({ state, channel, recipient }: OutboxFilter) {
  let query = build.selectFrom('outbox');
  if (state !== undefined) query = query.where('state', '=', state);
  if (channel !== undefined) query = query.where('channel', '=', channel);
  if (recipient !== undefined) query = query.where('recipientKey', 'in', [recipient, foldKey(recipient)]);
  return query;
}

export function createOutboxRepository(executor: Executor): OutboxRepository {
  return {
    async insert(message) {
      const id = await nextNumber(executor, counter);
      for (const statement of insertRows([{ ...message, id, recipientKey: keyOf(message) }])) {
        await executor.run(statement);
      }
      return id;
    },

    find: (id) => first(executor, build.selectFrom('outbox').select(columns).where('id', '=', id).compile()),

    async update(id, change) {
      if (isEmpty(change)) return;
      await executor.run(build.updateTable('outbox').set(change).where('id', '=', id).compile());
    },

    findFirstPending: (to) => first(executor, firstPending({ recipientKey: keyOf(to) })),

    findThreadStart: (to, threadKey) => first(executor, threadStart({ threadKey, recipientKey: keyOf(to) })),

    listDue: (channel, { now, horizon, limit }) =>
      executor.all(
        build
          .selectFrom('outbox')
          .select(columns)
          .where('channel', '=', channel)
          .where(({ eb, or }) => or([eb('nextAttemptAt', '<=', now), eb('nextAttemptAt', '>', horizon)]))
          .orderBy('nextAttemptAt')
          .orderBy('id')
          .limit(limit)
          .compile(),
      ),

    async findNextAttempt(channel) {
      const query = build
        .selectFrom('outbox')
        .select('nextAttemptAt')
        .where('channel', '=', channel)
        .where('nextAttemptAt', 'is not', null)
        .orderBy('nextAttemptAt')
        .limit(1);
      return (await first(executor, query.compile()))?.nextAttemptAt ?? undefined;
    },

    listPending: (limit) =>
      executor.all(
        build
          .selectFrom('outbox')
          .select(columns)
          .where('state', '=', 'pending')
          .orderBy('id')
          .limit(limit)
          .compile(),
      ),

    listExpired: (channel, { now, limit }) =>
      executor.all(
        build
          .selectFrom('outbox')
          .select(columns)
          .where('channel', '=', channel)
          .where('state', '=', 'pending')
          .where('expiresAt', '<=', now)
          .orderBy('expiresAt')
          .orderBy('id')
          .limit(limit)
          .compile(),
      ),

    list(filter, { limit, before }) {
      let query = filtered(filter).select(columns).orderBy('id', 'desc').limit(limit);
      if (before !== undefined) query = query.where('id', '<', before);
      return executor.all(query.compile());
    },

    count: (filter) => countRows(executor, filtered(filter)),

    findOldestEnd: () => findOldestEnd(executor, 'outbox'),

    removeEnded: (which) => removeEnded(executor, 'outbox', which),
  };
}
