/** A source of numbers in [0, 1). Injected everywhere, so that a seed reproduces a whole simulation. */
export type Random = () => number;

/** Mulberry32: small, fast and good enough for plausible cars; never for secrets. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  };
}

/** A source that depends on `random` only through its seed: what one station does never shifts another's numbers. */
export function childRandom(random: Random): Random {
  return seededRandom(Math.floor(random() * 0x1_0000_0000));
}

/** A number in [minimum, maximum). */
export function between(random: Random, minimum: number, maximum: number): number {
  return minimum + random() * (maximum - minimum);
}

/** One of `items`; an empty list is an error of the caller. */
export function pick<T>(random: Random, items: readonly T[]): T {
  const item = items[Math.min(items.length - 1, Math.floor(random() * items.length))];
  if (item === undefined) throw new RangeError('Nothing to pick from');
  return item;
}
