import type { RefusalReason } from './refusal.js';

/** Told of the coming and going of all stations. Must not throw. */
export interface ConnectionObserver {
  opened(): void;
  /** Somebody was not let in. */
  refused(reason: RefusalReason): void;
  /** @param end the WebSocket close code as it was seen here, and who began */
  closed(end: { readonly code: number; readonly initiator: string }): void;
}
