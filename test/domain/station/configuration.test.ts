import { describe, expect, it } from 'vitest';
import {
  type ConfigurationAnswer,
  type ConfigurationTemplate,
  desiredOf,
  emptyConfiguration,
  matches,
  nameOfMatch,
  type ReportedKey,
  reportedKeysMax,
  stateOf,
  withReported,
} from '../../../src/domain/station/configuration.js';
import { complaintAbout, isSameValue, standardKey } from '../../../src/domain/station/configuration-keys.js';

const key = 'HeartbeatInterval';
const station = { vendor: 'Acme', model: 'Box 22', firmwareVersion: '1.4.2' };

const reported = (value: string | null, change: Partial<ReportedKey> = {}): ReportedKey => ({
  key,
  value,
  readOnly: false,
  reportedAt: 50,
  ...change,
});

const answer = (status: string, change: Partial<ConfigurationAnswer> = {}): ConfigurationAnswer => ({
  key,
  value: '60',
  status,
  at: 100,
  readBack: false,
  ...change,
});

describe('how a desired value of 60 stands', () => {
  it.each([
    ['nothing is known yet', undefined, undefined, null, 'pending'],
    ['another value is reported', reported('300'), undefined, null, 'pending'],
    ['it is reported', reported('60'), undefined, null, 'applied'],
    ['it is reported in another spelling', reported(' 060 '), undefined, null, 'applied'],
    ['the key can only be read', reported('300', { readOnly: true }), undefined, null, 'rejected'],
    ['it can only be read, and is right', reported('60', { readOnly: true }), undefined, null, 'applied'],
    ['it was accepted, and nobody looked', reported('300'), answer('Accepted'), null, 'pending'],
    ['it was accepted and is there', reported('60'), answer('Accepted', { readBack: true }), null, 'applied'],
    [
      'it was accepted and is not there',
      reported('300'),
      answer('Accepted', { readBack: true }),
      null,
      'drifted',
    ],
    ['it cannot be read', reported(null), answer('Accepted', { readBack: true }), null, 'applied'],
    ['another value was accepted', reported('300'), answer('Accepted', { value: '300' }), null, 'pending'],
    ['a reboot is needed', reported('300'), answer('RebootRequired'), null, 'reboot-required'],
    [
      'a reboot is needed, and told too early',
      reported('60'),
      answer('RebootRequired'),
      99,
      'reboot-required',
    ],
    ['the reboot happened', reported('60'), answer('RebootRequired'), 101, 'applied'],
    ['the reboot happened in vain', reported('300'), answer('RebootRequired'), 101, 'pending'],
    ['it was rejected', reported('300'), answer('Rejected'), 99, 'rejected'],
    ['it was rejected before the last boot', reported('300'), answer('Rejected'), 101, 'pending'],
    ['the key is not there', undefined, answer('NotSupported'), null, 'not-supported'],
    ['another value was rejected', reported('300'), answer('Rejected', { value: '5' }), null, 'pending'],
    ['the station made up a word', reported('300'), answer('Perhaps'), null, 'pending'],
  ] as const)('%s', (_, has, said, bootedAt, state) => {
    expect(stateOf({ key, value: '60' }, has, said, bootedAt)).toBe(state);
  });
});

describe('a template', () => {
  it.each([
    [{}, true],
    [{ vendor: 'acme' }, true],
    [{ vendor: 'Acm' }, false],
    [{ vendor: 'A*' }, true],
    [{ model: '*22' }, true],
    [{ model: 'Box ??' }, true],
    [{ model: 'Box ?' }, false],
    [{ vendor: '*', model: '*', firmware: '1.*.2*' }, true],
    [{ firmware: '1.4' }, false],
    [{ firmware: '1.4.2.*' }, false],
    [{ vendor: 'Acme', firmware: '2.*' }, false],
  ])('that asks for %j fits: %j', (match, fits) => {
    expect(matches(match, station)).toBe(fits);
  });

  it('that asks for something fits no station that has not said it', () => {
    expect(matches({ vendor: '*' }, { vendor: null, model: null, firmwareVersion: null })).toBe(false);
  });

  it('of a hostile form takes no time', () => {
    const long = { ...station, model: 'a'.repeat(50_000) };
    expect(matches({ model: `${'*a'.repeat(49)}*b` }, long)).toBe(false);
  });

  it('is named by what it asks for', () => {
    expect(nameOfMatch({})).toBe('all stations');
    expect(nameOfMatch({ firmware: '1.*', vendor: 'Acme' })).toBe('vendor=Acme firmware=1.*');
  });
});

