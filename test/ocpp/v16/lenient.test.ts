import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RpcError } from '../../../src/ocpp/rpc-error.js';
import { type ActionName16, actions16, isActionName16 } from '../../../src/ocpp/v16/actions.js';
import { type Breach, maxBreaches } from '../../../src/ocpp/v16/breach.js';
import { readRequest, readResponse } from '../../../src/ocpp/v16/validate.js';
import { sampled, start, status, traps } from './field-traps.js';
import { samples } from './samples.js';

const rules = (breaches: readonly Breach[]) => breaches.map(({ path, rule }) => `${path} ${rule}`);

function refusal(run: () => unknown): RpcError {
  try {
    run();
  } catch (error) {
    if (error instanceof RpcError) return error;
    throw error;
  }
  throw new Error('accepted');
}

describe('what stations send in the field', () => {
  it.each(traps)('$what', ({ action, sent, read, breaches }) => {
    const before = structuredClone(sent);
    const reading = readRequest(action, sent);
    expect(reading.value).toEqual(read);
    expect(rules(reading.breaches).sort()).toEqual(breaches);
    expect(sent).toEqual(before);
  });

  it('a GetConfiguration answer with numbers, texts for booleans and useless entries is read', () => {
    const reading = readResponse('GetConfiguration', {
      configurationKey: [
        { key: 'HeartbeatInterval', readonly: 'false', value: 300 },
        { key: 'LocalPreAuthorize', readonly: 0, value: true },
        { key: 'NumberOfConnectors', readonly: 'TRUE', value: '2' },
        { key: 'Vendor.Long', value: 'v'.repeat(2_000) },
        { readonly: true },
        null,
      ],
      unknownKey: 'Nope',
    });
    expect(reading.value).toEqual({
      configurationKey: [
        { key: 'HeartbeatInterval', readonly: false, value: '300' },
        { key: 'LocalPreAuthorize', readonly: false, value: 'true' },
        { key: 'NumberOfConnectors', readonly: true, value: '2' },
        { key: 'Vendor.Long', readonly: false, value: 'v'.repeat(2_000) },
      ],
      unknownKey: ['Nope'],
    });
    expect(reading.breaches).toHaveLength(10);
  });

  it('a composite schedule with too many decimals is kept', () => {
    const chargingSchedule = {
      chargingRateUnit: 'A',
      chargingSchedulePeriod: [{ startPeriod: 0, limit: 16.25 }],
    };
    const reading = readResponse('GetCompositeSchedule', { status: 'Accepted', chargingSchedule });
    expect(reading.value.chargingSchedule).toEqual(chargingSchedule);
    expect(rules(reading.breaches)).toEqual(['/chargingSchedule/chargingSchedulePeriod/0/limit precision']);
  });

  it('a station with one habit in thousands of samples does not fill the memory', () => {
    const reading = readRequest(
      'MeterValues',
      sampled(...Array.from({ length: 5_000 }, (_, value) => ({ value }))),
    );
    expect(reading.value.meterValue[0]?.sampledValue).toHaveLength(5_000);
    expect(reading.breaches).toHaveLength(maxBreaches);
  });

  it('a hostile field name changes no prototype', () => {
    const { value, breaches } = readRequest(
      'Heartbeat',
      JSON.parse('{"__proto__":{"polluted":1},"a/b~c":2}'),
    );
    expect('polluted' in value).toBe(false);
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    expect(rules(breaches)).toEqual(['/__proto__ unknown-field', '/a~1b~0c unknown-field']);
  });
});

describe('what makes no sense', () => {
  it.each<[string, ActionName16, unknown, string, string]>([
    ['Authorize without any tag', 'Authorize', {}, 'OccurenceConstraintViolation', '/idTag'],
    ['Authorize with null', 'Authorize', { idTag: null }, 'OccurenceConstraintViolation', '/idTag'],
    ['Authorize with an object as tag', 'Authorize', { idTag: {} }, 'TypeConstraintViolation', '/idTag'],
    [
      'a connector that is a word',
      'StartTransaction',
      { ...start, connectorId: 'abc' },
      'TypeConstraintViolation',
      '/connectorId',
    ],
    [
      'a connector that is true',
      'StatusNotification',
      { ...status, connectorId: true },
      'TypeConstraintViolation',
      '/connectorId',
    ],
    [
      'a connector beyond all numbers',
      'StatusNotification',
      { ...status, connectorId: 1e300 },
      'PropertyConstraintViolation',
      '/connectorId',
    ],
    [
      'a status notification without status',
      'StatusNotification',
      { ...status, status: null },
      'OccurenceConstraintViolation',
      '/status',
    ],
    ['a list as payload', 'Heartbeat', [], 'FormationViolation', ''],
    ['a text as payload', 'Heartbeat', 'x', 'FormationViolation', ''],
  ])('%s is answered with an error that names the field', (_what, action, payload, code, path) => {
    const error = refusal(() => readRequest(action, payload));
    expect(error.code).toBe(code);
    expect(error.details).toMatchObject({ path });
    expect(error.description).toContain(path === '' ? 'payload' : path);
  });

  it('an answer without its status is reported', () => {
    expect(refusal(() => readResponse('Reset', {})).description).toBe('Reset response: /status is missing');
  });
});

describe('the lenient reader', () => {
  const names = Object.keys(actions16).filter(isActionName16);
  const keepable = new Set(['enum', 'length', 'format', 'range', 'precision', 'unknown-field', 'required']);
  const distorted = fc.constantFrom(...names).chain((action) =>
    fc.tuple(
      fc.constant(action),
      fc.constantFrom(...samples[action].request).chain((sample) => {
        const fields = Object.fromEntries(
          Object.entries(sample).map(([name, value]) => [
            name,
            fc.oneof(
              fc.constant(value),
              fc.jsonValue(),
              fc.constantFrom('', null, '12', 3.7, true, [value], {}),
            ),
          ]),
        );
        return fc.record({ ...fields, ...{ extra: fc.jsonValue() } }, { requiredKeys: [] });
      }),
    ),
  );

  it('answers anything with a reading or an RpcError, and has nothing more to change in what it made', () => {
    fc.assert(
      fc.property(distorted, ([action, payload]) => {
        let value: unknown;
        try {
          ({ value } = readRequest(action, payload));
        } catch (error) {
          expect(error).toBeInstanceOf(RpcError);
          return;
        }
        const again = readRequest(action, value);
        expect(again.value).toEqual(value);
        for (const { rule } of again.breaches) expect(keepable).toContain(rule);
      }),
      { numRuns: 3_000 },
    );
  });

  it('does not mind any JSON at all', () => {
    fc.assert(
      fc.property(fc.constantFrom(...names), fc.jsonValue(), (action, payload) => {
        for (const read of [readRequest, readResponse]) {
          try {
            read(action, payload);
          } catch (error) {
            expect(error).toBeInstanceOf(RpcError);
          }
        }
      }),
      { numRuns: 1_000 },
    );
  });
});
