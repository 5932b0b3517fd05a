/** Time as a dependency, so that tests can turn it. */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number;
  /** Runs `action` once after `delayMs`; the returned function cancels it. */
  schedule(delayMs: number, action: () => void): () => void;
}

/** Source of identifiers that never repeat (UUID version 4 in production). */
export type NewId = () => string;

/** So many random bytes that nobody can guess. */
export type NewSecret = (bytes: number) => Uint8Array;
