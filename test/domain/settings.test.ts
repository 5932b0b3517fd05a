import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseBytes, writeBytes } from '../../src/domain/bytes.js';
import { parseDuration, writeDuration } from '../../src/domain/duration.js';
import { FleetError } from '../../src/domain/errors.js';
import * as kinds from '../../src/domain/setting-kinds.js';
import {
  canonicalValue,
  describeSetting,
  effectiveSettings,
  settingKeys,
  toSettingKey,
} from '../../src/domain/settings.js';

function refusal(work: () => unknown): FleetError {
  try {
    work();
  } catch (error) {
    if (error instanceof FleetError) return error;
  }
  throw new Error('it was not refused');
}

describe('sizes', () => {
  it.each([
    ['64MiB', 67_108_864],
    ['64 mib', 67_108_864],
    ['1.5GiB', 1_610_612_736],
    ['1KiB', 1024],
    ['500kB', 500_000],
    ['2MB', 2_000_000],
    ['3GB', 3_000_000_000],
    ['4096', 4096],
    ['12B', 12],
    ['0', 0],
  ])('%s is %d bytes', (text, bytes) => {
    expect(parseBytes(text)).toBe(bytes);
  });

  it.each(['', 'MiB', '-1', '1e3', '1.', '1 TiB', '0x10', '99999999999GiB'])('%j is none', (text) => {
    expect(parseBytes(text)).toBeUndefined();
  });

  it('are written so that they are read again', () => {
    expect([0, 1, 1000, 1024, 1536, 2 ** 26, 2 ** 30].map(writeBytes)).toEqual([
      '0B',
      '1B',
      '1000B',
      '1KiB',
      '1536B',
      '64MiB',
      '1GiB',
    ]);
    fc.assert(fc.property(fc.maxSafeNat(), (bytes) => parseBytes(writeBytes(bytes)) === bytes));
  });
});

it('durations are written so that they are read again', () => {
  expect(
    ['720h', '90m', '1500ms', '0s', '36h'].map((text) => writeDuration(parseDuration(text) ?? -1)),
  ).toEqual(['30d', '1h30m', '1s500ms', '0s', '1d12h']);
  fc.assert(fc.property(fc.nat({ max: 1e13 }), (ms) => parseDuration(writeDuration(ms)) === ms));
});

/** How a kind writes what it reads; undefined when it does not take the text. */
const rewriter =
  <T>(kind: kinds.SettingKind<T>) =>
  (text: string) => {
    const value = kind.parse(text);
    return value === undefined ? undefined : kind.format(value);
  };

describe('kinds of settings', () => {
  it.each([
    {
      name: 'a duration',
      rewrite: rewriter(kinds.duration({ min: '1d', max: '2d' })),
      taken: { '24h': '1d', '2d': '2d', '1d12h': '1d12h' },
      refused: ['', '23h', '2d1ms', '30', 'never'],
    },
    {
      name: 'an integer',
      rewrite: rewriter(kinds.integer({ min: 1, max: 9 })),
      taken: { '1': '1', '009': '9' },
      refused: ['', '0', '10', '1.5', '-1', '1e0'],
    },
    {
      name: 'a size',
      rewrite: rewriter(kinds.bytes({ min: '1MiB', max: '1GiB' })),
      taken: { '1024KiB': '1MiB', '1 GiB': '1GiB' },
      refused: ['', '1048575', '1073741825', '1TiB'],
    },
    {
      name: 'a time of day',
      rewrite: rewriter(kinds.timeOfDayOrOff),
      taken: { '03:30': '03:30', '3:30': '03:30', '00:00': '00:00', '23:59': '23:59', off: 'off' },
      refused: ['', '24:00', '12:60', '3', '03:30:00', '3pm'],
    },
    {
      name: 'a path',
      rewrite: rewriter(kinds.absolutePath),
      taken: { '/': '/', '/srv/my backups': '/srv/my backups' },
      refused: ['', 'backups', '~/backups', '/a\nb'],
    },
    {
      name: 'a text',
      rewrite: rewriter(kinds.text({ maxLength: 3 })),
      taken: { '': '', abc: 'abc', 'ü €': 'ü €' },
      refused: ['abcd', 'a\tb'],
    },
    {
      name: 'a switch',
      rewrite: rewriter(kinds.onOrOff),
      taken: { on: 'on', off: 'off' },
      refused: ['', 'yes', 'true', '1'],
    },
  ])('$name takes what it should, and nothing else', ({ rewrite, taken, refused }) => {
    for (const [text, written] of Object.entries(taken)) expect(rewrite(text), text).toBe(written);
    for (const text of refused) expect(rewrite(text), text).toBeUndefined();
  });
});

