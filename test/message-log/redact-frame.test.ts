import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { maskCredentials } from '../../src/domain/secret-texts.js';
import { FrameLines, frameMaxLength } from '../../src/message-log/frame-line.js';
import { isHarmless, redactFrame } from '../../src/message-log/redact-frame.js';
import { cpuMsOf } from '../helpers/cpu-time.js';

type Kind = 'call' | 'result' | 'error' | 'other';

const secret = fc.stringMatching(/^[A-Za-z0-9!$%&()*+,;=_~/-]{8,40}$/).map((text) => `Zq${text}9X`);
const keyName = fc.constantFrom(
  'AuthorizationKey',
  'authorizationkey',
  'AdminPassword',
  'WiFiPwd',
  'wpaPassphrase',
  'ApiToken',
  'clientSecret',
  'PreSharedKey',
  'vendor.psk',
  'SimPin',
);
const call = (action: string, payload: unknown) => ({
  kind: 'call' as Kind,
  action,
  text: JSON.stringify([2, 'id-1', action, payload]),
});
const result = (action: string | undefined, payload: unknown) => ({
  kind: 'result' as Kind,
  action,
  text: JSON.stringify([3, 'id-1', payload]),
});

/** Every place where a secret is looked for. */
const places = fc.tuple(secret, keyName).chain(([value, name]) => {
  const url = fc
    .constantFrom(
      `ftp://ada:${value}@host/logs`,
      `https://${value}@host:8443/x?y=a@b`,
      `sftp://a:b@${value}@host/`,
    )
    .map((text) => [value, text] as const);
  const plain = [
    call('ChangeConfiguration', { key: name, value }),
    call('ChangeConfiguration', { value, key: name }),
    call('changeConfiguration', { Key: name, Value: value, extra: value }),
    result('GetConfiguration', {
      configurationKey: [
        { key: 'HeartbeatInterval', readonly: false, value: '300' },
        { key: name, readonly: false, value },
      ],
    }),
    result(undefined, { configurationKey: [{ key: name, value }] }),
    call('DataTransfer', { vendorId: 'acme', messageId: 'Setup', data: JSON.stringify({ [name]: value }) }),
    call('DataTransfer', { vendorId: 'acme', data: JSON.stringify({ a: [{ name, value }] }) }),
    call('DataTransfer', { vendorId: 'acme', data: JSON.stringify(JSON.stringify({ [name]: value })) }),
    call('DataTransfer', { vendorId: 'acme', data: `user=ada;${name}=${value}` }),
    call('DataTransfer', { vendorId: 'acme', data: `<${name}>${value}</${name}>` }),
    call('DataTransfer', { vendorId: 'acme', messageId: `Set${name}`, data: value }),
    call('DataTransfer', { vendorId: 'acme', data: { [name]: { deep: [value] } } }),
    result('DataTransfer', { status: 'Accepted', data: JSON.stringify({ [name]: value }) }),
    call('VendorSpecial', { [name]: value }),
    {
      kind: 'error' as Kind,
      action: 'ChangeConfiguration',
      text: JSON.stringify([4, 'id-1', 'GenericError', '', { key: name, value }]),
    },
  ];
  const torn = plain.flatMap(({ text }) => [
    { kind: 'other' as Kind, action: undefined, text: text.slice(0, -1) },
    { kind: 'other' as Kind, action: undefined, text: `x${text}` },
    { kind: 'other' as Kind, action: undefined, text: text.replaceAll('"', "'") },
  ]);
  const urls = url.map(([, location]) => [
    call('GetDiagnostics', { location }),
    call('UpdateFirmware', { location, retrieveDate: '2026-01-01T00:00:00Z' }),
    call('GetLog', { logType: 'SecurityLog', requestId: 1, log: { remoteLocation: location } }),
    call('SignedUpdateFirmware', { requestId: 1, firmware: { location } }),
    call('SecurityEventNotification', { type: 'x', techInfo: `failed: ${location}` }),
    call('StatusNotification', { connectorId: 1, info: location }),
    call('DataTransfer', { vendorId: 'v', data: `fetch ${location} now` }),
    {
      kind: 'call' as Kind,
      action: 'GetDiagnostics',
      text: `[2,"1","GetDiagnostics",{"location":"${location.replaceAll('/', '\\/')}"}]`,
    },
    { kind: 'other' as Kind, action: undefined, text: `[2,"1","GetDiagnostics",{"location":"${location}"` },
    {
      kind: 'other' as Kind,
      action: undefined,
      text: `[2,"1","GetLog",{"x":"${location.replaceAll('/', '\\/')}"`,
    },
  ]);
  return urls.chain((those) =>
    fc.constantFrom(...plain, ...torn, ...those).map((frame) => ({ value, ...frame })),
  );
});

