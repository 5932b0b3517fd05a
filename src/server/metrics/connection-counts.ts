import type { ConnectionObserver } from '../../csms/connection-observer.js';
import type { RefusalReason } from '../../csms/refusal.js';
import type { HandshakeFailure } from '../tls/refused-handshake.js';

/** What a close frame may say; a station can send any number from 3000 to 4999. */
const closeCodes = [1000, 1001, 1002, 1003, 1005, 1006, 1007, 1008, 1009, 1011, 1012, 1013];
const known: ReadonlySet<number> = new Set(closeCodes);

/** How many connections came, and how they went. */
export class ConnectionCounts implements ConnectionObserver {
  opens = 0;
  readonly refusals = new Map<RefusalReason, number>();
  readonly handshakeFailures = new Map<HandshakeFailure, number>();
  readonly #closes = new Map<string, { code: string; initiator: string; count: number }>();

  opened(): void {
    this.opens += 1;
  }

  refused(reason: RefusalReason): void {
    this.refusals.set(reason, (this.refusals.get(reason) ?? 0) + 1);
  }

  /** Somebody did not agree on TLS. */
  handshakeFailed(reason: HandshakeFailure): void {
    this.handshakeFailures.set(reason, (this.handshakeFailures.get(reason) ?? 0) + 1);
  }

  closed({ code, initiator }: { code: number; initiator: string }): void {
    const label = known.has(code) ? String(code) : 'other';
    const key = `${label} ${initiator}`;
    const entry = this.#closes.get(key);
    if (entry) entry.count += 1;
    else this.#closes.set(key, { code: label, initiator, count: 1 });
  }

  closes(): Iterable<{ readonly code: string; readonly initiator: string; readonly count: number }> {
    return this.#closes.values();
  }
}
