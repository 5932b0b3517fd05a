import type { Notification } from '../domain/alarm/notification.js';
import { whyClosed } from '../domain/alarm/outbox-channels.js';
import { enqueue } from '../domain/alarm/outbox-enqueue.js';
import { effectiveSettings, type Settings } from '../domain/settings.js';
import { type Recipient, uniqueRecipients } from './recipients.js';
import type { WatchContext } from './watch.js';

/** What word is about. */
export interface Subject {
  /** Of the outage, alarm or session. */
  readonly subjectUuid: string;
  /** Which word of it: milliseconds of an outage; 0 for what has no steps. */
  readonly stepMs: number;
  /** The same for all that belongs to one conversation; null for what stands alone. */
  readonly threadKey: string | null;
}

/**
 * Sends word to each recipient who has not had this word of this subject yet, in the transaction of what it tells of.
 * Where mail or webhooks are not set up, nothing is sent, and nothing noted as if it had been.
 * @returns those to whom it goes
 */
export async function tell(
  { r, now, newId }: Pick<WatchContext, 'r' | 'now' | 'newId'>,
  recipients: readonly Recipient[],
  notification: Notification,
  { subjectUuid, stepMs, threadKey }: Subject,
): Promise<Recipient[]> {
  if (recipients.length === 0) return [];
  const settings = effectiveSettings(await r.settings.list());
  const told = await noteOnce({ r, now, settings }, recipients, { subjectUuid, stepMs });
  const messages = told.map(({ channel, address, language }) => ({
    channel,
    recipient: address,
    notification,
    language,
    threadKey,
  }));
  await enqueue(r, messages, { now, newId });
  return told;
}

/**
 * Writes down who is told.
 * @returns those who are to be told now: not those who were already, nor who cannot be
 */
export async function noteOnce(
  { r, now, settings }: Pick<WatchContext, 'r' | 'now'> & { readonly settings: Settings },
  recipients: readonly Recipient[],
  { subjectUuid, stepMs }: Omit<Subject, 'threadKey'>,
): Promise<Recipient[]> {
  const told: Recipient[] = [];
  for (const recipient of uniqueRecipients(recipients)) {
    const { channel, key: recipientKey, ruleUuid } = recipient;
    if (whyClosed(channel, settings) !== undefined) continue;
    if (await r.notices.note({ subjectUuid, stepMs, recipientKey, ruleUuid, at: now })) told.push(recipient);
  }
  return told;
}
