import { createHmac } from 'node:crypto';
import { renderNotification } from './notification-message.js';
import type { OutboxMessage } from './outbox.js';
import type { OutboxPayload } from './outbox-payload.js';

/** Header with the time and the signature of a webhook. */
export const signatureHeader = 'x-evfleet-signature';

/**
 * What a webhook is told, as a JSON text: the fields of the notification, with instants in ISO 8601 and durations in
 * seconds, and what all have in common. The same however often it is sent.
 */
export function webhookBody(
  { messageId, threadKey }: Pick<OutboxMessage, 'messageId' | 'threadKey'>,
  { notification, language }: OutboxPayload,
): string {
  const { kind, time, ...rest } = notification;
  const { subject: summary } = renderNotification(notification, { language, timeZone: 'UTC' });
  return JSON.stringify({
    id: messageId,
    kind,
    time: toIso(time),
    thread: threadKey,
    summary,
    ...(published(rest) as object),
  });
}

/** `t=<seconds since 1970>,v1=<hex HMAC-SHA256 of "t.body">`: who knows the secret can tell who sent it, and when. */
export function webhookSignature(body: string, secret: string, nowMs: number): string {
  const t = Math.floor(nowMs / 1000);
  const v1 = createHmac('sha256', secret).update(`${t}.${body}`).digest('hex');
  return `t=${t},v1=${v1}`;
}

function published(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(published);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, content]) => {
      if (typeof content !== 'number') return [name, published(content)];
      if (name === 'since') return [name, toIso(content)];
      return name.endsWith('Ms') ? [name.replace(/Ms$/, 'S'), content / 1000] : [name, content];
    }),
  );
}

function toIso(instantMs: number): string {
  return new Date(instantMs).toISOString();
}
