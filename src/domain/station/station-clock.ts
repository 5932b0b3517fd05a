/** Before any OCPP 1.6 station existed: a clock that was never set (field trap 22). */
const earliestPlausible = Date.UTC(2012, 0, 1);

/** How far ahead of the server a station's clock may be and still be believed. */
export const aheadToleratedMs = 24 * 3600_000;

export interface StationTime {
  /** The instant to go by, milliseconds since the epoch. */
  readonly at: number;
  /** What is wrong with the station's own time, in words; undefined when it is believed. */
  readonly doubt?: string;
}

/**
 * The station's time for what it reports, however late it comes; the time of receipt where the station's is missing
 * or cannot be.
 * @param reported as read from the message; undefined when it had none or nonsense
 */
export function believeTime(reported: number | undefined, receivedAt: number): StationTime {
  if (reported === undefined) return { at: receivedAt, doubt: 'the station gave no readable time' };
  if (reported < earliestPlausible || reported > receivedAt + aheadToleratedMs) {
    return { at: receivedAt, doubt: `the station's clock says ${printable(reported)}` };
  }
  return { at: reported };
}

function printable(instant: number): string {
  const date = new Date(instant);
  return Number.isNaN(date.getTime()) ? 'nonsense' : date.toISOString();
}
