import type { OutboxChannel, OutboxMessage } from '../../domain/alarm/outbox.js';
import type { Settings } from '../../domain/settings.js';

/** What became of one attempt to send a message. */
export type Delivery =
  | { readonly kind: 'sent' }
  /** Not this message, not to this recipient, never. */
  | { readonly kind: 'refused'; readonly reason: string }
  /** Not now. */
  | { readonly kind: 'failed'; readonly reason: string }
  /** The way all messages take does not work: not now, and no other either. */
  | { readonly kind: 'unreachable'; readonly reason: string };

/** What a channel can do at present, and how much. */
export type CarrierState =
  | {
      readonly isOn: true;
      /** Changes with every setting that matters: what failed before may work now. */
      readonly version: string;
      readonly concurrency: number;
      readonly ratePerMinute: number;
    }
  | { readonly isOn: false; readonly reason: string };

/** Sends messages of one channel. */
export interface Carrier {
  readonly channel: OutboxChannel;
  state(settings: Settings): CarrierState;
  /** Never throws; gives up when `signal` aborts. */
  send(message: OutboxMessage, settings: Settings, signal: AbortSignal): Promise<Delivery>;
  close(): void;
}
