/**
 * Longer than any car stays: how far apart a start and a stop may be that are matched without a transaction id, and when
 * a session without a stop is thought to be over.
 */
export const sessionMaxMs = 31 * 24 * 3600_000;
