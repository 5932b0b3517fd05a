import type { OutboxMessage } from '../../domain/alarm/outbox.js';
import { readPayload } from '../../domain/alarm/outbox-payload.js';
import { webhookComplaint } from '../../domain/alarm/webhook-address.js';
import { signatureHeader, webhookBody, webhookSignature } from '../../domain/alarm/webhook-body.js';
import type { Clock } from '../../domain/clock.js';
import type { Settings } from '../../domain/settings.js';
import type { Carrier, CarrierState, Delivery } from './carrier.js';
import { createLookup, type Lookup } from './webhook-lookup.js';
import { PrivateAddress, post } from './webhook-post.js';

export interface WebhookCarrierOptions {
  readonly clock: Clock;
  /** For the whole of one request. */
  readonly timeoutMs?: number;
  readonly ca?: string | undefined;
  /** How names are looked up. */
  readonly lookup?: Lookup | undefined;
}

const defaultTimeoutMs = 15_000;
/** Requests at the same time; to one URL there is never more than one. */
const concurrency = 8;
const ratePerMinute = 600;

/** Posts webhooks, signed with the secret of the moment. */
export class WebhookCarrier implements Carrier {
  readonly channel = 'webhook';
  readonly #options: WebhookCarrierOptions;
  readonly #lookup: Lookup;

  constructor(options: WebhookCarrierOptions) {
    this.#options = options;
    this.#lookup = options.lookup ?? createLookup();
  }

  state(settings: Settings): CarrierState {
    const secret = settings['webhook.secret'];
    if (secret === undefined) return { isOn: false, reason: 'webhook.secret is not set' };
    return { isOn: true, version: `${settings['webhook.allow-private']}`, concurrency, ratePerMinute };
  }

  async send(message: OutboxMessage, settings: Settings, signal: AbortSignal): Promise<Delivery> {
    const { clock, timeoutMs = defaultTimeoutMs, ca } = this.#options;
    const secret = settings['webhook.secret'];
    if (secret === undefined) return { kind: 'unreachable', reason: 'Webhooks are off: there is no secret.' };
    const payload = readPayload(message.payload);
    if (!payload) return { kind: 'refused', reason: 'Another version of evfleet wrote this message.' };
    const allowPrivate = settings['webhook.allow-private'];
    const complaint = webhookComplaint(message.recipient, allowPrivate);
    if (complaint !== undefined) return { kind: 'refused', reason: `This URL ${complaint}.` };
    const body = webhookBody(message, payload);
    const headers = {
      'user-agent': 'evfleet',
      [signatureHeader]: webhookSignature(body, secret, clock.now()),
      'x-evfleet-kind': message.kind,
    };
    try {
      const url = message.recipient;
      return judge(
        await post({ url, body, headers, allowPrivate, timeoutMs, signal, ca, lookup: this.#lookup }),
      );
    } catch (error) {
      return failureOf(error, timeoutMs);
    }
  }

  close(): void {}
}

function judge(status: number): Delivery {
  if (status >= 200 && status < 300) return { kind: 'sent' };
  // For good (RFC 9110 §15.5.11); every other refusal may be a mistake that somebody corrects.
  if (status === 410) return { kind: 'refused', reason: 'The receiver answered 410: it is gone.' };
  const isRedirect = status >= 300 && status < 400;
  return {
    kind: 'failed',
    reason: `The receiver answered ${status}${isRedirect ? ', and redirects are not followed' : ''}.`,
  };
}

function failureOf(error: unknown, timeoutMs: number): Delivery {
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  if (error instanceof PrivateAddress) {
    return { kind: 'refused', reason: `${message}, which needs the setting webhook.allow-private.` };
  }
  if (name === 'AbortError' || name === 'TimeoutError') {
    return { kind: 'failed', reason: `The receiver did not answer within ${Math.ceil(timeoutMs / 1000)} s.` };
  }
  return { kind: 'failed', reason: `No connection to the receiver: ${message}.` };
}
