import { grouped } from './grouped.js';

/** `1 station`, `2 stations`, `1,200 stations`. */
export function plural(count: number, noun: string): string {
  return `${grouped(count)} ${noun}${count === 1 ? '' : 's'}`;
}
