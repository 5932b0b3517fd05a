import { type Static, Type } from '@sinclair/typebox';
import type { AlarmRule } from '../../domain/alarm/alarm-rule.js';
import { adviceWhenOff } from '../../domain/alarm/mail-configuration.js';
import { type OutboxChannel, type OutboxMessage, outboxChannels } from '../../domain/alarm/outbox.js';
import { whyClosed } from '../../domain/alarm/outbox-channels.js';
import { enqueue } from '../../domain/alarm/outbox-enqueue.js';
import type { Clock } from '../../domain/clock.js';
import { FleetError } from '../../domain/errors.js';
import type { Repositories } from '../../domain/repositories.js';
import { effectiveSettings } from '../../domain/settings.js';
import { staff } from '../access.js';
import { findRule } from '../lookup.js';
import { type OperationContext, unary } from '../operation.js';
import { waitMs } from '../remote/remote-wait.js';
import { nullable, oneOf } from '../shared.js';
import { checkMayRule } from './alarm-rule-input.js';

const testMessageView = Type.Object({
  channel: oneOf(...outboxChannels),
  recipient: Type.String(),
  /** `off`: nothing can be sent this way. `failed`: not taken so far; a pending one is tried again. */
  state: oneOf('sent', 'pending', 'failed', 'dead', 'dropped', 'off'),
  /** Why it was not sent. */
  error: nullable(Type.String()),
  /** In the outbox; null when it is not there. */
  id: nullable(Type.Integer()),
});
export type TestMessageView = Static<typeof testMessageView>;

const ruleTestView = Type.Object({
  name: Type.String(),
  enabled: Type.Boolean(),
  /** Whether a server runs that sends what is in the outbox. */
  sending: Type.Boolean(),
  messages: Type.Array(testMessageView),
});
export type RuleTestView = Static<typeof ruleTestView>;

/** How often it is looked whether the messages are on their way. */
export const lookEveryMs = 200;

export const alarmRuleTestOperations = {
  'alarm-rule.test': unary({
    summary: 'Send a sample to everybody whom an alarm rule tells, enabled or not',
    access: staff,
    effect: 'change',
    input: Type.Object({ name: Type.String(), waitMs }),
    output: ruleTestView,
    async run(context, { name, waitMs = 0 }) {
      const { store, caller, server } = context;
      checkMayRule(caller);
      const rule = await store.read((r) => findRule(r, name));
      let messages = await enqueueSamples(context, rule);
      const sending = server !== undefined;
      if (sending && waitMs > 0) messages = await awaited(context, messages, waitMs);
      return { name: rule.name, enabled: rule.enabled, sending, messages };
    },
  }),
};

/** The outbox is the whole fleet's: of it nothing is shown but what was put there just now. */
function outboxStore({ wholeStore, store }: OperationContext) {
  return wholeStore ?? store;
}

/** @throws FleetError CONFLICT when nothing can be sent to anybody */
async function enqueueSamples(context: OperationContext, rule: AlarmRule): Promise<TestMessageView[]> {
  const now = context.clock.now();
  const notification = { kind: 'test', time: now, rule: rule.name } as const;
  return outboxStore(context).write(async (r) => {
    const settings = effectiveSettings(await r.settings.list());
    const all = recipientsOf(rule).map((to) => ({ ...to, closed: whyClosed(to.channel, settings) }));
    checkAnyOpen(rule, all);
    const open = all.filter(({ closed }) => closed === undefined);
    const samples = open.map((to) => ({ ...to, notification, language: rule.language, threadKey: null }));
    const { ids } = await enqueue(r, samples, { now, newId: context.newId });
    const off = all.flatMap(({ channel, recipient, closed }) =>
      closed === undefined ? [] : [{ channel, recipient, state: 'off' as const, error: closed, id: null }],
    );
    return [...(await viewsOf(r, ids)), ...off];
  });
}

function recipientsOf({ recipients, webhooks }: AlarmRule) {
  const to = (channel: OutboxChannel) => (recipient: string) => ({ channel, recipient });
  return [...recipients.map(to('mail')), ...webhooks.map(to('webhook'))];
}

function checkAnyOpen(
  { name }: AlarmRule,
  all: readonly { channel: OutboxChannel; closed: string | undefined }[],
): void {
  if (all.some(({ closed }) => closed === undefined)) return;
  const reasons = new Map(all.map(({ channel, closed }) => [channel, closed]));
  const mail = reasons.get('mail');
  const off = [...reasons].map(([channel, reason]) => `${whatIsOff[channel]} off: ${reason}`);
  throw new FleetError('CONFLICT', `The rule ${name} can tell nobody. ${off.join('. ')}.`, {
    suggestions: [
      ...(mail === undefined ? [] : [adviceWhenOff(mail)]),
      ...(reasons.has('webhook') ? ['evfleet settings set --secret-stdin webhook.secret < secret.txt'] : []),
    ],
  });
}

const whatIsOff: Readonly<Record<OutboxChannel, string>> = { mail: 'Mail is', webhook: 'Webhooks are' };

async function viewsOf(r: Repositories, ids: readonly number[]): Promise<TestMessageView[]> {
  const views: TestMessageView[] = [];
  for (const id of ids) {
    const message = await r.outbox.find(id);
    if (!message) continue;
    const { channel, recipient } = message;
    views.push({ channel, recipient, ...(await becameOf(r, message)), id });
  }
  return views;
}

async function becameOf(
  r: Repositories,
  message: OutboxMessage,
): Promise<Pick<TestMessageView, 'state' | 'error'>> {
  const { state, attempts, nextAttemptAt, lastError: error } = message;
  if (state !== 'pending') return { state, error };
  if (attempts > 0) return { state: 'failed', error };
  if (nextAttemptAt !== null) return { state, error };
  const first = await r.outbox.findFirstPending(message);
  if (first === undefined) return { state, error };
  // Until somebody sends or drops that one, this one waits.
  const before = `Message ${first.id} to the same recipient comes first`;
  return first.attempts === 0
    ? { state, error: `${before}.` }
    : { state: 'failed', error: `${before}: ${first.lastError}` };
}

/** Until each was sent or did not work out, or time is up. */
async function awaited(
  context: OperationContext,
  messages: readonly TestMessageView[],
  waitMs: number,
): Promise<TestMessageView[]> {
  const { clock, signal } = context;
  const off = messages.filter(({ id }) => id === null);
  const ids = messages.flatMap(({ id }) => (id === null ? [] : [id]));
  const until = clock.now() + waitMs;
  for (;;) {
    const views = await outboxStore(context).read((r) => viewsOf(r, ids));
    const leftMs = until - clock.now();
    if (leftMs <= 0 || views.every(({ state }) => state !== 'pending')) return [...views, ...off];
    await pause(clock, Math.min(leftMs, lookEveryMs), signal);
  }
}

/** @throws the reason of the signal when that comes first */
function pause(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const abort = () => {
      cancel();
      reject(signal.reason);
    };
    const cancel = clock.schedule(ms, () => {
      signal.removeEventListener('abort', abort);
      resolve();
    });
    signal.addEventListener('abort', abort, { once: true });
  });
}
