import type { TSchema } from '@sinclair/typebox';
import { KindGuard } from '@sinclair/typebox';
import { describe, expect, it } from 'vitest';
import { actions16, isActionName16 } from '../../../src/ocpp/v16/actions.js';
import {
  checkRequest,
  checkResponse,
  InvalidPayloadError,
  readRequest,
  readResponse,
} from '../../../src/ocpp/v16/validate.js';
import { samples } from './samples.js';

const cases = Object.keys(actions16)
  .filter(isActionName16)
  .flatMap((action) =>
    (['request', 'response'] as const).flatMap((part) =>
      samples[action][part].map((payload, at) => ({ action, part, payload, at })),
    ),
  );

type Case = (typeof cases)[number];

const check = ({ action, part }: Pick<Case, 'action' | 'part'>, payload: unknown): unknown =>
  part === 'request' ? checkRequest(action, payload) : checkResponse(action, payload);

const read = ({ action, part }: Pick<Case, 'action' | 'part'>, payload: unknown) =>
  part === 'request' ? readRequest(action, payload) : readResponse(action, payload);

function problem(run: () => unknown): InvalidPayloadError {
  try {
    run();
  } catch (error) {
    if (error instanceof InvalidPayloadError) return error;
    throw error;
  }
  throw new Error('accepted');
}

/** Every value that differs from `value` in one required field that is missing, with the path of that field. */
function* withoutOneField(
  schema: TSchema,
  value: unknown,
  path = '',
): Generator<{ path: string; payload: unknown }> {
  if (KindGuard.IsArray(schema) && Array.isArray(value)) {
    for (const [index, item] of value.entries()) {
      for (const found of withoutOneField(schema.items, item, `${path}/${index}`)) {
        yield { path: found.path, payload: value.with(index, found.payload) };
      }
    }
  }
  if (!KindGuard.IsObject(schema) || typeof value !== 'object' || value === null) return;
  for (const [name, field] of Object.entries(value)) {
    const { [name]: _left, ...rest } = { ...value } as Record<string, unknown>;
    if (schema.required?.includes(name)) yield { path: `${path}/${name}`, payload: rest };
    const inner = schema.properties[name];
    if (inner === undefined) continue;
    for (const found of withoutOneField(inner, field, `${path}/${name}`)) {
      yield { path: found.path, payload: { ...value, [name]: found.payload } };
    }
  }
}

describe('every message of OCPP 1.6', () => {
  it.each(cases)('$action $part $at is sent and read as it is', (sample) => {
    expect(check(sample, sample.payload)).toBe(sample.payload);
    const { value, breaches } = read(sample, sample.payload);
    expect(value).toBe(sample.payload);
    expect(breaches).toEqual([]);
  });

  it.each(cases)(
    '$action $part $at is not sent with a field too many or a required one too few',
    (sample) => {
      const extra = problem(() => check(sample, { ...sample.payload, extra: 1 }));
      expect(extra).toMatchObject({ path: '/extra', rule: 'unknown-field' });
      for (const { path, payload } of withoutOneField(
        actions16[sample.action][sample.part],
        sample.payload,
      )) {
        expect(problem(() => check(sample, payload))).toMatchObject({
          path,
          rule: 'required',
          detail: 'is missing',
        });
      }
    },
  );

  it.each(cases)('$action $part $at is not sent as a list, a text or nothing', (sample) => {
    for (const payload of [[sample.payload], 'text', 7, null, undefined]) {
      expect(problem(() => check(sample, payload))).toMatchObject({ path: '', rule: 'payload' });
    }
  });
});

describe('what a person reads who wrote a wrong payload', () => {
  const profile = (limit: number) => ({
    connectorId: 1,
    csChargingProfiles: {
      chargingProfileId: 1,
      stackLevel: 0,
      chargingProfilePurpose: 'TxProfile',
      chargingProfileKind: 'Relative',
      chargingSchedule: { chargingRateUnit: 'A', chargingSchedulePeriod: [{ startPeriod: 0, limit }] },
    },
  });

  it.each<[string, () => unknown]>([
    [
      'Reset request: /type is "Warm"; specified are Hard, Soft',
      () => checkRequest('Reset', { type: 'Warm' }),
    ],
    [
      'ChangeConfiguration request: /key has 51 characters, at most 50 are allowed',
      () => checkRequest('ChangeConfiguration', { key: 'k'.repeat(51), value: '' }),
    ],
    [
      'ChangeConfiguration request: /value is a number where a text is due',
      () => checkRequest('ChangeConfiguration', { key: 'HeartbeatInterval', value: 300 }),
    ],
    [
      'RemoteStopTransaction request: /transactionId is a text where an integer is due',
      () => checkRequest('RemoteStopTransaction', { transactionId: '7' }),
    ],
    [
      'UnlockConnector request: /connectorId is 0, less than 1',
      () => checkRequest('UnlockConnector', { connectorId: 0 }),
    ],
    [
      'UnlockConnector request: /connectorId is 1.5 where an integer is due',
      () => checkRequest('UnlockConnector', { connectorId: 1.5 }),
    ],
    [
      'GetDiagnostics request: /location is "/var/log", which is no URL',
      () => checkRequest('GetDiagnostics', { location: '/var/log' }),
    ],
    [
      'GetDiagnostics request: /location is "ftp://host/a b", which is no URL',
      () => checkRequest('GetDiagnostics', { location: 'ftp://host/a b' }),
    ],
    [
      'UpdateFirmware request: /retrieveDate is "2026-03-29T12:00:00", not complete ISO 8601 with a time zone',
      () => checkRequest('UpdateFirmware', { location: 'ftp://h/f', retrieveDate: '2026-03-29T12:00:00' }),
    ],
    [
      'SetChargingProfile request: /csChargingProfiles/chargingSchedule/chargingSchedulePeriod/0/limit is 16.25, more than one decimal',
      () => checkRequest('SetChargingProfile', profile(16.25)),
    ],
    ['ClearCache request: payload is a list where an object is due', () => checkRequest('ClearCache', [])],
    [
      'MeterValues request: /meterValue/0/sampledValue/0/unit is "Hertz", which may not be sent',
      () =>
        checkRequest('MeterValues', {
          connectorId: 1,
          meterValue: [{ timestamp: '2026-03-29T12:00:00Z', sampledValue: [{ value: '50', unit: 'Hertz' }] }],
        }),
    ],
  ])('%s', (message, run) => {
    expect(problem(run).message).toBe(message);
  });

  it('accepts every limit with one decimal, which dividing by 0.1 would not', () => {
    for (let tenths = 0; tenths <= 10_000; tenths += 1) {
      expect(() => checkRequest('SetChargingProfile', profile(tenths / 10))).not.toThrow();
      expect(() => checkRequest('SetChargingProfile', profile(tenths * 0.1))).not.toThrow();
    }
    expect(() => checkRequest('SetChargingProfile', profile(Number.NaN))).toThrow(InvalidPayloadError);
    expect(() => checkRequest('SetChargingProfile', profile(Number.POSITIVE_INFINITY))).toThrow(
      InvalidPayloadError,
    );
  });

  it('leaves out what is undefined', () => {
    expect(() => checkResponse('StopTransaction', { idTagInfo: undefined })).not.toThrow();
  });

  it('sends no integer that a number does not hold exactly', () => {
    expect(() =>
      checkResponse('GetLocalListVersion', { listVersion: Number.MAX_SAFE_INTEGER }),
    ).not.toThrow();
    expect(() => checkResponse('GetLocalListVersion', { listVersion: 1e300 })).toThrow(InvalidPayloadError);
  });
});
