import type { Language } from './notification.js';
import type { Formats } from './notification-texts.js';

/** English with the day before the month: read the same everywhere. */
const locales: Readonly<Record<Language, string>> = { en: 'en-GB', de: 'de-DE', sv: 'sv-SE', fr: 'fr-FR' };

const units = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
  ['second', 1],
] as const;

const made = new Map<string, Formats>();
/** Each takes some milliseconds to make; zones are few. */
const madeMax = 100;

/** How values are written in a language, by the clock of a time zone. */
export function notificationFormats(language: Language, timeZone: string | undefined): Formats {
  const key = `${language} ${timeZone}`;
  const known = made.get(key);
  if (known) return known;
  const formats = create(locales[language], timeZone);
  if (made.size < madeMax) made.set(key, formats);
  return formats;
}

function create(locale: string, timeZone: string | undefined): Formats {
  const instant = new Intl.DateTimeFormat(locale, {
    ...(timeZone !== undefined && { timeZone }),
    calendar: 'gregory',
    weekday: 'short',
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    timeZoneName: 'short',
  });
  const count = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
  const energy = new Intl.NumberFormat(locale, { maximumFractionDigits: 3 });
  const list = new Intl.ListFormat(locale, { type: 'unit', style: 'long' });
  const parts = units.map(
    ([unit, seconds]) =>
      [new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'long' }), seconds] as const,
  );

  return {
    instant: (instantMs) => instant.format(instantMs),
    count: (value) => count.format(value),
    energy: (energyKwh) => `${energy.format(energyKwh)} kWh`,
    /** The two largest units, without those that are zero: a day, an hour and five minutes. */
    duration(durationMs) {
      const total = Math.max(0, Math.round(durationMs / 1000));
      const largest = parts.findIndex(([, seconds]) => total >= seconds);
      const used = largest < 0 ? parts.slice(-1) : parts.slice(largest, largest + 2);
      let rest = total;
      const said: string[] = [];
      for (const [format, seconds] of used) {
        const whole = Math.floor(rest / seconds);
        rest -= whole * seconds;
        if (whole > 0 || said.length === 0) said.push(format.format(whole));
      }
      return list.format(said);
    },
  };
}