it('no secret gets through, wherever it stands', () => {
  fc.assert(
    fc.property(places, ({ value, kind, action, text }) => {
      expect(text.replaceAll('\\/', '/')).toContain(value);
      const line = new FrameLines().line(0, 'CP1', 'in', kind, action, 'id-1', text, undefined);
      expect(line).not.toContain(value);
      expect(line.replaceAll('\\', '')).not.toContain(value);
      JSON.parse(line);
    }),
    { numRuns: 3000 },
  );
});

it('what is redacted stays JSON, and redacting again changes nothing', () => {
  fc.assert(
    fc.property(places, ({ kind, action, text }) => {
      const redacted = redactFrame(kind, action, text);
      if (kind !== 'other') JSON.parse(redacted);
      expect(redactFrame(kind, action, redacted)).toBe(redacted);
    }),
  );
});

it('never fails, whatever the text', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.json()), (text) => {
      for (const kind of ['call', 'error', 'other'] as const) {
        expect(typeof redactFrame(kind, 'DataTransfer', text)).toBe('string');
      }
    }),
    { numRuns: 50 },
  );
});

describe('what is no secret stays as it is', () => {
  it.each([
    call('ChangeConfiguration', { key: 'HeartbeatInterval', value: '300' }),
    call('GetConfiguration', { key: ['AuthorizationKey', 'HeartbeatInterval'] }),
    result('GetConfiguration', {
      configurationKey: [{ key: 'GetConfigurationMaxKeys', readonly: true, value: '50' }],
      unknownKey: ['ApiToken'],
    }),
    result('GetConfiguration', { configurationKey: [{ key: 'AuthorizationKey', readonly: false }] }),
    call('GetDiagnostics', { location: 'ftp://host/logs' }),
    call('StatusNotification', { connectorId: 1, errorCode: 'NoError', status: 'Available', info: 'a@b' }),
    call('DeleteCertificate', { certificateHashData: { issuerKeyHash: 'ab12', serialNumber: '1' } }),
    call('DataTransfer', { vendorId: 'acme', messageId: 'Prices', data: '{"perKwh":0.3,"currency":"EUR"}' }),
    call('BootNotification', { chargePointVendor: 'Acme', chargePointModel: 'Box' }),
    { kind: 'other' as Kind, action: undefined, text: '[2,"x1","Heartbeat",{' },
    { kind: 'other' as Kind, action: undefined, text: 'hello' },
  ])('$text', ({ kind, action, text }) => {
    expect(redactFrame(kind, action, text)).toBe(text);
  });
});

it('the rest of a frame with a secret can still be read', () => {
  const shown = ({ kind, action, text }: { kind: Kind; action: string | undefined; text: string }) =>
    redactFrame(kind, action, text);
  expect(shown(call('ChangeConfiguration', { key: 'AuthorizationKey', value: 'topsecret' }))).toBe(
    '[2,"id-1","ChangeConfiguration",{"key":"AuthorizationKey","value":"***"}]',
  );
  expect(shown(call('GetDiagnostics', { location: 'ftp://ada:secret@host/logs' }))).toBe(
    '[2,"id-1","GetDiagnostics",{"location":"ftp://***@host/logs"}]',
  );
  expect(shown({ kind: 'other', action: undefined, text: '[2,"a1","DataTransfer",{"password":"x' })).toBe(
    '[2,"a1","DataTransfer"***',
  );
});