it('the more exact template wins, whatever the order, and what was applied to the station over all', () => {
  const templates: ConfigurationTemplate[] = [
    { match: { vendor: 'Acme', model: '*' }, configuration: { A: 'vendor and model', b: 'lower case' } },
    { match: { vendor: 'Acme' }, configuration: { A: 'vendor', B: 'vendor', C: 'vendor' } },
    { match: { vendor: 'A*' }, configuration: { C: 'wildcard' } },
    { match: {}, configuration: { A: 'all', D: 'all', E: 'all' } },
    { match: { vendor: 'Other' }, configuration: { E: 'not ours' } },
  ];
  for (const order of [templates, [...templates].reverse()]) {
    const desired = [...desiredOf(order, station, { D: 'own' }).values()];
    expect(Object.fromEntries(desired.map(({ key: name, value }) => [name, value]))).toEqual({
      A: 'vendor and model',
      b: 'lower case',
      C: 'vendor',
      D: 'own',
      E: 'all',
    });
    expect(desired.find(({ key: name }) => name === 'D')?.source).toBe('station');
  }
});

describe('what a station reports', () => {
  const entry = (name: string, value: string | null) => ({ key: name, value, readOnly: false });

  it('of all keys takes the place of what was known, of some is added', () => {
    const all = { entries: [entry('A', '1'), entry('B', '2')], isAll: true, at: 1 };
    const first = withReported(emptyConfiguration('u'), all);
    const some = withReported(first, { entries: [entry('a', '3')], unknown: ['b'], isAll: false, at: 2 });
    expect(some.reported).toEqual([{ key: 'a', value: '3', readOnly: false, reportedAt: 2 }]);
    expect(some.readAt).toBe(1);
    const again = withReported(some, { entries: [entry('C', '')], isAll: true, at: 3 });
    expect(again.reported.map((known) => known.key)).toEqual(['C']);
    expect(again.readAt).toBe(3);
  });

  it.each(['AuthorizationKey', 'AcmeWifiPassword', 'ApiToken'])('of %s never gets in', (name) => {
    const { reported: known } = withReported(emptyConfiguration('u'), {
      entries: [entry(name, 'hunter2')],
      isAll: true,
      at: 1,
    });
    expect(known).toEqual([{ key: name, value: '***', readOnly: false, reportedAt: 1 }]);
  });

  it('is kept up to a limit', () => {
    const entries = Array.from({ length: reportedKeysMax + 1 }, (_, i) => entry(`K${i}`, 'x'.repeat(9000)));
    const { reported: known } = withReported(emptyConfiguration('u'), { entries, isAll: true, at: 1 });
    expect(known).toHaveLength(reportedKeysMax);
    expect(known[0]?.value).toHaveLength(2500);
  });
});

describe('a value is checked before it is sent', () => {
  it.each([
    ['HeartbeatInterval', '300', undefined],
    ['heartbeatinterval', '0', undefined],
    ['HeartbeatInterval', '-1', 'takes a whole number of seconds, not "-1"'],
    ['HeartbeatInterval', '1.5', 'takes a whole number of seconds, not "1.5"'],
    ['HeartbeatInterval', '2147483648', 'takes a whole number of seconds, not "2147483648"'],
    ['HeartbeatInterval', '', 'takes a whole number of seconds, not ""'],
    ['LocalPreAuthorize', 'TRUE', undefined],
    ['LocalPreAuthorize', 'yes', 'takes true or false, not "yes"'],
    ['StopTxnSampledData', '', undefined],
    ['MeterValuesSampledData', 'Voltage.L1,SoC', undefined],
    ['MeterValuesSampledData', 'Voltage, SoC', undefined],
    ['MeterValuesSampledData', 'Voltage,,SoC', 'takes items separated by commas, not "Voltage,,SoC"'],
    ['MeterValuesSampledData', 'Voltage SoC', 'takes items separated by commas, not "Voltage SoC"'],
    ['NumberOfConnectors', '2', 'is set by stations and can only be read'],
    ['Acme.Colour', 'anything goes', undefined],
    ['Acme.Colour', 'x'.repeat(501), 'takes at most 500 characters'],
    ['CpoName', 'x'.repeat(501), 'takes at most 500 characters'],
  ])('%s=%s', (name, value, complaint) => {
    expect(complaintAbout(name, value)).toBe(complaint);
  });

  it.each([
    ['LocalPreAuthorize', 'True', 'true', true],
    ['MeterValuesSampledData', 'A, B', 'A,B', true],
    ['MeterValuesSampledData', 'B,A', 'A,B', false],
    ['HeartbeatInterval', '060', '60', true],
    ['Acme.Number', '060', '60', false],
    ['Acme.Flag', 'TRUE', 'true', true],
    ['CpoName', 'Acme', 'acme', false],
  ])('%s: %j and %j are the same: %j', (name, a, b, same) => {
    expect(isSameValue(name, a, b)).toBe(same);
  });

  it('knows what standard keys mean, and nothing of others', () => {
    expect(standardKey('AUTHORIZATIONKEY')?.type).toBe('text');
    expect(standardKey('Acme.Colour')).toBeUndefined();
    expect(standardKey('constructor')).toBeUndefined();
  });
});
