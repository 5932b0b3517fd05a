/** How a station is asked whether it is still there. */
export interface PingPolicy {
  /** Seconds between pings; 0 sends none. */
  readonly intervalS: number;
  /** Whether silence means that it is gone. */
  readonly expectsPong: boolean;
}

/** A station is cut off when it was silent for so many intervals. */
const intervalsOfSilence = 2;

/**
 * Tells when to ping a station and when it is lost. It counts seconds as the process lives them instead of comparing
 * times: neither a clock that jumps nor a machine that slept makes a whole fleet look dead.
 */
export class LifeSigns {
  #policy: PingPolicy;
  #untilPingS: number;
  #silentS = 0;

  /** @param position any number; stations that come at once get different ones, so that their pings are spread */
  constructor(policy: PingPolicy, position: number) {
    this.#policy = policy;
    this.#untilPingS = 1 + (position % Math.max(1, policy.intervalS));
  }

  /** After which silence it counts as lost; undefined when silence says nothing. */
  get patienceS(): number | undefined {
    const { intervalS, expectsPong } = this.#policy;
    return expectsPong && intervalS > 0 ? intervalsOfSilence * intervalS : undefined;
  }

  setPolicy(policy: PingPolicy): void {
    const { intervalS, expectsPong } = this.#policy;
    if (policy.intervalS === intervalS && policy.expectsPong === expectsPong) return;
    this.#policy = policy;
    this.#untilPingS = Math.min(this.#untilPingS, Math.max(1, policy.intervalS));
    // What it was silent for under another rule is no reason to cut it under this one.
    this.#silentS = 0;
  }

  /** Anything at all was heard of the station. */
  seen(): void {
    this.#silentS = 0;
  }

  /** To be called once a second. */
  tick(): 'ping' | 'lost' | undefined {
    const { intervalS } = this.#policy;
    if (intervalS === 0) return undefined;
    this.#silentS += 1;
    if (this.#silentS > (this.patienceS ?? Number.POSITIVE_INFINITY)) return 'lost';
    this.#untilPingS -= 1;
    if (this.#untilPingS > 0) return undefined;
    this.#untilPingS = intervalS;
    return 'ping';
  }
}
