import { domainToASCII } from 'node:url';
import type { NewId } from '../clock.js';
import { emailComplaint } from '../people/email.js';
import type { Repositories } from '../repositories.js';
import { effectiveSettings } from '../settings.js';
import { type MailConfiguration, mailConfiguration } from './mail-configuration.js';
import type { Language, Notification } from './notification.js';
import { renderNotification } from './notification-message.js';
import type { OutboxChannel } from './outbox.js';
import { whyClosed } from './outbox-channels.js';
import { writePayload } from './outbox-payload.js';
import { giveUpMs } from './outbox-retry.js';
import { endMessage } from './outbox-steps.js';
import { webhookComplaint } from './webhook-address.js';

/** What somebody is to be told. */
export interface NewMessage {
  readonly channel: OutboxChannel;
  /** An e-mail address, or the URL of a webhook. */
  readonly recipient: string;
  readonly notification: Notification;
  readonly language: Language;
  /** The same for all messages that belong together, such as those of one outage; null for one that stands alone. */
  readonly threadKey: string | null;
}

export interface Enqueued {
  readonly queued: number;
  /** Of the messages that were queued, in the order given. */
  readonly ids: readonly number[];
  /** Messages that nobody will get because mail is not set up, and why; null when it is. */
  readonly mailOff: { readonly messages: number; readonly reason: string } | null;
  /** Webhooks that nobody will get because there is no `webhook.secret`. */
  readonly webhooksOff: number;
}

/** Messages that wait at most; then the oldest are given up. */
export const pendingMax = 10_000;

/**
 * Puts messages into the outbox, inside the transaction of what they tell of: both are kept, or neither. What cannot
 * be sent at all, because mail or webhooks are not set up, is left out, and the result says so.
 */
export async function enqueue(
  r: Pick<Repositories, 'outbox' | 'settings'>,
  messages: readonly NewMessage[],
  { now, newId }: { readonly now: number; readonly newId: NewId },
): Promise<Enqueued> {
  if (messages.length === 0) return { queued: 0, ids: [], mailOff: null, webhooksOff: 0 };
  const settings = effectiveSettings(await r.settings.list());
  const mail = mailConfiguration(settings);
  const possible = messages.filter(({ channel }) => whyClosed(channel, settings) === undefined);
  const ids: number[] = [];
  for (const message of possible) {
    const complaint =
      message.channel === 'mail'
        ? emailComplaint(message.recipient)
        : webhookComplaint(message.recipient, settings['webhook.allow-private']);
    ids.push(await insert(r, message, { now, newId, mail, complaint }));
  }
  await giveUpSurplus(r, now);
  const mailsLost = mail.isOn ? 0 : messages.filter(({ channel }) => channel === 'mail').length;
  return {
    queued: possible.length,
    ids,
    mailOff: mail.isOn || mailsLost === 0 ? null : { messages: mailsLost, reason: mail.reason },
    webhooksOff: messages.length - possible.length - mailsLost,
  };
}

async function insert(
  r: Pick<Repositories, 'outbox'>,
  message: NewMessage,
  given: {
    readonly now: number;
    readonly newId: NewId;
    readonly mail: MailConfiguration;
    readonly complaint: string | undefined;
  },
): Promise<number> {
  const { channel, recipient, notification, language, threadKey } = message;
  const { now, newId, mail, complaint } = given;
  const to = { channel, recipient };
  const start = threadKey === null ? undefined : await r.outbox.findThreadStart(to, threadKey);
  const isDead = complaint !== undefined;
  const isBehind = (await r.outbox.findFirstPending(to)) !== undefined;
  return r.outbox.insert({
    ...to,
    kind: notification.kind,
    subject: renderNotification(notification, { language }).subject,
    payload: writePayload({ notification, language }),
    threadKey,
    messageId: channel === 'mail' ? `<${newId()}@${domainOf(mail)}>` : newId(),
    replyTo: start?.messageId ?? null,
    createdAt: now,
    expiresAt: now + giveUpMs,
    attempts: 0,
    nextAttemptAt: isDead || isBehind ? null : now,
    lastError: isDead ? `This ${channel === 'mail' ? 'address' : 'URL'} ${complaint}.` : null,
    state: isDead ? 'dead' : 'pending',
    endedAt: isDead ? now : null,
  });
}

/** Ids of mails end with a domain of their own (RFC 5322 §3.6.4). */
function domainOf(mail: MailConfiguration): string {
  const domain = mail.isOn ? mail.server.from.address.split('@')[1] : undefined;
  return domainToASCII(domain ?? '') || 'evfleet.invalid';
}

/** Nobody reads ten thousand messages; a mail server that is gone must not fill the memory. */
async function giveUpSurplus(r: Pick<Repositories, 'outbox'>, now: number): Promise<void> {
  const surplus = (await r.outbox.count({ state: 'pending' })) - pendingMax;
  if (surplus <= 0) return;
  const reason = `More than ${pendingMax} messages were waiting.`;
  for (const message of await r.outbox.listPending(surplus)) {
    await endMessage(r, message, { state: 'dead', now, reason });
  }
}
