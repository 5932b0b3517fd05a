import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  encodeCall,
  encodeError,
  encodeResult,
  type Frame,
  harmlessLength,
  maxDepth,
  maxReceivedIdLength,
  parseFrame,
} from '../../src/ocpp/frame.js';
import { cpuMsOf } from '../helpers/cpu-time.js';

const nested = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`;

describe('parseFrame', () => {
  it.each<[string, Frame]>([
    [
      '[2,"19223201","BootNotification",{"chargePointVendor":"V"}]',
      {
        kind: 'call',
        id: '19223201',
        wireId: '19223201',
        action: 'BootNotification',
        payload: { chargePointVendor: 'V' },
      },
    ],
    ['[3,"1",{"a":1}]', { kind: 'result', id: '1', payload: { a: 1 } }],
    [
      '[4,"1","NotSupported","no",{"a":1}]',
      { kind: 'error', id: '1', code: 'NotSupported', description: 'no', details: { a: 1 } },
    ],
    ['  [3 , "1" , {} ]\r\n', { kind: 'result', id: '1', payload: {} }],
  ])('reads %s', (text, frame) => {
    expect(parseFrame(text)).toEqual(frame);
  });

  it.each<[string, string, Frame]>([
    [
      'a null payload, which some stations send for an empty one',
      '[2,"1","Heartbeat",null]',
      { kind: 'call', id: '1', wireId: '1', action: 'Heartbeat', payload: {} },
    ],
    [
      'a call without any payload',
      '[2,"1","Heartbeat"]',
      { kind: 'call', id: '1', wireId: '1', action: 'Heartbeat', payload: {} },
    ],
    ['an answer with null', '[3,"1",null]', { kind: 'result', id: '1', payload: {} }],
    ['an answer without payload', '[3,"1"]', { kind: 'result', id: '1', payload: {} }],
    [
      'an error of three elements',
      '[4,"1","GenericError"]',
      { kind: 'error', id: '1', code: 'GenericError', description: '', details: {} },
    ],
    [
      'an error of four elements',
      '[4,"1","GenericError","why"]',
      { kind: 'error', id: '1', code: 'GenericError', description: 'why', details: {} },
    ],
    [
      'an error with null everywhere',
      '[4,"1",null,null,null]',
      { kind: 'error', id: '1', code: 'GenericError', description: '', details: {} },
    ],
    [
      'an error whose details are a text',
      '[4,"1","GenericError","","details"]',
      { kind: 'error', id: '1', code: 'GenericError', description: '', details: {} },
    ],
    [
      'an error code of a vendor',
      '[4,"1","OutOfCoffee","",{}]',
      { kind: 'error', id: '1', code: 'OutOfCoffee', description: '', details: {} },
    ],
    [
      'the corrected spelling of FormationViolation',
      '[4,"1","FormatViolation","",{}]',
      { kind: 'error', id: '1', code: 'FormationViolation', description: '', details: {} },
    ],
    [
      'the corrected spelling of OccurenceConstraintViolation',
      '[4,"1","OccurrenceConstraintViolation","",{}]',
      { kind: 'error', id: '1', code: 'OccurenceConstraintViolation', description: '', details: {} },
    ],
    [
      'a numeric id, told apart from the text',
      '[2,42,"Heartbeat",{}]',
      { kind: 'call', id: '42', wireId: 42, action: 'Heartbeat', payload: {} },
    ],
    ['a numeric id in an answer', '[3,42,{}]', { kind: 'result', id: '42', payload: {} }],
    [
      'an id longer than 36 characters',
      `[2,"${'x'.repeat(maxReceivedIdLength)}","Heartbeat",{}]`,
      {
        kind: 'call',
        id: 'x'.repeat(maxReceivedIdLength),
        wireId: 'x'.repeat(maxReceivedIdLength),
        action: 'Heartbeat',
        payload: {},
      },
    ],
    [
      'surplus elements',
      '[2,"1","Heartbeat",{},"signature"]',
      { kind: 'call', id: '1', wireId: '1', action: 'Heartbeat', payload: {} },
    ],
    ['an unknown message type', '[5,"1",{}]', { kind: 'unknown', messageType: 5 }],
  ])('tolerates %s', (_what, text, frame) => {
    expect(parseFrame(text)).toEqual(frame);
  });

  it.each<[string, string, string | undefined, 'call' | 'answer' | undefined]>([
    ['an empty text', '', undefined, undefined],
    ['blanks', '  \n', undefined, undefined],
    ['no JSON', 'hello', undefined, undefined],
    ['an object', '{"a":1}', undefined, undefined],
    ['a number', '2', undefined, undefined],
    ['an empty list', '[]', undefined, undefined],
    ['a text as message type', '["2","1","Heartbeat",{}]', undefined, undefined],
    ['a call without an id', '[2]', undefined, 'call'],
    ['an id that is an object', '[2,{},"Heartbeat",{}]', undefined, 'call'],
    ['an id that is null', '[2,null,"Heartbeat",{}]', undefined, 'call'],
    ['an id too large to be echoed', '[2,12345678901234567890,"Heartbeat",{}]', undefined, 'call'],
    ['an id longer than anything', `[2,"${'x'.repeat(256)}","Heartbeat",{}]`, undefined, 'call'],
    ['a call without an action', '[2,"1"]', '1', 'call'],
    ['an action that is a number', '[2,"1",7,{}]', '1', 'call'],
    ['a payload that is a list', '[2,"1","Heartbeat",[]]', '1', 'call'],
    ['a payload that is a text', '[2,"1","Heartbeat","{}"]', '1', 'call'],
    ['JSON that breaks off after the id', '[2,"1","Heartbeat",{"a":', '1', 'call'],
    ['JSON with a comma too many', ' [ 2 , "1" , "Heartbeat" , {}, ]', '1', 'call'],
    ['broken JSON with a numeric id', '[2,17,"Heartbeat",{a}]', '17', 'call'],
    ['a broken answer', '[3,"1",{"a":', '1', 'answer'],
    ['an answer that is a text', '[3,"1","ok"]', '1', 'answer'],
    ['an error of two elements', '[4,"1"]', '1', 'answer'],
    ['an answer without an id', '[3]', undefined, 'answer'],
  ])('says what is malformed: %s', (_what, text, id, of) => {
    const frame = parseFrame(text);
    expect(frame).toMatchObject({ kind: 'malformed', code: 'FormationViolation' });
    expect(frame).toEqual(expect.objectContaining({ reason: expect.any(String) }));
    expect('id' in frame ? frame.id : undefined).toBe(id);
    expect('of' in frame ? frame.of : undefined).toBe(of);
  });

  it('keeps the number of a malformed call with a numeric id, for the answer', () => {
    expect(parseFrame('[2,17,"Heartbeat",{a}]')).toMatchObject({ id: '17', wireId: 17 });
    expect(parseFrame('[2,17,"Heartbeat",3]')).toMatchObject({ id: '17', wireId: 17 });
  });

  it('accepts nesting up to the limit and no deeper', () => {
    // The frame, the payload and its field are three levels.
    const frame = (levels: number) =>
      `[2,"1","DataTransfer",{"data":${nested(levels - 2)}${' '.repeat(harmlessLength)}}]`;
    expect(parseFrame(frame(maxDepth)).kind).toBe('call');
    expect(parseFrame(frame(maxDepth + 1))).toMatchObject({ kind: 'malformed', id: '1', of: 'call' });
  });

  it('does not mind the nesting of what is too short to be a burden', () => {
    expect(parseFrame(`[2,"1","DataTransfer",{"data":${nested(450)}}]`).kind).toBe('call');
  });

  it('does not take brackets inside texts for nesting', () => {
    const data = `${'[{'.repeat(500)}\\"${'['.repeat(500)}\\\\`;
    expect(parseFrame(`[2,"1","DataTransfer",{"data":"${data}","more":[[]]}]`).kind).toBe('call');
  });

  it('accepts a long flat list', () => {
    const values = Array.from({ length: 5_000 }, (_, at) => `{"value":"${at}"}`);
    expect(parseFrame(`[2,"1","MeterValues",{"x":[${values}]}]`).kind).toBe('call');
  });

  it('is not impressed by eight million brackets', () => {
    const tookMs = cpuMsOf(() => {
      expect(parseFrame('['.repeat(8_000_000)).kind).toBe('malformed');
      expect(parseFrame(`[2,"1","A",${'{"a":'.repeat(1_600_000)}`)).toMatchObject({
        kind: 'malformed',
        id: '1',
      });
    });
    expect(tookMs).toBeLessThan(2_000);
  });

  it('pollutes no prototype', () => {
    const frame = parseFrame(
      '[2,"1","DataTransfer",{"__proto__":{"polluted":1},"constructor":{"prototype":{"x":1}}}]',
    );
    expect(frame.kind).toBe('call');
    expect(Object.hasOwn({}, 'polluted')).toBe(false);
    expect('polluted' in {}).toBe(false);
    expect(frame.kind === 'call' && 'polluted' in frame.payload).toBe(false);
  });

  it('never throws, whatever the text', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => void parseFrame(text)));
    const pieces = ['[', ']', '{', '}', '"', ',', ':', '2', '3', '4', 'null', '\\', 'id', ' ', '1e400', '-0'];
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...pieces), { maxLength: 40 }),
        (parts) => void parseFrame(parts.join('')),
      ),
      { numRuns: 2_000 },
    );
  });

  it('never throws, whatever the JSON, and gives objects as payloads only', () => {
    const anyFrame = fc.tuple(
      fc.constantFrom(2, 3, 4, 5, '2', null),
      fc.jsonValue(),
      fc.jsonValue(),
      fc.jsonValue(),
    );
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), anyFrame), (value) => {
        const frame = parseFrame(JSON.stringify(value));
        const payload = frame.kind === 'call' || frame.kind === 'result' ? frame.payload : {};
        expect(Array.isArray(payload)).toBe(false);
        expect(typeof payload).toBe('object');
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('encoding', () => {
  const ids = fc.string({ minLength: 1, maxLength: 36, unit: 'binary' });
  const payloads = fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 5 })).map((payload) => {
    // As it arrives: JSON knows no -0.
    return JSON.parse(JSON.stringify(payload)) as Record<string, unknown>;
  });

  it('is undone by parsing', () => {
    fc.assert(
      fc.property(ids, fc.string({ minLength: 1 }), payloads, (id, action, payload) => {
        expect(parseFrame(encodeCall(id, action, payload))).toEqual({
          kind: 'call',
          id,
          wireId: id,
          action,
          payload,
        });
        expect(parseFrame(encodeResult(id, payload))).toEqual({ kind: 'result', id, payload });
        const error = { code: 'SecurityError', description: action.slice(0, 255), details: payload };
        expect(parseFrame(encodeError(id, error))).toEqual({ kind: 'error', id, ...error });
      }),
    );
  });

  it('echoes a numeric id as a number and a long one in full', () => {
    expect(encodeResult(42, {})).toBe('[3,42,{}]');
    expect(encodeError(42, { code: 'GenericError' })).toBe('[4,42,"GenericError","",{}]');
    expect(encodeResult('x'.repeat(50), {})).toBe(`[3,"${'x'.repeat(50)}",{}]`);
  });

  it('sends no id of its own that is empty or too long', () => {
    expect(encodeCall('x'.repeat(36), 'Heartbeat', {})).toContain('Heartbeat');
    expect(() => encodeCall('x'.repeat(37), 'Heartbeat', {})).toThrow(RangeError);
    expect(() => encodeCall('', 'Heartbeat', {})).toThrow(RangeError);
  });

  it('sends no payload that is no object', () => {
    const list: unknown = [];
    expect(() => encodeResult('1', list as Record<string, unknown>)).toThrow(TypeError);
    expect(() => encodeCall('1', 'Heartbeat', JSON.parse('null'))).toThrow(TypeError);
  });

  it('spells the codes as the protocol version does', () => {
    const sent = (code: string, spelling: '1.6' | '2.x') =>
      JSON.parse(encodeError('1', { code }, spelling))[2];
    expect(sent('FormationViolation', '1.6')).toBe('FormationViolation');
    expect(sent('FormationViolation', '2.x')).toBe('FormatViolation');
    expect(sent('OccurenceConstraintViolation', '1.6')).toBe('OccurenceConstraintViolation');
    expect(sent('OccurenceConstraintViolation', '2.x')).toBe('OccurrenceConstraintViolation');
    expect(sent('MessageTypeNotSupported', '1.6')).toBe('GenericError');
    expect(sent('MessageTypeNotSupported', '2.x')).toBe('MessageTypeNotSupported');
    expect(sent('RpcFrameworkError', '1.6')).toBe('FormationViolation');
    expect(sent('OutOfCoffee', '1.6')).toBe('GenericError');
  });

  it('cuts a description at 255 characters', () => {
    expect(
      JSON.parse(encodeError('1', { code: 'GenericError', description: 'd'.repeat(256) }))[3],
    ).toHaveLength(255);
  });
});
