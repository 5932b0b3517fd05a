import { isSecretName, mask } from '../secret-names.js';
import { foldKeyName, isSameValue } from './configuration-keys.js';

/** What a station said of one of its keys. */
export interface ReportedKey {
  readonly key: string;
  /** Null when it gave none: keys that can only be written. Secrets are masked. */
  readonly value: string | null;
  readonly readOnly: boolean;
  readonly reportedAt: number;
}

/** What a station answered when it was given a desired value. */
export interface ConfigurationAnswer {
  readonly key: string;
  readonly value: string;
  readonly status: string;
  readonly at: number;
  /** Whether its value was read since. */
  readonly readBack: boolean;
}

/** All that the store knows of the configuration of one station. */
export interface StationConfiguration {
  readonly stationUuid: string;
  readonly reported: readonly ReportedKey[];
  /** When all its keys were read at once; null if never. */
  readonly readAt: number | null;
  /** Desired of this station alone, before what templates say. */
  readonly desired: Readonly<Record<string, string>>;
  readonly answers: readonly ConfigurationAnswer[];
  /** Times in a row that the desired values could not be brought about. */
  readonly attempts: number;
  /** When to try next; null when nothing is to do until it connects or boots. */
  readonly dueAt: number | null;
}

/** Keys kept of one station: it may report as many as it likes. */
export const reportedKeysMax = 1000;

/** Characters kept of a value; the specification has 500. */
const reportedValueMax = 2500;

export function emptyConfiguration(stationUuid: string): StationConfiguration {
  return { stationUuid, reported: [], readAt: null, desired: {}, answers: [], attempts: 0, dueAt: null };
}

/** Which stations; `*` is any text, `?` any character, upper and lower case are the same. */
export interface TemplateMatch {
  readonly vendor?: string | undefined;
  readonly model?: string | undefined;
  readonly firmware?: string | undefined;
}

/** What stations that match should have. Without a match it is the default of the fleet. */
export interface ConfigurationTemplate {
  readonly match: TemplateMatch;
  readonly configuration: Readonly<Record<string, string>>;
}

export const templateFields = ['vendor', 'model', 'firmware'] as const;

/** Templates with the same match are the same template: this is its name, for people too. */
export function nameOfMatch(match: TemplateMatch): string {
  const said = templateFields.flatMap((field) =>
    match[field] === undefined ? [] : [`${field}=${match[field]}`],
  );
  return said.length === 0 ? 'all stations' : said.join(' ');
}

interface Kind {
  readonly vendor: string | null;
  readonly model: string | null;
  readonly firmwareVersion: string | null;
}

/**
 * Whether a template is for a station: `*` and `?` are wildcards, case does not count. What a station has not told fits no
 * pattern, not even `*`.
 */
export function matches({ vendor, model, firmware }: TemplateMatch, station: Kind): boolean {
  return (
    fits(vendor, station.vendor) && fits(model, station.model) && fits(firmware, station.firmwareVersion)
  );
}

function fits(pattern: string | undefined, text: string | null): boolean {
  if (pattern === undefined) return true;
  if (text === null) return false;
  return matchesWildcards(pattern.toLowerCase(), text.toLowerCase());
}

/** In time that grows with the product of the lengths at worst, whatever the pattern. */
function matchesWildcards(pattern: string, text: string): boolean {
  let at = 0;
  let p = 0;
  let star = -1;
  let resume = 0;
  while (at < text.length) {
    if (pattern[p] === '*') {
      star = p;
      resume = at;
      p += 1;
    } else if (pattern[p] === '?' || pattern[p] === text[at]) {
      p += 1;
      at += 1;
    } else if (star >= 0) {
      p = star + 1;
      resume += 1;
      at = resume;
    } else {
      return false;
    }
  }
  while (pattern[p] === '*') p += 1;
  return p === pattern.length;
}

export interface DesiredKey {
  readonly key: string;
  readonly value: string;
  /** Who wants it: the name of a template, or `station` for what was applied to this one. */
  readonly source: string;
}

/**
 * What a station should have, by folded key: of the templates that match it, the more exact one wins, and what was
 * applied to the station itself wins over all.
 */
