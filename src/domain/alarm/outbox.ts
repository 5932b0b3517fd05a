/** How a message gets to its recipient. */
export type OutboxChannel = 'mail' | 'webhook';
export const outboxChannels = ['mail', 'webhook'] as const satisfies readonly OutboxChannel[];

/**
 * `pending` waits to be sent, or to be tried again; `sent` was taken by the other side; `dead` was given up;
 * `dropped` was thrown away by a person.
 */
export type OutboxState = 'pending' | 'sent' | 'dead' | 'dropped';
export const outboxStates = ['pending', 'sent', 'dead', 'dropped'] as const satisfies readonly OutboxState[];

/** A message that has to reach somebody, at least once. */
export interface OutboxMessage {
  /** In the order in which messages were made. Never used again. */
  readonly id: number;
  readonly channel: OutboxChannel;
  /** An e-mail address or a URL. Messages to the same one are sent in their order. */
  readonly recipient: string;
  /** Of the notification: `station-offline`. */
  readonly kind: string;
  /** For lists; what a mail has as its subject. */
  readonly subject: string;
  /** JSON text of what is sent: see domain/alarm/outbox-payload.ts. */
  readonly payload: string;
  /** The same for all messages of one conversation, an outage; null for one that stands alone. */
  readonly threadKey: string | null;
  /** Of this message, however often it is sent, so that a receiver can tell that it has it: `<uuid@example.org>`. */
  readonly messageId: string;
  /** Message id of the first of the conversation; null when this is it. */
  readonly replyTo: string | null;
  readonly createdAt: number;
  /** From then on it is given up when it cannot be sent. */
  readonly expiresAt: number;
  readonly attempts: number;
  /** When it is tried next; null while an earlier message to the same recipient is still pending, and at the end. */
  readonly nextAttemptAt: number | null;
  /** Why it was not sent the last time, or why it was given up. */
  readonly lastError: string | null;
  readonly state: OutboxState;
  /** When it was sent, given up or dropped. */
  readonly endedAt: number | null;
}

export interface OutboxFilter {
  readonly state?: OutboxState;
  readonly channel?: OutboxChannel;
  /** Case-insensitive for mail. */
  readonly recipient?: string;
}

export type OutboxRecipient = Pick<OutboxMessage, 'channel' | 'recipient'>;

export interface OutboxRepository {
  /** Gives it the next id. */
  insert(message: Omit<OutboxMessage, 'id'>): Promise<number>;
  find(id: number): Promise<OutboxMessage | undefined>;
  update(
    id: number,
    change: Partial<
      Pick<OutboxMessage, 'expiresAt' | 'attempts' | 'nextAttemptAt' | 'lastError' | 'state' | 'endedAt'>
    >,
  ): Promise<void>;
  /** The pending message to this recipient that is before all others. */
  findFirstPending(to: OutboxRecipient): Promise<OutboxMessage | undefined>;
  /** The oldest message that is kept of a conversation with this recipient. */
  findThreadStart(to: OutboxRecipient, threadKey: string): Promise<OutboxMessage | undefined>;
  /** Pending ones that are to be tried until `now`, or only after `horizon` (the clock was set back), longest due first. */
  listDue(
    channel: OutboxChannel,
    page: { readonly now: number; readonly horizon: number; readonly limit: number },
  ): Promise<OutboxMessage[]>;
  /** When the first of the pending messages is tried next. */
  findNextAttempt(channel: OutboxChannel): Promise<number | undefined>;
  /** Pending ones, oldest first. */
  listPending(limit: number): Promise<OutboxMessage[]>;
  /** Pending ones that were to be sent until `now`, the longest ago first. */
  listExpired(channel: OutboxChannel, page: { now: number; limit: number }): Promise<OutboxMessage[]>;
  /** Newest first; from before the message `before`. */
  list(filter: OutboxFilter, page: { limit: number; before?: number | undefined }): Promise<OutboxMessage[]>;
  count(filter: OutboxFilter): Promise<number>;
  /** When the first of those that are no longer pending ended. */
  findOldestEnd(): Promise<number | undefined>;
  /** Removes messages that are no longer pending, those that ended first; gives how many. */
  removeEnded(oldest: { readonly endedBefore: number; readonly limit: number }): Promise<number>;
}
