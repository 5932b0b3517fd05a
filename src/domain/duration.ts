const MS_PER_UNIT = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1_000, ms: 1 } as const;

type Unit = keyof typeof MS_PER_UNIT;

/** What a duration looks like, for messages and help. */
export const durationForms = '30s, 15m, 1h30m, 2d or 500ms';

const part = /(\d+(?:\.\d+)?)(ms|d|h|m|s)/y;

/**
 * Milliseconds of a duration with units: `500ms`, `30s`, `15m`, `1h30m`, `1.5h`, `2d`. Units go from large to small,
 * each at most once; a bare number is refused because nobody can tell its unit.
 * @returns undefined when `text` is no such duration
 */
export function parseDuration(text: string): number | undefined {
  const input = text.trim().toLowerCase();
  let totalMs = 0;
  let smallestMs = Number.POSITIVE_INFINITY;
  part.lastIndex = 0;
  while (part.lastIndex < input.length) {
    const match = part.exec(input);
    if (!match) return undefined;
    const unitMs = MS_PER_UNIT[match[2] as Unit];
    if (unitMs >= smallestMs) return undefined;
    smallestMs = unitMs;
    totalMs += Number(match[1]) * unitMs;
  }
  const rounded = Math.round(totalMs);
  return input !== '' && Number.isSafeInteger(rounded) ? rounded : undefined;
}

/** The two largest units of a duration, cut off below them: `2d 04h`, `1h 05m`, `3m 07s`, `45s`, `350ms`. */
export function formatDuration(durationMs: number): string {
  const ms = Math.trunc(Math.abs(durationMs));
  const sign = durationMs < 0 && ms > 0 ? '-' : '';
  if (ms < MS_PER_UNIT.s) return ms === 0 ? '0s' : `${sign}${ms}ms`;
  if (ms < MS_PER_UNIT.m) return `${sign}${Math.floor(ms / MS_PER_UNIT.s)}s`;
  if (ms < MS_PER_UNIT.h) return sign + twoUnits(ms, 'm', 's');
  if (ms < MS_PER_UNIT.d) return sign + twoUnits(ms, 'h', 'm');
  return sign + twoUnits(ms, 'd', 'h');
}

function twoUnits(ms: number, large: Unit, small: Unit): string {
  const whole = Math.floor(ms / MS_PER_UNIT[large]);
  const rest = Math.floor((ms % MS_PER_UNIT[large]) / MS_PER_UNIT[small]);
  return `${whole}${large} ${String(rest).padStart(2, '0')}${small}`;
}

/** Exactly this duration, as `parseDuration` reads it: `30d`, `1h30m`, `500ms`. */
export function writeDuration(durationMs: number): string {
  let restMs = durationMs;
  let text = '';
  for (const [unit, unitMs] of Object.entries(MS_PER_UNIT)) {
    const whole = Math.floor(restMs / unitMs);
    if (whole > 0) text += `${whole}${unit}`;
    restMs -= whole * unitMs;
  }
  return text || '0s';
}
