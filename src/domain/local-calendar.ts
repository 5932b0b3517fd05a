const dayMs = 24 * 3600_000;

export interface TimeOfDay {
  readonly hour: number;
  readonly minute: number;
}

/**
 * The clock on the wall of one time zone. A local time that daylight saving skips is the same distance after the gap;
 * one that it repeats is the first of the two. So every time of day is exactly one instant of every day.
 */
export class LocalCalendar {
  readonly #format: Intl.DateTimeFormat;

  /** @param timeZone IANA name; that of the process (`TZ`) when left out */
  constructor(timeZone?: string) {
    this.#format = new Intl.DateTimeFormat('en-US', {
      ...(timeZone !== undefined && { timeZone }),
      calendar: 'gregory',
      numberingSystem: 'latn',
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  }

  /** The last instant until `nowMs` at which the clock showed `time`. */
  latest(time: TimeOfDay, nowMs: number): number {
    const today = this.#on(this.#midnight(nowMs), time);
    return today <= nowMs ? today : this.#on(this.#midnight(nowMs) - dayMs, time);
  }

  /** The first instant after `nowMs` at which the clock will show `time`. */
  next(time: TimeOfDay, nowMs: number): number {
    const midnight = this.#midnight(nowMs);
    const today = this.#on(midnight, time);
    return today > nowMs ? today : this.#on(midnight + dayMs, time);
  }

  /** @param midnight of the day, as `#wall` counts */
  #on(midnight: number, { hour, minute }: TimeOfDay): number {
    const wall = midnight + (hour * 60 + minute) * 60_000;
    // Zones do not change twice within two days, so one of these offsets is in force.
    const early = wall - this.#offset(wall - dayMs);
    const late = wall - this.#offset(wall + dayMs);
    return this.#wall(early) !== wall && this.#wall(late) === wall ? late : early;
  }

  #midnight(instant: number): number {
    const wall = this.#wall(instant);
    return wall - (((wall % dayMs) + dayMs) % dayMs);
  }

  #offset(instant: number): number {
    return this.#wall(instant) - instant;
  }

  /** What the clock shows, as milliseconds since its own 1970. */
  #wall(instant: number): number {
    const shown = new Map(
      this.#format.formatToParts(instant).map(({ type, value }) => [type, Number(value)]),
    );
    const field = (type: Intl.DateTimeFormatPartTypes) => shown.get(type) ?? 0;
    const seconds = Date.UTC(
      field('year'),
      field('month') - 1,
      field('day'),
      field('hour'),
      field('minute'),
      field('second'),
    );
    return seconds + (((instant % 1000) + 1000) % 1000);
  }
}
