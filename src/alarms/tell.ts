import type { Notification } from '../domain/notification.js';
import { whyClosed } from '../domain/outbox-channels.js';
import { enqueue } from '../domain/outbox-enqueue.js';
import { effectiveSettings } from '../domain/settings.js';
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
 * A notification that names a rule names that by which its recipient is told.
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
  const told: Recipient[] = [];
  for (const recipient of uniqueRecipients(recipients)) {
    const { channel, key: recipientKey, ruleUuid } = recipient;
    if (whyClosed(channel, settings) !== undefined) continue;
    if (await r.notices.note({ subjectUuid, stepMs, recipientKey, ruleUuid, at: now })) told.push(recipient);
  }
  const messages = told.map(({ channel, address, language, ruleName }) => ({
    channel,
    recipient: address,
    notification: 'rule' in notification ? { ...notification, rule: ruleName } : notification,
    language,
    threadKey,
  }));
  await enqueue(r, messages, { now, newId });
  return told;
}
