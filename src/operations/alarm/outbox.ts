import { type Static, Type } from '@sinclair/typebox';
import { type OutboxMessage, outboxChannels, outboxStates } from '../../domain/alarm/outbox.js';
import { endMessage, retryMessage } from '../../domain/alarm/outbox-steps.js';
import { FleetError } from '../../domain/errors.js';
import type { Repositories } from '../../domain/repositories.js';
import { admins, fleetStaff } from '../access.js';
import { fieldsOf, listOf, listQuery } from '../list.js';
import { type OperationContext, unary } from '../operation.js';
import { pagedList } from '../paged-list.js';
import { given, instant, nullable, oneOf, toIso } from '../shared.js';

const outboxView = Type.Object({
  id: Type.Integer(),
  channel: oneOf(...outboxChannels),
  recipient: Type.String(),
  kind: Type.String(),
  subject: Type.String(),
  state: oneOf(...outboxStates),
  attempts: Type.Integer(),
  createdAt: instant,
  /** Null while it waits for an earlier message to the same recipient, and at the end. */
  nextAttemptAt: nullable(instant),
  /** When it was sent, given up or dropped. */
  endedAt: nullable(instant),
  lastError: nullable(Type.String()),
  messageId: Type.String(),
});
export type OutboxView = Static<typeof outboxView>;

const ids = Type.Array(Type.Integer({ minimum: 1 }), { minItems: 1, maxItems: 1000, uniqueItems: true });

/** Messages in one transaction of many. */
const perStep = 200;

function toView({ createdAt, nextAttemptAt, endedAt, ...message }: OutboxMessage): OutboxView {
  const { id, channel, recipient, kind, subject, state, attempts, lastError, messageId } = message;
  return {
    ...{ id, channel, recipient, kind, subject, state, attempts },
    createdAt: toIso(createdAt),
    nextAttemptAt: toIso(nextAttemptAt),
    endedAt: toIso(endedAt),
    ...{ lastError, messageId },
  };
}

export const outboxOperations = {
  'outbox.list': unary({
    summary: 'List messages to people and webhooks, newest first',
    access: fleetStaff,
    effect: 'read',
    input: Type.Object({
      state: Type.Optional(oneOf(...outboxStates)),
      channel: Type.Optional(oneOf(...outboxChannels)),
      recipient: Type.Optional(Type.String()),
      ...listQuery,
    }),
    output: listOf(outboxView),
    async run({ store, signal }, { state, channel, recipient, ...query }) {
      const filter = given({ state, channel, recipient });
      const source = {
        page: (size: number, after: OutboxMessage | undefined) =>
          store.read((r) => r.outbox.list(filter, { limit: size, before: after?.id })),
        count: () => store.read((r) => r.outbox.count(filter)),
        view: toView,
        fields: fieldsOf(outboxView),
      };
      return pagedList(query, source, signal);
    },
  }),

  'outbox.retry': unary({
    summary: 'Send messages again that were given up or dropped, or now those that wait',
    access: admins,
    effect: 'change',
    input: Type.Object({
      /** Exactly one of the two. */
      ids: Type.Optional(ids),
      allDead: Type.Optional(Type.Boolean()),
    }),
    output: Type.Object({ messages: Type.Integer() }),
    async run(context, { ids: chosen, allDead = false }) {
      if ((chosen !== undefined) === allDead) {
        throw new FleetError('USAGE', 'Either messages are named, or all that were given up are meant.', {
          suggestions: ['evfleet alarm outbox retry --all-dead', 'evfleet alarm outbox list --state dead'],
        });
      }
      if (chosen === undefined) return { messages: await retryAllDead(context) };
      const now = context.clock.now();
      await context.store.write(async (r) => {
        for (const message of await findUnsent(r, chosen)) await retryMessage(r, message, now);
      });
      return { messages: chosen.length };
    },
  }),

  'outbox.drop': unary({
    summary: 'Throw messages away that were not sent',
    access: admins,
    effect: 'change',
    input: Type.Object({ ids }),
    output: Type.Object({ messages: Type.Integer() }),
    async run({ store, clock }, { ids: chosen }) {
      const now = clock.now();
      await store.write(async (r) => {
        for (const message of await findUnsent(r, chosen))
          await endMessage(r, message, { state: 'dropped', now });
      });
      return { messages: chosen.length };
    },
  }),
};

/** Those that are dead when it begins, the oldest last: so each gets its place before later ones. */
async function retryAllDead({ store, clock, signal }: OperationContext): Promise<number> {
  let messages = 0;
  let before: number | undefined;
  while (!signal.aborted) {
    const position = before;
    const page = await store.write(async (r) => {
      const found = await r.outbox.list({ state: 'dead' }, { limit: perStep, before: position });
      for (const message of found) await retryMessage(r, message, clock.now());
      return found;
    });
    messages += page.length;
    before = page.at(-1)?.id;
    if (page.length < perStep) break;
  }
  return messages;
}

/** All of them or none. */
async function findUnsent(r: Repositories, chosen: readonly number[]): Promise<OutboxMessage[]> {
  const messages: OutboxMessage[] = [];
  for (const id of chosen) {
    const message = await r.outbox.find(id);
    if (!message) {
      throw new FleetError('NOT_FOUND', `There is no message ${id} in the outbox.`, {
        suggestions: ['evfleet alarm outbox list'],
      });
    }
    if (message.state === 'sent') {
      throw new FleetError('CONFLICT', `Message ${id} was sent already.`, {
        suggestions: ['evfleet alarm outbox list --state dead'],
      });
    }
    messages.push(message);
  }
  return messages;
}
