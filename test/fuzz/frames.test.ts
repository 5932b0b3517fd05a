import fc from 'fast-check';
import { expect, it } from 'vitest';
import { encodeCall, encodeError, encodeResult, parseFrame } from '../../src/ocpp/frame.js';
import { cpuMsOf } from '../helpers/cpu-time.js';
import { casesWanted } from './cases.js';

const timeout = 30_000 + casesWanted;
const runs = { numRuns: casesWanted };

const ids = fc.string({ minLength: 1, maxLength: 36, unit: 'binary' });
const payloads = fc
  .dictionary(fc.string(), fc.jsonValue({ maxDepth: 4 }))
  .map((payload): Record<string, unknown> => JSON.parse(JSON.stringify(payload)));

it('reads back every call and result that it writes', { timeout }, () => {
  fc.assert(
    fc.property(ids, fc.string({ minLength: 1 }), payloads, (id, action, payload) => {
      expect(parseFrame(encodeCall(id, action, payload))).toMatchObject({
        kind: 'call',
        id,
        action,
        payload,
      });
      expect(parseFrame(encodeResult(id, payload))).toMatchObject({ kind: 'result', id, payload });
      const error = { code: 'GenericError', description: action.slice(0, 200), details: payload } as const;
      expect(parseFrame(encodeError(id, error, '1.6'))).toMatchObject({
        kind: 'error',
        id,
        details: payload,
      });
    }),
    runs,
  );
});

/** A valid frame with pieces cut out, doubled and swapped, as a broken modem or an attacker would send it. */
const damaged = fc
  .tuple(
    ids,
    payloads,
    fc.array(fc.tuple(fc.nat(), fc.nat(20), fc.string({ unit: 'binary', maxLength: 5 })), { maxLength: 6 }),
  )
  .map(([id, payload, damages]) =>
    damages.reduce(
      (text, [at, length, instead]) => {
        const from = at % (text.length + 1);
        return text.slice(0, from) + instead + text.slice(from + length);
      },
      encodeCall(id, 'StartTransaction', payload),
    ),
  );

it('never throws, whatever the text, and says what it is', { timeout }, () => {
  const kinds = ['call', 'result', 'error', 'unknown', 'malformed'];
  const texts = fc.oneof(fc.string({ unit: 'binary', maxLength: 300 }), fc.json(), damaged);
  fc.assert(
    fc.property(texts, (text) => {
      expect(kinds).toContain(parseFrame(text).kind);
    }),
    runs,
  );
});

it.each([
  ['opening brackets', '['],
  ['opening braces', '{"a":'],
  ['quotes', '"'],
  ['backslashes', '[2,"\\'],
  ['digits', '[2,1'],
  ['minus signs', '[-'],
  ['empty calls', '[2,"1","A",{}],'],
  ['escapes', '"\\u0000'],
])('takes eight megabytes of %s in linear time', (_, piece) => {
  const duration = (length: number): number => {
    const text = piece.repeat(Math.ceil(length / piece.length));
    return cpuMsOf(() => parseFrame(text));
  };
  duration(1024 * 1024);
  expect(duration(8 * 1024 * 1024)).toBeLessThan(2000);
});
