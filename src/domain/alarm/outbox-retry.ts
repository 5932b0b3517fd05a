const minuteMs = 60_000;

/** After the first failure. */
const firstRetryMs = minuteMs / 2;
/** However often it failed. */
export const maxRetryMs = 60 * minuteMs;
/** A message that could not be sent for this long is given up. */
export const giveUpMs = 5 * 24 * 60 * minuteMs;

/** How much the time between two attempts varies, so that those who failed together do not come back together. */
const spread = 0.2;

/**
 * How long to wait after so many failures in a row: twice as long each time.
 * @param random from 0 to 1
 */
export function retryDelayMs(failures: number, random: number, maxMs = maxRetryMs): number {
  const exact = Math.min(firstRetryMs * 2 ** Math.min(failures - 1, 30), maxMs);
  return Math.min(maxMs, Math.round(exact * (1 - spread + 2 * spread * random)));
}
