import { randomBytes, randomUUID } from 'node:crypto';
import os from 'node:os';
import type { WatchClock } from '../alarms/watch.js';
import type { NewId, NewSecret } from '../domain/clock.js';

export const systemClock: WatchClock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  schedule(delayMs, action) {
    const timer = setTimeout(action, delayMs);
    return () => clearTimeout(timer);
  },
};

export const newUuid: NewId = () => randomUUID();

export const newSecret: NewSecret = (bytes) => randomBytes(bytes);

/** From 0 to 1; for what only has to differ. */
export const systemRandom = (): number => Math.random();

/** Who runs this process: a name, or a number where the system knows no name, as in some containers. */
export function systemUser(): string {
  try {
    return os.userInfo().username;
  } catch {
    return String(process.getuid?.() ?? 'unknown');
  }
}
