import { randomUUID } from 'node:crypto';
import type { Clock, NewId } from '../domain/clock.js';

export const systemClock: Clock = {
  now: () => Date.now(),
  schedule(delayMs, action) {
    const timer = setTimeout(action, delayMs);
    return () => clearTimeout(timer);
  },
};

export const newUuid: NewId = () => randomUUID();
