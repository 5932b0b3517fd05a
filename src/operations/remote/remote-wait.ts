import { Type } from '@sinclair/typebox';
import type { Clock } from '../../domain/clock.js';

/** When given, wait until it has really happened, this long in all. */
export const waitMs = Type.Optional(Type.Integer({ minimum: 0, maximum: 86_400_000 }));

/** What is left of the time that the whole was given. */
export function timeLeft(waitMs: number, since: number, clock: Clock): number {
  return Math.max(0, waitMs - (clock.now() - since));
}
