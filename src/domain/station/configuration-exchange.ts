import { FleetError } from '../errors.js';
import {
  type ConfigurationAnswer,
  type DesiredKey,
  isToSend,
  type KeyState,
  type ReportedKey,
  type StationConfiguration,
  stateOf,
  withReported,
} from './configuration.js';
import { foldKeyName } from './configuration-keys.js';

/** Sends one OCPP call to a station and gives its answer. @throws as LiveFleet.call */
export type CallStation = (
  action: 'GetConfiguration' | 'ChangeConfiguration',
  payload: Record<string, unknown>,
) => Promise<Record<string, unknown>>;

/** What was learned, to be added to whatever is known by the time it is written down. */
export type Learned = (known: StationConfiguration) => StationConfiguration;

/** Keys asked for at once of a station that does not say how many it takes. */
const unknownMaxKeys = 10;

const maxKeysName = 'GetConfigurationMaxKeys';

export interface Reading {
  readonly entries: readonly Pick<ReportedKey, 'key' | 'value' | 'readOnly'>[];
  /** Keys that were asked for and that the station does not have. */
  readonly unknown: readonly string[];
  readonly learned: Learned;
}

/** All that the station gives when no key is named (OCPP 1.6 §5.8). @throws what `call` throws */
export async function readAllKeys(call: CallStation, now: () => number): Promise<Reading> {
  const { entries } = parse(await call('GetConfiguration', {}));
  const at = now();
  return { entries, unknown: [], learned: (known) => withReported(known, { entries, isAll: true, at }) };
}

/**
 * Reads keys by their names, never more at once than the station takes (OCPP 1.6 §5.8).
 * @param known what was known of the station; how many keys it takes is asked for when that is not in there
 * @param bootedAt of its last boot: other firmware may take another number
 */
export async function readKeys(
  call: CallStation,
  keys: readonly string[],
  { known, bootedAt, now }: { known: StationConfiguration; bootedAt: number | null; now: () => number },
): Promise<Reading> {
  const entries: Reading['entries'][number][] = [];
  const unknown: string[] = [];
  const ask = async (some: readonly string[]): Promise<void> => {
    const answer = parse(await call('GetConfiguration', { key: [...some] }));
    entries.push(...answer.entries);
    // A station may leave out what it does not have.
    const told = new Set(answer.entries.map(({ key }) => foldKeyName(key)));
    unknown.push(...some.filter((key) => !told.has(foldKeyName(key))));
  };
  const wanted = distinct(keys);
  let rest = wanted;
  let atOnce = 1;
  if (wanted.length > 1) {
    let max = maxKeysOf(known.reported, bootedAt);
    if (max === undefined) {
      await ask([maxKeysName]);
      rest = wanted.filter((key) => foldKeyName(key) !== foldKeyName(maxKeysName));
      max = maxKeysOf(entries.map((entry) => ({ ...entry, reportedAt: now() })));
    }
    atOnce = max ?? unknownMaxKeys;
  }
  for (let next = 0; next < rest.length; next += atOnce) await ask(rest.slice(next, next + atOnce));
  const at = now();
  const folded = new Set(wanted.map(foldKeyName));
  return {
    entries: entries.filter(({ key }) => folded.has(foldKeyName(key))),
    unknown: unknown.filter((key) => folded.has(foldKeyName(key))),
    learned: (before) => withReported(before, { entries, unknown, isAll: false, at }),
  };
}

/** Gives a key a value; the station's answer. An error of the station is a no. @throws when it did not answer */
export async function changeKey(call: CallStation, key: string, value: string): Promise<string> {
  try {
    const { status } = await call('ChangeConfiguration', { key, value });
    return typeof status === 'string' ? status : 'Rejected';
  } catch (error) {
    if (error instanceof FleetError && error.code === 'REFUSED') return 'Rejected';
    throw error;
  }
}

export interface Endeavour {
  readonly learned: Learned;
  readonly states: ReadonlyMap<string, KeyState>;
  /** Keys whose values were sent. */
  readonly sent: readonly string[];
  /** Why it ended early; what was learned until then counts all the same. */
  readonly failure?: unknown;
}

