import { languages } from './alarm/notification.js';
import { FleetError } from './errors.js';
import { nearest } from './nearest.js';
import { mask } from './secret-names.js';
import {
  absolutePath,
  bytes,
  bytesOrOff,
  choice,
  duration,
  hostName,
  integer,
  mailbox,
  onOrOff,
  publicUrl,
  type SettingKind,
  secret,
  text,
  timeOfDayOrOff,
} from './setting-kinds.js';
import { quoteForShell } from './shell.js';

interface Setting<T> {
  readonly kind: SettingKind<NonNullable<T>>;
  /** As it would be typed; empty where there is none. */
  readonly default: string;
  readonly fallback: T;
  readonly description: string;
  /** Whether its value is never shown. */
  readonly isSecret: boolean;
}

function setting<T extends NonNullable<unknown>>(
  kind: SettingKind<T>,
  preset: string,
  description: string,
): Setting<T> {
  const fallback = kind.parse(preset);
  if (fallback === undefined) throw new Error(`${preset} cannot be a default: it takes ${kind.accepts}.`);
  return { kind, default: preset, fallback, description, isSecret: false } as Setting<T>;
}

/** Without a value unless one is set; what that means, the description says. */
function optional<T extends NonNullable<unknown>>(
  kind: SettingKind<T>,
  description: string,
): Setting<T | undefined> {
  return { kind, default: '', fallback: undefined, description, isSecret: false } as Setting<T | undefined>;
}

/** As `optional`, and its value is masked wherever settings are shown. */
function hidden(
  limits: { readonly minLength: number; readonly maxLength: number },
  description: string,
): Setting<string | undefined> {
  return { ...optional(secret(limits), description), isSecret: true };
}

const retention = duration({ min: '1d', max: '36500d' });

/** Everything that can be set while the fleet runs. One line adds a setting. */
const catalogue = {
  'retention.samples': setting(
    retention,
    '30d',
    'How long meter samples are kept in full; then one per 15 minutes',
  ),
  'retention.events': setting(retention, '90d', 'How long events are kept'),
  'retention.connections': setting(retention, '90d', 'How long connections are kept after their end'),
  'retention.faults': setting(retention, '365d', 'How long faults are kept after their end'),
  'retention.audit': setting(retention, '730d', 'How long it is kept who changed what'),
  'retention.reservations': setting(retention, '365d', 'How long reservations are kept after their end'),
  'retention.max-rows': setting(
    integer({ min: 1000, max: 100_000_000 }),
    '1000000',
    'Events, connections, faults, alarms, audit entries kept at most, of each',
  ),
  'retention.outbox': setting(
    retention,
    '30d',
    'How long messages are kept that were sent, given up or dropped',
  ),
  'retention.alarms': setting(retention, '365d', 'How long alarms are kept after they were cleared'),
  'alarms.not-registered-after': setting(
    duration({ min: '1m', max: '365d' }),
    '1h',
    'When a station that was created and has never connected is an alarm',
  ),
  'alarms.digest-time': setting(
    timeOfDayOrOff,
    '08:00',
    'When a daily mail names the active alarms, by the local clock',
  ),
  'diagnostics.retention': setting(retention, '90d', 'How long diagnostics and logs of stations are kept'),
  'diagnostics.max-size': setting(
    bytes({ min: '64KiB', max: '16GiB' }),
    '100MiB',
    'Largest file that a station may upload',
  ),
  'server.public-url': optional(
    publicUrl('http', 'https'),
    'Address for files by HTTP; unless set, where the station connected to',
  ),
  'server.ftp-url': optional(
    publicUrl('ftp'),
    'Address for files by FTP; unless set, the host that it connected to',
  ),
  'messages.retention': setting(retention, '30d', 'How long the log of OCPP messages is kept'),
  'messages.max-size': setting(
    bytesOrOff({ min: '1MiB', max: '1024GiB' }),
    '1GiB',
    'Space that this log takes at most; off records nothing',
  ),
  'mail.host': optional(hostName, 'Server that sends mail; unless set, mail is off'),
  'mail.port': optional(
    integer({ min: 1, max: 65_535 }),
    'Its port; unless set, 587, with tls 465, with none 25',
  ),
  'mail.secure': setting(
    choice('starttls', 'tls', 'none'),
    'starttls',
    'How it is talked to: TLS by STARTTLS, TLS at once, or in clear text',
  ),
  'mail.ca-file': optional(absolutePath, 'Certificates (PEM) to trust instead of those that Node.js does'),
  'mail.user': optional(text({ maxLength: 256 }), 'User to log in as; unless set, nobody logs in'),
  'mail.password': hidden({ minLength: 1, maxLength: 1024 }, 'Password of that user'),
  'mail.from': optional(mailbox, 'Sender of all mail; unless set, mail.user if that is an address'),
  'mail.reply-to': optional(mailbox, 'Where answers go; unless set, to the sender'),
  'mail.max-connections': setting(
    integer({ min: 1, max: 20 }),
    '3',
    'Connections to the mail server at the same time, at most',
  ),
  'mail.language': setting(choice(...languages), 'en', 'Language of mails that no rule has one for'),
  'mail.rate-per-minute': setting(integer({ min: 1, max: 10_000 }), '100', 'Mails a minute, at most'),
  'webhook.secret': hidden(
    { minLength: 16, maxLength: 1024 },
    'Key by which webhooks are signed; unless set, webhooks are off',
  ),
  'webhook.allow-private': setting(
    onOrOff,
    'off',
    'Whether webhooks may go to private addresses, and by plain HTTP',
  ),
  'security.organization': optional(
    text({ maxLength: 64 }),
    'Operator that certificates of stations have to name; unless set, any',
  ),
  'certificates.validity': setting(
    duration({ min: '1d', max: '3650d' }),
    '365d',
    'How long the certificates are good that the own authority makes',
  ),
  'certificates.renew-before': setting(
    duration({ min: '1d', max: '365d' }),
    '30d',
    'How long before their end certificates are renewed',
  ),
  'backup.time': setting(timeOfDayOrOff, 'off', 'When a backup is written every day, by the local clock'),
  'backup.directory': optional(
    absolutePath,
    'Where they are written; unless set, in backups of the data directory',
  ),
  'backup.keep': setting(integer({ min: 1, max: 10_000 }), '7', 'How many of these backups are kept'),
  'local-list.auto': setting(onOrOff, 'off', 'Whether stations get their lists of tags whenever tags change'),
  'store.compact-bytes': setting(
    bytes({ min: '1MiB', max: '1024GiB' }),
    '64MiB',
    'Size of the journal at which it is folded into the snapshot',
  ),
  'store.compact-segments': setting(
    integer({ min: 1, max: 10_000 }),
    '8',
    'Closed journal segments at which they are folded into it',
  ),
} as const;

