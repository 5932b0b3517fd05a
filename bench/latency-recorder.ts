const bucketMs = 0.1;
const bucketsMax = 100_000;

/** Latencies in buckets of 0.1 ms up to 10 s: what it costs does not depend on how many there are. */
export class LatencyRecorder {
  readonly #buckets = new Uint32Array(bucketsMax);
  #count = 0;
  #maxMs = 0;

  get count(): number {
    return this.#count;
  }

  get maxMs(): number {
    return this.#maxMs;
  }

  record(ms: number): void {
    const bucket = Math.min(bucketsMax - 1, Math.max(0, Math.floor(ms / bucketMs)));
    this.#buckets[bucket] = (this.#buckets[bucket] ?? 0) + 1;
    this.#count += 1;
    if (ms > this.#maxMs) this.#maxMs = ms;
  }

  reset(): void {
    this.#buckets.fill(0);
    this.#count = 0;
    this.#maxMs = 0;
  }

  /** The end of the bucket it lies in; NaN of nothing. */
  quantileMs(share: number): number {
    let seen = 0;
    for (const [bucket, count] of this.#buckets.entries()) {
      seen += count;
      if (count > 0 && seen >= this.#count * share) return (bucket + 1) * bucketMs;
    }
    return Number.NaN;
  }
}
