import type { StationParts } from '../station-parts.js';

interface SecurityEvent {
  readonly type: string;
  readonly timestamp: string;
}

/** More are not kept while the central system cannot be told; the oldest go. */
const KEPT = 50;

/** What happened to the station's security, told to the central system as soon as that is possible. */
export class SecurityEvents {
  readonly #station: StationParts;
  #untold: SecurityEvent[] = [];

  constructor(station: StationParts) {
    this.#station = station;
  }

  tell(type: string): void {
    this.#station.log.add(`security event: ${type}`);
    this.#untold = [...this.#untold, { type, timestamp: this.#station.time.timestamp() }].slice(-KEPT);
    this.resume();
  }

  /** Tells it once until it was told: an attempt that is made again and again is one event. */
  tellOnce(type: string): void {
    if (!this.#untold.some((event) => event.type === type)) this.tell(type);
  }

  /** Messages may be sent again. */
  resume(): void {
    if (!this.#station.isOnline) return;
    const events = this.#untold;
    this.#untold = [];
    for (const event of events) this.#station.uplink.notify('SecurityEventNotification', event);
  }
}