export type SettingKey = keyof typeof catalogue;

type ValueOf<K extends SettingKey> = (typeof catalogue)[K] extends Setting<infer T> ? T : never;

/** The values in force. */
export type Settings = { readonly [K in SettingKey]: ValueOf<K> };

export const settingKeys = Object.keys(catalogue) as readonly SettingKey[];

/** What was set, as it was written, by key. */
export type StoredSettings = ReadonlyMap<string, string>;

export interface SettingDescription {
  readonly key: SettingKey;
  /** As it would be typed, a secret masked; empty when there is none. */
  readonly value: string;
  readonly origin: 'default' | 'store';
  readonly default: string;
  readonly description: string;
}

/** @throws FleetError USAGE when there is no such setting */
export function toSettingKey(typed: string): SettingKey {
  const key = settingKeys.find((known) => known === typed);
  if (key !== undefined) return key;
  const near = nearest(typed, settingKeys);
  throw new FleetError('USAGE', `There is no setting ${JSON.stringify(typed)}.`, {
    suggestions: [...(near === undefined ? [] : [`Did you mean ${near}?`]), 'evfleet settings show'],
  });
}

/**
 * The one way in which a value is kept, however it was typed: `24h` as `1d`.
 * @throws FleetError USAGE when the setting takes no such value
 */
export function canonicalValue(key: SettingKey, typed: string): string {
  const { kind, default: example, isSecret } = find(key);
  const text = typed.trim();
  const value = kind.parse(text);
  if (value !== undefined) return kind.format(value);
  if (isSecret) throw new FleetError('USAGE', `${key} takes ${kind.accepts}; this is none.`);
  throw new FleetError('USAGE', `${key} takes ${kind.accepts}, not ${JSON.stringify(text)}.`, {
    suggestions: example === '' ? [] : [`evfleet settings set ${quoteForShell(`${key}=${example}`)}`],
  });
}

/** What is in force: what is stored, where it is sound, else the default. */
export function effectiveSettings(stored: StoredSettings): Settings {
  const entries = settingKeys.map((key) => [key, storedValue(key, stored) ?? find(key).fallback]);
  return Object.fromEntries(entries);
}

/** Keys whose stored value they do not take (any more), so that their default is in force. */
export function ignoredSettings(stored: StoredSettings): SettingKey[] {
  return settingKeys.filter((key) => stored.has(key) && storedValue(key, stored) === undefined);
}

/** The value in force as people read it, and where it is from; a secret is masked. */
export function describeSetting(key: SettingKey, stored: StoredSettings): SettingDescription {
  const { kind, default: fallback, description, isSecret } = find(key);
  const value = storedValue(key, stored);
  const inForce =
    value === undefined
      ? { value: fallback, origin: 'default' as const }
      : { value: isSecret ? mask : kind.format(value), origin: 'store' as const };
  return { key, ...inForce, default: fallback, description };
}

/** Whether the value of a setting must never be shown, nor be typed where others can read it. */
export function isSecretSetting(key: SettingKey): boolean {
  return find(key).isSecret;
}

/** A stored value that the setting does not take (any more) counts as none. */
function storedValue(key: SettingKey, stored: StoredSettings): NonNullable<unknown> | undefined {
  const text = stored.get(key);
  return text === undefined ? undefined : find(key).kind.parse(text);
}

function find(key: SettingKey): Setting<NonNullable<unknown>> {
  return catalogue[key] as Setting<NonNullable<unknown>>;
}
