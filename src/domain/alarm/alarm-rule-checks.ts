import { writeDuration } from '../duration.js';
import { FleetError } from '../errors.js';
import { checkEmail } from '../people/email.js';
import type { AlarmRule } from './alarm-rule.js';
import { webhookComplaint } from './webhook-address.js';

/** What a rule may hold at most. */
export const ruleLimits = {
  rules: 1000,
  recipients: 100,
  webhooks: 20,
  stations: 10_000,
  steps: 10,
} as const;

const stepMinMs = 60_000;
const stepMaxMs = 30 * 86_400_000;

/**
 * Each once, however it is written.
 * @throws FleetError USAGE naming the first that is no e-mail address
 */
export function checkRecipients(addresses: readonly string[]): string[] {
  for (const address of addresses) checkEmail(address);
  return unique(addresses, (address) => address.toLowerCase());
}

/**
 * Each once.
 * @param allowPrivate the setting `webhook.allow-private`
 * @throws FleetError USAGE naming the first that nothing can be sent to
 */
export function checkWebhooks(urls: readonly string[], allowPrivate: boolean): string[] {
  for (const url of urls) {
    const complaint = webhookComplaint(url, allowPrivate);
    if (complaint === undefined) continue;
    const shown = url.length > 60 ? `${url.slice(0, 60)}…` : url;
    throw new FleetError('USAGE', `The webhook ${JSON.stringify(shown)} ${complaint}.`, {
      suggestions: complaint.includes('webhook.allow-private')
        ? ['evfleet settings set webhook.allow-private=on']
        : ['One looks like this: https://example.org/alarms'],
    });
  }
  return unique(urls, (url) => new URL(url).href);
}

/** @throws FleetError USAGE when these are no steps of an outage */
export function checkSteps(stepsMs: readonly number[]): void {
  const complaint = stepsComplaint(stepsMs);
  if (complaint === undefined) return;
  throw new FleetError('USAGE', `${complaint}.`, { suggestions: ['Steps look like this: 15m,1h,24h'] });
}

function stepsComplaint(stepsMs: readonly number[]): string | undefined {
  if (stepsMs.length === 0) return 'A rule has at least one step';
  if (stepsMs.length > ruleLimits.steps) {
    return `A rule has at most ${ruleLimits.steps} steps; these are ${stepsMs.length}`;
  }
  const off = stepsMs.find((ms) => ms < stepMinMs || ms > stepMaxMs);
  if (off !== undefined) {
    return `A step is from ${writeDuration(stepMinMs)} to ${writeDuration(stepMaxMs)}; ${writeDuration(off)} is not`;
  }
  const late = stepsMs.findIndex((ms, at) => at > 0 && ms <= (stepsMs[at - 1] ?? 0));
  if (late === -1) return undefined;
  const [before, after] = [stepsMs[late - 1] ?? 0, stepsMs[late] ?? 0].map(writeDuration);
  return `Each step is longer than the one before; ${after} comes after ${before}`;
}

/** @throws FleetError USAGE when it would tell nobody, or of nothing */
export function checkTells({
  triggers,
  recipients,
  webhooks,
}: Pick<AlarmRule, 'triggers' | 'recipients' | 'webhooks'>): void {
  if (recipients.length + webhooks.length === 0) {
    throw new FleetError('USAGE', 'The rule would tell nobody: it needs a recipient or a webhook.', {
      suggestions: ['--to "ada@example.org;bo@example.org"', '--webhook https://example.org/alarms'],
    });
  }
  if (triggers.length === 0) {
    throw new FleetError('USAGE', 'The rule would tell of nothing: it needs a trigger.', {
      suggestions: ['--trigger connection-lost, as often as needed'],
    });
  }
}

function unique(texts: readonly string[], keyOf: (text: string) => string): string[] {
  const first = new Map<string, string>();
  for (const text of texts) if (!first.has(keyOf(text))) first.set(keyOf(text), text);
  return [...first.values()];
}
