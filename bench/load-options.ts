/** What the load is told, and what it found. */
export interface LoadOptions {
  readonly url: string;
  readonly serverPid: number;
  /** The echo server gives no transaction numbers, and every message comes back as it was. */
  readonly isEcho: boolean;
  readonly workload: 'meter' | 'mixed';
  readonly stations: number;
  readonly seconds: number;
  readonly warmUpSeconds: number;
  /** Messages per second, sent when they are due; absent: each station sends when it was answered. */
  readonly ratePerS?: number;
}

export interface LoadResult {
  readonly ratePerS: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
  /** Processor seconds of the server, all threads, for 1,000 messages. */
  readonly serverCpuPer1000: number;
  /** Processors that the server kept busy, and that the load did: at 1 it is the load that is measured. */
  readonly serverBusy: number;
  readonly loadBusy: number;
  /** Answers that were none, and connections that were lost. */
  readonly failures: number;
}
