import type { AuthorizationStatus } from './charging/local-list.js';
import type { StopReason } from './charging/transaction.js';
import type { ConnectFailure } from './connect-failure.js';

/** Hears what happens at a station, for statistics and progress. All methods are optional and must not throw. */
export interface StationObserver {
  connected?(): void;
  disconnected?(code: number, reason: string): void;
  /** `attempts` counts the failures since the last success. */
  connectFailed?(failure: ConnectFailure, attempts: number): void;
  /** A message left for the central system; answers to its own calls included. */
  messageSent?(): void;
  /** The central system answered a call; wall time since it was written. */
  answered?(latencyMs: number): void;
  /** A call got no usable answer; `kind` is stable and fit for counting. */
  callFailed?(action: string, kind: string): void;
  sessionStarted?(connectorId: number): void;
  sessionEnded?(connectorId: number, energyWh: number, reason: StopReason): void;
  /** The central system did not want this tag, before or after the session began. */
  sessionRefused?(connectorId: number, status: AuthorizationStatus): void;
  /** A defect of the simulator itself. */
  unexpected?(error: unknown): void;
}
