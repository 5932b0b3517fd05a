/** What stations may take of the file servers. Defaults are in `defaultTransferLimits`. */
export interface TransferLimits {
  /** Transfers at the same time, both protocols and directions together. */
  readonly maxTransfers: number;
  /** Offers that have not expired. */
  readonly maxOffers: number;
  /** How long nothing may come or be taken. */
  readonly idleTimeoutMs: number;
  /** How long one transfer may take in all. */
  readonly totalTimeoutMs: number;
  /** How often an upload that broke off may be begun again. */
  readonly maxAttempts: number;
}

export const defaultTransferLimits: TransferLimits = {
  maxTransfers: 128,
  maxOffers: 20_000,
  idleTimeoutMs: 30_000,
  // A mobile station with 20 kB/s brings 70 MB in that time.
  totalTimeoutMs: 3_600_000,
  maxAttempts: 20,
};