describe('the catalogue', () => {
  it('has the defaults that are documented', () => {
    expect(
      Object.fromEntries(settingKeys.map((key) => [key, describeSetting(key, new Map()).value])),
    ).toEqual({
      'retention.samples': '30d',
      'retention.events': '90d',
      'retention.connections': '90d',
      'retention.faults': '365d',
      'retention.audit': '730d',
      'retention.reservations': '365d',
      'local-list.auto': 'off',
      'retention.max-rows': '1000000',
      'diagnostics.retention': '90d',
      'diagnostics.max-size': '100MiB',
      'server.public-url': '',
      'server.ftp-url': '',
      'messages.retention': '30d',
      'messages.max-size': '1GiB',
      'retention.outbox': '30d',
      'retention.alarms': '365d',
      'alarms.not-registered-after': '1h',
      'alarms.digest-time': '08:00',
      'mail.host': '',
      'mail.port': '',
      'mail.secure': 'starttls',
      'mail.ca-file': '',
      'mail.user': '',
      'mail.password': '',
      'mail.from': '',
      'mail.reply-to': '',
      'mail.max-connections': '3',
      'mail.language': 'en',
      'mail.rate-per-minute': '100',
      'webhook.secret': '',
      'webhook.allow-private': 'off',
      'certificates.validity': '365d',
      'certificates.renew-before': '30d',
      'security.organization': '',
      'backup.time': 'off',
      'backup.directory': '',
      'backup.keep': '7',
      'store.compact-bytes': '64MiB',
      'store.compact-segments': '8',
    });
    expect(effectiveSettings(new Map())).toEqual({
      'retention.samples': 30 * 86_400_000,
      'retention.events': 90 * 86_400_000,
      'retention.connections': 90 * 86_400_000,
      'retention.faults': 365 * 86_400_000,
      'retention.audit': 730 * 86_400_000,
      'retention.reservations': 365 * 86_400_000,
      'retention.outbox': 30 * 86_400_000,
      'retention.alarms': 365 * 86_400_000,
      'alarms.not-registered-after': 3_600_000,
      'alarms.digest-time': { hour: 8, minute: 0 },
      'mail.host': undefined,
      'mail.port': undefined,
      'mail.secure': 'starttls',
      'mail.ca-file': undefined,
      'mail.user': undefined,
      'mail.password': undefined,
      'mail.from': undefined,
      'mail.reply-to': undefined,
      'mail.max-connections': 3,
      'mail.language': 'en',
      'mail.rate-per-minute': 100,
      'webhook.secret': undefined,
      'webhook.allow-private': false,
      'local-list.auto': false,
      'retention.max-rows': 1_000_000,
      'diagnostics.retention': 90 * 86_400_000,
      'diagnostics.max-size': 100 * 2 ** 20,
      'server.public-url': undefined,
      'server.ftp-url': undefined,
      'messages.retention': 30 * 86_400_000,
      'messages.max-size': 2 ** 30,
      'certificates.validity': 365 * 86_400_000,
      'certificates.renew-before': 30 * 86_400_000,
      'security.organization': undefined,
      'backup.time': 'off',
      'backup.directory': undefined,
      'backup.keep': 7,
      'store.compact-bytes': 64 * 2 ** 20,
      'store.compact-segments': 8,
    });
  });

  it.each(settingKeys)('%s says on a line what it is and has a default in its own form', (key) => {
    const { default: fallback, description } = describeSetting(key, new Map());
    expect(description).toMatch(/^[A-Z].{10,70}[^.]$/);
    if (fallback !== '') expect(canonicalValue(key, fallback)).toBe(fallback);
  });

  it('puts what is stored before the default, unless it cannot be read any more', () => {
    const stored = new Map([
      ['backup.time', '03:30'],
      ['backup.keep', 'seven'],
      ['of.the-past', '1'],
    ]);
    expect(effectiveSettings(stored)).toMatchObject({
      'backup.time': { hour: 3, minute: 30 },
      'backup.keep': 7,
    });
    expect(describeSetting('backup.time', stored)).toMatchObject({
      value: '03:30',
      origin: 'store',
      default: 'off',
    });
    expect(describeSetting('backup.keep', stored)).toMatchObject({ value: '7', origin: 'default' });
  });

  it('names what is near an unknown setting', () => {
    expect(refusal(() => toSettingKey('retention.sample')).suggestions[0]).toBe(
      'Did you mean retention.samples?',
    );
    const unknown = refusal(() => toSettingKey('colour'));
    expect(unknown.code).toBe('USAGE');
    expect(unknown.suggestions).toEqual(['evfleet settings show']);
    expect(refusal(() => toSettingKey('toString')).code).toBe('USAGE');
  });

  it('names what is accepted instead of a wrong value', () => {
    const error = refusal(() => canonicalValue('retention.samples', '30'));
    expect(error.code).toBe('USAGE');
    expect(error.message).toBe('retention.samples takes a duration with units from 1d to 36500d, not "30".');
    expect(error.suggestions).toEqual(['evfleet settings set retention.samples=30d']);
    expect(refusal(() => canonicalValue('backup.directory', 'here')).message).toContain('an absolute path');
  });
});

describe('the addresses that stations are told', () => {
  it.each([
    ['server.public-url', 'http://csms.lan:9221/', 'http://csms.lan:9221'],
    ['server.public-url', 'https://csms.example.com/ev', 'https://csms.example.com/ev'],
    ['server.public-url', 'http://[2001:db8::1]:80', 'http://[2001:db8::1]'],
    ['server.ftp-url', 'ftp://203.0.113.7:2121', 'ftp://203.0.113.7:2121'],
  ] as const)('%s takes %s', (key, typed, kept) => {
    expect(canonicalValue(key, typed)).toBe(kept);
  });

  it.each([
    ['server.public-url', 'csms.lan'],
    ['server.public-url', 'ftp://csms.lan'],
    ['server.public-url', 'http://0.0.0.0:9221'],
    ['server.public-url', 'http://[::]:9221'],
    ['server.public-url', 'http://ada:secret@csms.lan'],
    ['server.public-url', 'http://csms.lan/?a=b'],
    ['server.ftp-url', 'ftp://csms.lan/logs'],
    ['server.ftp-url', 'ftps://csms.lan'],
  ] as const)('%s does not take %s', (key, typed) => {
    expect(() => canonicalValue(key, typed)).toThrow(/an address of this server as stations see it/);
  });
});
