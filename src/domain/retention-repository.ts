import type { Session } from './model.js';

export type EndedSession = Pick<Session, 'transactionId' | 'startedAt'>;

/** The oldest rows, `limit` of them; those received at the same instant as the last of them go with it. */
export interface OldestRows {
  readonly receivedBefore: number;
  readonly limit: number;
}

/** Takes away, in small steps, what has been kept for long enough. Each removal gives the number of rows. */
export interface RetentionRepository {
  /** Sessions that ended at `endedBy` or before and still have all their samples, the longest ended first. */
  listUnthinned(endedBy: number, limit: number): Promise<EndedSession[]>;
  /** When the samples of a session were taken: ascending, each instant once, later than `after`. */
  listInstants(transactionId: number, page: { after?: number; limit: number }): Promise<number[]>;
  /** Removes the samples taken from one instant to another, both included. */
  removeSamples(transactionId: number, taken: { from: number; to: number }): Promise<number>;
  /** The session is not listed any more. */
  markThinned(transactionId: number, at: number): Promise<void>;
  /** Samples outside of any session. */
  removeOrphanSamples(oldest: OldestRows): Promise<number>;
  removeEvents(oldest: OldestRows): Promise<number>;
  /** Stays that ended; here the instant that counts is that of the end. */
  removeConnections(oldest: OldestRows): Promise<number>;
  /** Faults that ended; here the instant that counts is that of the end. */
  removeFaults(oldest: OldestRows): Promise<number>;
  /** Alarms that were cleared, with what was noted of who was told; here the instant that counts is that of clearing. */
  removeAlarms(oldest: OldestRows): Promise<number>;
  /** What was noted of who was told that a session began or ended; here the instant that counts is that of the note. */
  removeSessionNotices(oldest: OldestRows): Promise<number>;
  /** Entries of the audit. */
  removeAudit(oldest: OldestRows): Promise<number>;
}