it('a frame that is too long to look through keeps nothing that could be a secret', () => {
  const padding = 'x'.repeat(frameMaxLength);
  const lines = new FrameLines();
  const line = (action: string, payload: unknown) =>
    lines.line(0, 'CP1', 'in', 'call', action, 'id', JSON.stringify([2, 'id', action, payload]), undefined);
  expect(line('DataTransfer', { value: 'topsecret', key: 'AuthorizationKey', padding })).not.toContain(
    'topsecret',
  );
  expect(line('SendLocalList', { padding: '', location: 'ftp://a:topsecret@h', p: padding })).not.toContain(
    'topsecret',
  );
  expect(JSON.parse(line('StopTransaction', { transactionId: 7, padding })).frame).toContain(
    '"transactionId":7',
  );
});

it('the frames that make up the load are not even parsed', () => {
  expect(isHarmless('call', 'MeterValues', '[2,"1","MeterValues",{}]')).toBe(true);
  expect(isHarmless('result', 'Heartbeat', '[3,"1",{}]')).toBe(true);
  expect(
    isHarmless('call', 'StatusNotification', '[2,"1","StatusNotification",{"info":"ftp://a:b@c"}]'),
  ).toBe(false);
  expect(isHarmless('result', undefined, '[3,"1",{}]')).toBe(false);
});

it('takes linear time for texts that were made to take long', () => {
  const tookMs = cpuMsOf(() => {
    for (const text of ['://', 'a', 'key', 'pass', 'http://a@', '[', '{"key":', '"', 'password ']) {
      const long = text.repeat(Math.ceil(frameMaxLength / text.length)).slice(0, frameMaxLength);
      maskCredentials(`${long}@`);
      redactFrame('other', undefined, long);
      redactFrame('call', 'DataTransfer', JSON.stringify([2, '1', 'DataTransfer', { data: long }]));
      redactFrame('call', 'DataTransfer', JSON.stringify([2, '1', 'DataTransfer', { data: `${long}@` }]));
    }
  });
  expect(tookMs).toBeLessThan(2000);
});

it('where a station fetches or brings a file is not told to whoever reads the log', () => {
  const location = 'http://10.0.0.1:9220/files/cf86d1d775-67209b058eb417b2f41bff007b077be3/box-1.5.bin';
  const text = JSON.stringify([2, 'id-1', 'UpdateFirmware', { location }]);
  expect(redactFrame('call', 'UpdateFirmware', text)).toBe(
    '[2,"id-1","UpdateFirmware",{"location":"http://10.0.0.1:9220/files/***/box-1.5.bin"}]',
  );
  expect(maskCredentials('http://host/files/handbook.pdf')).toBe('http://host/files/handbook.pdf');
});

it.each([
  ['error', [4, 'id-1', 'PropertyConstraintViolation', 'AuthorizationKey KEY is too long', {}]],
  ['error', [4, 'id-1', 'PropertyConstraintViolation', 'too long: KEY', { value: 'KEY' }]],
  ['call', [2, 'id-1', 'SecurityEventNotification', { techInfo: 'AuthorizationKey KEY was set' }]],
  ['call', [2, 'id-1', 'DataTransfer', { data: 'see: -----BEGIN EC PRIVATE KEY-----\nKEY' }]],
] as [Kind, unknown[]][])('a key that a station repeats is masked: %s %j', (kind, frame) => {
  const key = 'eda3089ee02823896a40a2afc9c172383cfbc5cf';
  const redacted = redactFrame(
    kind,
    undefined,
    JSON.stringify(frame).replaceAll('KEY', key).replaceAll(`PRIVATE ${key}`, 'PRIVATE KEY'),
  );
  expect(redacted).not.toContain(key);
  expect(redacted).toContain('***');
});

it('the id of an error, and numbers and hashes of certificates, are no keys', () => {
  const id = 'eda3089ee02823896a40a2afc9c17238';
  const error = JSON.stringify([4, id, 'GenericError', 'no', {}]);
  expect(redactFrame('error', undefined, error)).toBe(error);
  const data = { hashAlgorithm: 'SHA256', issuerNameHash: id, issuerKeyHash: id, serialNumber: id };
  const answer = JSON.stringify([3, 'id-1', { status: 'Accepted', certificateHashData: [data] }]);
  expect(redactFrame('result', 'GetInstalledCertificateIds', answer)).toBe(answer);
});
