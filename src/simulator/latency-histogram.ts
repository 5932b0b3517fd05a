/** Buckets of 1 ms below this, of 5 % above. */
const LINEAR_UP_TO_MS = 20;
const GROWTH = Math.log(1.05);
/** Everything above about ten minutes counts as that. */
const BUCKETS = 240;

/** Latencies in constant memory, exact to 1 ms or 5 %, whichever is coarser. */
export class LatencyHistogram {
  readonly #counts = new Uint32Array(BUCKETS);
  #count = 0;

  get count(): number {
    return this.#count;
  }

  add(latencyMs: number): void {
    this.#counts[bucketOf(latencyMs)] = (this.#counts[bucketOf(latencyMs)] ?? 0) + 1;
    this.#count += 1;
  }

  /** The latency in ms that a share of `quantile` (0 to 1) stays within; 0 when there is none. */
  quantile(quantile: number): number {
    const wanted = Math.ceil(quantile * this.#count);
    let seen = 0;
    for (const [bucket, count] of this.#counts.entries()) {
      seen += count;
      if (count > 0 && seen >= wanted) return Math.round(upperEdgeMs(bucket));
    }
    return 0;
  }
}

function bucketOf(latencyMs: number): number {
  const ms = Math.max(0, latencyMs);
  if (ms <= LINEAR_UP_TO_MS) return Math.ceil(ms);
  return Math.min(BUCKETS - 1, LINEAR_UP_TO_MS + Math.ceil(Math.log(ms / LINEAR_UP_TO_MS) / GROWTH));
}

function upperEdgeMs(bucket: number): number {
  return bucket <= LINEAR_UP_TO_MS ? bucket : LINEAR_UP_TO_MS * Math.exp((bucket - LINEAR_UP_TO_MS) * GROWTH);
}
