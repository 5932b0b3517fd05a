const quarterHourMs = 15 * 60_000;

/** Consecutive instants at which a session has samples: all of them, or one page of many. Ascending, each once. */
export interface SampledInstants {
  /** Start of the session: its quarter hours are counted from there. */
  readonly startedAt: number;
  readonly instants: readonly number[];
  /** The instant before the first of these; undefined when there is none. */
  readonly previous: number | undefined;
  /** Whether the session has no later ones. */
  readonly isLast: boolean;
}

/** Both are included. */
export interface InstantRange {
  readonly from: number;
  readonly to: number;
}

/**
 * Which samples of a session go when it is thinned. Its first and its last instant stay, and the first one in each
 * quarter hour counted from the start of the session; all samples of such an instant stay. Thinning what has been
 * thinned takes nothing more away.
 * @returns ranges without an instant that stays, ascending
 */
export function thinnedRanges({ startedAt, instants, previous, isLast }: SampledInstants): InstantRange[] {
  const quarterOf = (instant: number) => Math.floor((instant - startedAt) / quarterHourMs);
  const ranges: InstantRange[] = [];
  let before = previous;
  let from: number | undefined;
  for (const [index, instant] of instants.entries()) {
    const isEnd = isLast && index === instants.length - 1;
    const stays = before === undefined || quarterOf(instant) !== quarterOf(before) || isEnd;
    if (!stays) from ??= instant;
    else if (from !== undefined && before !== undefined) {
      ranges.push({ from, to: before });
      from = undefined;
    }
    before = instant;
  }
  if (from !== undefined && before !== undefined) ranges.push({ from, to: before });
  return ranges;
}
