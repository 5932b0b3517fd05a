import type { Sizes, StoreOptions } from './store-options.js';

/** Whether the journal is to be folded into the snapshot at a start or a stop. */
export function isWorthCompacting({ journalBytes, snapshotBytes }: Sizes, options: StoreOptions): boolean {
  // Every command without a server replays the journal, the migrations of a new store to begin with.
  const { compactAtBytes = snapshotBytes === 0 ? 0 : 64 * 1024, compactAtShareOfSnapshot = 0.05 } = options;
  return journalBytes > Math.max(compactAtBytes, snapshotBytes * compactAtShareOfSnapshot);
}
