import type { AlarmRule, Trigger } from '../domain/alarm/alarm-rule.js';
import type { Language } from '../domain/alarm/notification.js';
import type { OutboxChannel } from '../domain/alarm/outbox.js';
import type { RuleBook } from './rule-book.js';

/** Somebody who is told of something because a rule says so. */
export interface Recipient {
  readonly channel: OutboxChannel;
  /** An e-mail address or a URL, as it was typed. */
  readonly address: string;
  /** The same for addresses that are the same. */
  readonly key: string;
  readonly language: Language;
  readonly ruleUuid: string;
  readonly ruleName: string;
  /** After how long an outage they are told, ascending. */
  readonly stepsMs: readonly number[];
  /** Whether they are told of stations that said goodbye, too. */
  readonly deliberate: boolean;
}

/**
 * Whom all rules together tell of what a trigger is about: by name of the rule, once for each rule that names them,
 * because their steps may differ.
 */
export async function recipientsFor(
  rules: RuleBook,
  about: { readonly trigger: Trigger; readonly stationUuid: string },
): Promise<Recipient[]> {
  return (await rules.rulesFor(about)).flatMap(recipientsOf);
}

/** Each address once; the first rule by name decides how it is told. */
export function uniqueRecipients(recipients: readonly Recipient[]): Recipient[] {
  const unique = new Map<string, Recipient>();
  for (const recipient of recipients) {
    const { channel, key } = recipient;
    if (!unique.has(`${channel} ${key}`)) unique.set(`${channel} ${key}`, recipient);
  }
  return [...unique.values()];
}

/** Whom a rule tells. */
export function recipientsOf(rule: AlarmRule): Recipient[] {
  const { uuid: ruleUuid, name: ruleName, language, stepsMs, deliberate } = rule;
  const told = { language, ruleUuid, ruleName, stepsMs, deliberate };
  return [
    ...rule.recipients.map((address) => ({
      channel: 'mail' as const,
      address,
      key: address.toLowerCase(),
      ...told,
    })),
    ...rule.webhooks.map((address) => ({
      channel: 'webhook' as const,
      address,
      // Unlike hosts, paths are told apart by case; parsing folds what is to be folded.
      key: URL.canParse(address) ? new URL(address).href : address,
      ...told,
    })),
  ];
}
