import fc from 'fast-check';
import type { StationAction16 } from '../../src/csms/v16/handler.js';
import { handlers16 } from '../../src/csms/v16/handlers/table.js';
import { samples } from '../ocpp/v16/samples.js';

/** `EVFLEET_FUZZ=2000000 npx vitest run test/fuzz` (`npm run fuzz`) goes on for an hour or so. */
export const casesWanted = Number(process.env.EVFLEET_FUZZ ?? 3000);

export const stationActions = Object.keys(handlers16) as StationAction16[];

export interface Message {
  readonly action: string;
  readonly payload: unknown;
}

/** What stations, or somebody who pretends to be one, might put anywhere. */
const oddities: readonly unknown[] = [
  ...[null, true, false, [], {}, [[]], [null], ''],
  ...[0, -0, -1, 1, 0.1, 2 ** 31 - 1, 2 ** 31, 2 ** 53, -(2 ** 53), 1e21, 1e308, -1e308, 5e-324],
  ...['0', '-1', '1e5', ' 12 ', '0x10', 'NaN', 'Infinity', 'true', 'null', '12,5', '1'.repeat(400)],
  ...[
    'x'.repeat(10_000),
    '\0',
    '\ud800',
    '\u202e',
    "'; DROP TABLE station; --",
    '%s%n',
    '{{7*7}}',
    '=1+1',
    '🔌',
  ],
  ...['__proto__', 'constructor', 'toString', 'hasOwnProperty'],
  JSON.parse('{"__proto__":{"isAccepted":true},"constructor":{"prototype":{}}}'),
  ...['1970-01-01T00:00:00Z', '0000-01-01T00:00:00Z', '9999-12-31T23:59:60Z', '2026-02-30T25:61:61Z'],
  ...['2026-05-04', '2026-05-04T10:00', '2026-05-04T10:00:00+99:99', '+275760-09-13T00:00:00.001Z', 'now'],
];

const odd = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...oddities) },
  { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 4 }) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 100 }) },
  { weight: 1, arbitrary: fc.double({ noNaN: true, noDefaultInfinity: true }) },
);

interface Mutation {
  readonly kind: 'replace' | 'remove' | 'add' | 'repeat' | 'wrap';
  /** Which of the values inside, counted through. */
  readonly at: number;
  readonly value: unknown;
  readonly key: string;
}

const mutation: fc.Arbitrary<Mutation> = fc.record({
  kind: fc.constantFrom('replace', 'replace', 'replace', 'remove', 'add', 'repeat', 'wrap'),
  at: fc.nat(200),
  value: odd,
  key: fc.constantFrom('__proto__', 'constructor', 'extra', '', 'a/b~c', '0'),
});

type Container = Record<string, unknown> | unknown[];

/** Everything inside, each by its container and key. */
function* places(value: unknown): Generator<readonly [Container, string]> {
  if (typeof value !== 'object' || value === null) return;
  for (const key of Object.keys(value)) {
    yield [value as Container, key];
    yield* places((value as Record<string, unknown>)[key]);
  }
}

function set(container: Container, key: string, value: unknown): void {
  // As JSON.parse does: a key of its own, also when it is called __proto__.
  Object.defineProperty(container, key, { value, enumerable: true, writable: true, configurable: true });
}

function mutate(payload: unknown, { kind, at, value: shared, key }: Mutation): unknown {
  // A value put into itself would never end.
  const value = structuredClone(shared);
  const all = [...places(payload)];
  const place = all[at % Math.max(1, all.length)];
  if (!place) return value;
  const [container, name] = place;
  const before = (container as Record<string, unknown>)[name];
  switch (kind) {
    case 'replace':
      set(container, name, value);
      break;
    case 'remove':
      Reflect.deleteProperty(container, name);
      break;
    case 'add':
      if (!Array.isArray(container)) set(container, key, value);
      break;
    case 'repeat':
      if (Array.isArray(before)) set(container, name, Array.from({ length: 50 }, () => before).flat());
      break;
    case 'wrap':
      set(container, name, [structuredClone(before)]);
      break;
  }
  return payload;
}

const validMessages = stationActions.flatMap((action) =>
  samples[action].request.map((payload) => ({ action, payload })),
);

/** Valid messages of stations, changed in up to four places. */
const mutated: fc.Arbitrary<Message> = fc
  .tuple(fc.constantFrom(...validMessages), fc.array(mutation, { maxLength: 4 }))
  .map(([{ action, payload }, mutations]) => ({
    action,
    payload: mutations.reduce<unknown>(mutate, structuredClone(payload)),
  }));

const arbitrary: fc.Arbitrary<Message> = fc.record({
  action: fc.oneof(
    { weight: 5, arbitrary: fc.constantFrom<string>(...stationActions) },
    { weight: 1, arbitrary: fc.constantFrom('__proto__', 'constructor', 'toString', 'Reset', 'heartbeat') },
    { weight: 1, arbitrary: fc.string({ minLength: 1, maxLength: 60 }) },
  ),
  payload: fc.oneof(
    fc.jsonValue({ maxDepth: 5 }),
    fc.dictionary(fc.string({ maxLength: 20 }), odd, { maxKeys: 8 }),
  ),
});

export const anyMessage = fc.oneof({ weight: 4, arbitrary: mutated }, { weight: 1, arbitrary });

const anyTime = fc.oneof(
  fc
    .date({ noInvalidDate: true, min: new Date(0), max: new Date(253_402_300_799_999) })
    .map((at) => at.toISOString()),
  fc.constantFrom(
    '1970-01-01T00:00:00Z',
    '2026-05-04T10:00:00',
    '2099-01-01T00:00:00+02:00',
    '0001-01-01T00:00:00Z',
  ),
);
const anyInteger = fc.oneof(fc.integer(), fc.constantFrom(0, -1, 1, 2, 3, 2 ** 31 - 1));
const anyTag = fc.oneof(
  fc.constantFrom('TAG1', 'tag1', 'nobody'),
  fc.string({ minLength: 1, maxLength: 20 }),
);

/** Messages of transactions that can be understood, however little sense they make. */
export const transactionMessage: fc.Arbitrary<Message> = fc.oneof(
  fc.record({
    action: fc.constant('StartTransaction'),
    payload: fc.record({
      connectorId: fc.integer({ min: 1, max: 5 }),
      idTag: anyTag,
      meterStart: anyInteger,
      timestamp: anyTime,
    }),
  }),
  fc.record({
    action: fc.constant('StopTransaction'),
    payload: fc.record(
      {
        transactionId: anyInteger,
        meterStop: anyInteger,
        timestamp: anyTime,
        idTag: anyTag,
        reason: fc.constantFrom('Local', 'Remote', 'PowerLoss', 'Whatever'),
      },
      { requiredKeys: ['transactionId', 'meterStop', 'timestamp'] },
    ),
  }),
  fc.record({
    action: fc.constant('MeterValues'),
    payload: fc.record(
      {
        connectorId: fc.integer({ min: 0, max: 5 }),
        transactionId: anyInteger,
        meterValue: fc.array(
          fc.record({
            timestamp: anyTime,
            sampledValue: fc.array(
              fc.record({ value: fc.oneof(anyInteger.map(String), fc.double().map(String), fc.string()) }),
              { minLength: 1, maxLength: 3 },
            ),
          }),
          { minLength: 1, maxLength: 3 },
        ),
      },
      { requiredKeys: ['connectorId', 'meterValue'] },
    ),
  }),
);
