/** How long an answer may take that needs nobody but the server. */
const answerLimitMs = 60_000;
/** What works through the whole store, or a whole file, has an hour. */
const longLimitMs = 3_600_000;
const isLong = /^store\.|^tag-import\.finish$|^firmware\.finish$/;

/**
 * How long the server may take for its answer before it counts as hung: what the operation itself may wait for a station
 * comes on top.
 */
export function answerLimit(operation: string, input: unknown): number {
  const { timeoutMs, waitMs } = typeof input === 'object' && input !== null ? (input as Waits) : {};
  return (isLong.test(operation) ? longLimitMs : answerLimitMs) + wait(timeoutMs) + wait(waitMs);
}

interface Waits {
  readonly timeoutMs?: unknown;
  readonly waitMs?: unknown;
}

function wait(value: unknown): number {
  return typeof value === 'number' && value > 0 ? value : 0;
}