/** Brings about what is desired of a station: reads, sends what differs, and reads that back. */
export async function bringAbout(
  call: CallStation,
  options: {
    readonly known: StationConfiguration;
    readonly desired: ReadonlyMap<string, DesiredKey>;
    readonly bootedAt: number | null;
    readonly now: () => number;
  },
): Promise<Endeavour> {
  const { desired, bootedAt, now } = options;
  let { known } = options;
  const steps: Learned[] = [];
  const sent: string[] = [];
  const learn = (step: Learned): void => {
    steps.push(step);
    known = step(known);
  };
  const result = (): Omit<Endeavour, 'failure'> => ({
    learned: (before) => steps.reduce((state, step) => step(state), before),
    states: statesOf(known, desired, bootedAt),
    sent,
  });
  try {
    const names = [...desired.values()].map(({ key }) => key);
    learn((await readKeys(call, names, { known, bootedAt, now })).learned);
    for (const [folded, state] of statesOf(known, desired, bootedAt)) {
      const wanted = desired.get(folded);
      if (wanted === undefined) continue;
      const { key, value } = wanted;
      if (isToSend(state)) {
        const status = await changeKey(call, key, value);
        sent.push(key);
        learn(withAnswer({ key, value, status, at: now(), readBack: false }));
      } else if (state === 'applied' && answerTo(known, folded)?.value !== value) {
        // Seen as it should be: when it is not any more, somebody has changed it.
        learn(withAnswer({ key, value, status: 'Accepted', at: now(), readBack: true }));
      }
    }
    const toVerify = sent.filter((key) => answerTo(known, foldKeyName(key))?.status === 'Accepted');
    if (toVerify.length > 0) {
      learn((await readKeys(call, toVerify, { known, bootedAt, now })).learned);
      learn(withReadBack(toVerify));
    }
    return result();
  } catch (failure) {
    return { ...result(), failure };
  }
}

/** How each desired value stands, by folded key. */
export function statesOf(
  known: StationConfiguration,
  desired: ReadonlyMap<string, DesiredKey>,
  bootedAt: number | null,
): Map<string, KeyState> {
  const reported = new Map(known.reported.map((entry) => [foldKeyName(entry.key), entry]));
  const answers = new Map(known.answers.map((answer) => [foldKeyName(answer.key), answer]));
  return new Map(
    [...desired].map(([folded, wanted]) => [
      folded,
      stateOf(wanted, reported.get(folded), answers.get(folded), bootedAt),
    ]),
  );
}

/** What the station said of keys that are not desired any more is forgotten. */
export function onlyDesired(desired: ReadonlyMap<string, DesiredKey>): Learned {
  return (known) => ({
    ...known,
    answers: known.answers.filter(({ key }) => desired.has(foldKeyName(key))),
  });
}

function withAnswer(answer: ConfigurationAnswer): Learned {
  const folded = foldKeyName(answer.key);
  return (known) => ({
    ...known,
    answers: [...known.answers.filter(({ key }) => foldKeyName(key) !== folded), answer],
  });
}

function withReadBack(keys: readonly string[]): Learned {
  const folded = new Set(keys.map(foldKeyName));
  return (known) => ({
    ...known,
    answers: known.answers.map((answer) =>
      folded.has(foldKeyName(answer.key)) ? { ...answer, readBack: true } : answer,
    ),
  });
}

function answerTo(known: StationConfiguration, folded: string): ConfigurationAnswer | undefined {
  return known.answers.find(({ key }) => foldKeyName(key) === folded);
}

function maxKeysOf(reported: readonly ReportedKey[], bootedAt: number | null = null): number | undefined {
  const entry = reported.find(({ key }) => foldKeyName(key) === foldKeyName(maxKeysName));
  if (entry === undefined || entry.reportedAt < (bootedAt ?? 0)) return undefined;
  const max = /^\d{1,9}$/.test(entry.value?.trim() ?? '') ? Number(entry.value) : 0;
  return max > 0 ? max : undefined;
}

function distinct(keys: readonly string[]): string[] {
  return [...new Map(keys.map((key) => [foldKeyName(key), key])).values()];
}

function parse({ configurationKey }: Record<string, unknown>): Pick<Reading, 'entries'> {
  const list: readonly unknown[] = Array.isArray(configurationKey) ? configurationKey : [];
  const entries = list.flatMap((item) => {
    const { key, value, readonly } = (item ?? {}) as Record<string, unknown>;
    if (typeof key !== 'string') return [];
    return [
      {
        key,
        value: value === undefined || value === null ? null : String(value),
        readOnly: readonly === true,
      },
    ];
  });
  return { entries };
}
