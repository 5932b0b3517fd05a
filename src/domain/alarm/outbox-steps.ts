import type { Repositories } from '../repositories.js';
import type { OutboxMessage, OutboxState } from './outbox.js';
import { giveUpMs } from './outbox-retry.js';

type R = Pick<Repositories, 'outbox'>;

/** How long a reason may be: mail servers say what they like. */
const reasonMaxLength = 500;

/** A message is pending no longer; the next one to the same recipient has its turn. */
export async function endMessage(
  r: R,
  message: OutboxMessage,
  end: {
    readonly state: Exclude<OutboxState, 'pending'>;
    readonly now: number;
    readonly attempts?: number;
    readonly reason?: string | null;
  },
): Promise<void> {
  const { state, now, attempts, reason } = end;
  await r.outbox.update(message.id, {
    state,
    endedAt: now,
    nextAttemptAt: null,
    ...(attempts !== undefined && { attempts }),
    ...(reason !== undefined && { lastError: reason === null ? null : shortened(reason) }),
  });
  const next = await r.outbox.findFirstPending(message);
  if (next && next.nextAttemptAt === null) await r.outbox.update(next.id, { nextAttemptAt: now });
}

/** A message could not be sent and is to be tried again. */
export async function postponeMessage(
  r: R,
  message: OutboxMessage,
  { attempts, reason, until }: { readonly attempts: number; readonly reason: string; readonly until: number },
): Promise<void> {
  // A person may have asked for an earlier one to be sent again meanwhile.
  const first = await r.outbox.findFirstPending(message);
  const nextAttemptAt = first === undefined || first.id === message.id ? until : null;
  await r.outbox.update(message.id, { attempts, nextAttemptAt, lastError: shortened(reason) });
}

/** A message that is not sent yet, or was given up or dropped, is tried now, and for as long as a new one. */
export async function retryMessage(r: R, message: OutboxMessage, now: number): Promise<void> {
  const first = await r.outbox.findFirstPending(message);
  const isFirst = first === undefined || message.id <= first.id;
  if (isFirst && first && first.id !== message.id) await r.outbox.update(first.id, { nextAttemptAt: null });
  await r.outbox.update(message.id, {
    state: 'pending',
    endedAt: null,
    expiresAt: now + giveUpMs,
    nextAttemptAt: isFirst ? now : null,
  });
}

function shortened(reason: string): string {
  const line = reason.replace(/[\p{Cc}\s]+/gu, ' ').trim();
  return line.length <= reasonMaxLength ? line : `${line.slice(0, reasonMaxLength - 1)}…`;
}
