import type { StoreCheck } from '../domain/store-admin.js';
import { checkClosedStore } from '../store/check-closed.js';
import { type RestoreResult, restoreStore } from '../store/restore.js';
import { systemClock } from './system.js';

export interface ClosedStoreOptions {
  readonly dataDir: string;
  readonly lockTimeoutMs: number;
  readonly signal: AbortSignal;
}

/** What is done with a store while nobody has it open: see the functions of the store. */
export function checkClosed({
  dataDir: directory,
  lockTimeoutMs,
  signal,
}: ClosedStoreOptions): Promise<StoreCheck> {
  return checkClosedStore({ directory, lockTimeoutMs, signal });
}

export function restoreClosed(
  { dataDir: directory, lockTimeoutMs, signal }: ClosedStoreOptions,
  file: string,
): Promise<RestoreResult> {
  return restoreStore({ directory, file, lockTimeoutMs, signal, now: systemClock.now() });
}
