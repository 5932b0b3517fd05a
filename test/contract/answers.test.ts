import { expect, it } from 'vitest';
import { answerKeys } from './keys.js';

const keys = [...answerKeys()];

/** Types by key, and who has it so. */
const typesOf = new Map<string, Map<string, Set<string>>>();
for (const { operation, key, type } of keys) {
  const types = typesOf.get(key) ?? new Map<string, Set<string>>();
  typesOf.set(key, types.set(type, (types.get(type) ?? new Set()).add(operation)));
}
const isOfType = (wanted: RegExp) => (key: string) =>
  [...(typesOf.get(key)?.keys() ?? [])].some((type) => wanted.test(type));

it('looks at every answer', () => {
  expect(keys.length).toBeGreaterThan(1000);
  expect(isOfType(/^string date-time$/)('startTime')).toBe(true);
});

it('writes keys in camel case', () => {
  expect([...typesOf.keys()].filter((key) => !/^[a-z]+([A-Z][a-z]*|[0-9]+)*$/.test(key))).toEqual([]);
});

/** How an instant is called: a key of this form is one, and no other is. */
const instant =
  /(?:[a-z]At|Time|^time|Seen|^since|Since|^until|^(?:start|end)|^expires|^not(?:After|Before)|^(?:valid)?(?:From|To)|^(?:from|to)|^(?:created|cleared|acked)|^lastUsed)$/;

/** What is called like an instant and is none. */
const noInstants: Readonly<Record<string, string>> = {
  created: 'how many an import made',
  from: 'what a field was before a change',
  to: 'what a field is after a change',
};

it('tells every instant as a date-time, under the name of one', () => {
  const dated = [...typesOf.keys()].filter(isOfType(/date-time/));
  expect(dated.filter((key) => !instant.test(key))).toEqual([]);
  const undated = [...typesOf].filter(
    ([key, types]) => instant.test(key) && [...types.keys()].some((type) => type !== 'string date-time'),
  );
  expect(undated.map(([key]) => key).filter((key) => !Object.hasOwn(noInstants, key))).toEqual([]);
});

/** Numbers that are no counts: how much, and in what. */
const units: Readonly<Record<string, string>> = {
  duration: 'seconds',
  heartbeatInterval: 'seconds, as OCPP has it',
  pingInterval: 'seconds, as OCPP has it',
  lat: 'degrees',
  lon: 'degrees',
  soc: 'percent',
  limit: 'as the unit beside it says',
  minChargingRate: 'as the unit beside it says',
};

it('names the unit of what is measured', () => {
  const fractions = [...typesOf.keys()].filter(isOfType(/^number$/));
  const measured = [...typesOf.keys()].filter((key) =>
    /duration|interval|latency|uptime|timeout|energy|power|voltage|current|size|bytes/i.test(key),
  );
  const numeric = measured.filter(isOfType(/number|integer/));
  const bare = new Set(
    [...fractions, ...numeric].filter(
      (key) => !/(?:Kwh|Kw|A|V|Ms|S|[bB]ytes)$/.test(key) && !Object.hasOwn(units, key),
    ),
  );
  expect([...bare]).toEqual([]);
});

it('has one word for a size: bytes', () => {
  const sizes = [...typesOf.keys()].filter((key) => /size|kib|mib|length/i.test(key) && !/Bytes$/.test(key));
  expect(sizes).toEqual([]);
});

/** Keys that are not of one type everywhere: mostly a number where there is an overview, and a list where it is shown. */
const severalTypes: Readonly<Record<string, string>> = {
  alarms: 'how many in the overview; those that were handled',
  connectors: 'how many in lists; all of them in show',
  created: 'since when an alarm is there; how many an import made',
  detail: 'in words of a diagnostic, in keys of an event',
  floors: 'how many of a site; by name',
  from: 'an instant; a value before a change',
  id: 'a number where people type it, else what stands on the thing',
  maintenance: 'whether; how many in the overview',
  messages: 'how many; which',
  online: 'whether; how many in the overview',
  segments: 'how many; which',
  sessions: 'how many in the overview; which',
  sites: 'by name; how many in the overview',
  stations: 'how many; which',
  to: 'an instant; a value after a change',
  unknown: 'how many in the checkup; which',
  version: 'of firmware; of a list of tags and of the store, which are numbers',
};

it('gives a key the same type everywhere', () => {
  const split = [...typesOf].filter(([key, types]) => types.size > 1 && !Object.hasOwn(severalTypes, key));
  expect(split.map(([key, types]) => `${key}: ${[...types.keys()].join(', ')}`)).toEqual([]);
});

it('names no exception that there is not', () => {
  const idle = Object.keys(severalTypes).filter((key) => (typesOf.get(key)?.size ?? 0) < 2);
  const gone = [...Object.keys(units), ...Object.keys(noInstants)].filter((key) => !typesOf.has(key));
  expect([...idle, ...gone]).toEqual([]);
});