export function desiredOf(
  templates: readonly ConfigurationTemplate[],
  station: Kind,
  own: Readonly<Record<string, string>> = {},
): ReadonlyMap<string, DesiredKey> {
  const desired = new Map<string, DesiredKey>();
  const put = (values: Readonly<Record<string, string>>, source: string): void => {
    for (const [key, value] of Object.entries(values)) desired.set(foldKeyName(key), { key, value, source });
  };
  const fitting = templates.filter(({ match }) => matches(match, station)).sort(lessExactFirst);
  for (const { match, configuration } of fitting) put(configuration, nameOfMatch(match));
  put(own, 'station');
  return desired;
}

function lessExactFirst(a: ConfigurationTemplate, b: ConfigurationTemplate): number {
  const [x, y] = [exactness(a.match), exactness(b.match)];
  return (
    x.fields - y.fields || x.letters - y.letters || (nameOfMatch(a.match) < nameOfMatch(b.match) ? -1 : 1)
  );
}

function exactness(match: TemplateMatch): { fields: number; letters: number } {
  const patterns = templateFields.flatMap((field) => match[field] ?? []);
  return { fields: patterns.length, letters: patterns.join('').replaceAll(/[*?]/g, '').length };
}

/** As it may be kept and shown. */
export function maskedValue(key: string, value: string): string {
  return isSecretName(key) && value !== '' ? mask : value;
}

/**
 * What is known after a station was asked: for all keys, or for some, of which it did not know `unknown`.
 * The values of secrets are masked here, so that they reach neither the store nor anybody's screen.
 */
export function withReported(
  known: StationConfiguration,
  answer: {
    readonly entries: readonly Pick<ReportedKey, 'key' | 'value' | 'readOnly'>[];
    readonly unknown?: readonly string[];
    readonly isAll: boolean;
    readonly at: number;
  },
): StationConfiguration {
  const { entries, unknown = [], isAll, at } = answer;
  const reported = new Map(isAll ? [] : known.reported.map((entry) => [foldKeyName(entry.key), entry]));
  for (const key of unknown) reported.delete(foldKeyName(key));
  for (const { key, value, readOnly } of entries) {
    const shown = value === null ? null : maskedValue(key, value).slice(0, reportedValueMax);
    reported.set(foldKeyName(key), { key, value: shown, readOnly, reportedAt: at });
  }
  return {
    ...known,
    reported: [...reported.values()].slice(0, reportedKeysMax),
    readAt: isAll ? at : known.readAt,
  };
}

/** How a desired value stands: `pending` has not been brought about yet. */
export const keyStates = [
  'applied',
  'pending',
  'reboot-required',
  'rejected',
  'not-supported',
  'drifted',
] as const;
export type KeyState = (typeof keyStates)[number];

/** @param bootedAt of the station's last boot */
export function stateOf(
  { key, value }: Pick<DesiredKey, 'key' | 'value'>,
  reported: ReportedKey | undefined,
  answer: ConfigurationAnswer | undefined,
  bootedAt: number | null,
): KeyState {
  const has = reported?.value ?? null;
  const isThere = has !== null && isSameValue(key, has, value);
  const current = answer !== undefined && answer.value === value ? answer : undefined;
  const booted = current !== undefined && bootedAt !== null && bootedAt > current.at;
  switch (current?.status) {
    case 'RebootRequired':
      // Some report the new value before it is in force.
      if (!booted) return 'reboot-required';
      return isThere ? 'applied' : 'pending';
    case 'Accepted':
      if (isThere || (current.readBack && has === null)) return 'applied';
      return current.readBack ? 'drifted' : 'pending';
    case 'Rejected':
    case 'NotSupported': {
      if (isThere) return 'applied';
      // It may run other firmware since its last boot.
      if (booted) return 'pending';
      return current.status === 'Rejected' ? 'rejected' : 'not-supported';
    }
    default:
      if (isThere) return 'applied';
      if (reported?.readOnly === true) return 'rejected';
      return 'pending';
  }
}

/** What is worth sending now. */
export function isToSend(state: KeyState): boolean {
  return state === 'pending' || state === 'drifted';
}
