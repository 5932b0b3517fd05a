import type { NameKind } from '../../domain/names.js';

/** Where the values of an argument or a flag come from. */
export type ValueSource =
  /** Names of the fleet; of several kinds in this order. */
  | { readonly names: readonly NameKind[] }
  /** These words, which are not all that there is: an argument or flag with a closed set has its own `options`. */
  | { readonly words: readonly string[] }
  /** A part of the command line that consists of parts itself (compound-values.ts). */
  | { readonly compound: CompoundKind }
  | 'file'
  | 'directory'
  | 'server'
  /** Nobody can know it: a number, a new name, free text. */
  | 'nothing';

export type CompoundKind =
  | 'columns'
  | 'sort'
  | 'filter'
  | 'selector'
  | 'setting'
  | 'setting-value'
  | 'secret-setting'
  | 'configuration-key'
  | 'configuration-value'
  | 'call-action'
  | 'message-action'
  | 'trigger'
  | 'event-kind';

function names(...kinds: readonly NameKind[]): ValueSource {
  return { names: kinds };
}

function compound(kind: CompoundKind): ValueSource {
  return { compound: kind };
}

const past: ValueSource = { words: ['today', 'yesterday', '1h ago', '24h ago', '7d ago'] };

/**
 * What an argument or a flag takes, by its name; in one topic or command alone with that before it (`alarm:rule name`).
 * The narrowest counts. A test holds it against the manifest: each that has no `options` is here, and no others.
 */
export const valueSources: Readonly<Record<string, ValueSource>> = {
  // Arguments and flags of the same name mean the same.
  station: names('station'),
  site: names('site'),
  floor: names('floor'),
  group: names('group'),
  tag: names('tag'),
  'tag:create tag': 'nothing',
  connector: names('connector'),
  number: names('connector'),
  user: names('user'),
  email: names('user'),
  'user:create email': 'nothing',
  certificate: names('certificate'),
  rollout: names('firmware-rollout'),
  of: names('firmware-rollout', 'station'),
  target: names('running-session', 'station'),
  'audit:list target': 'nothing',
  session: names('running-session'),
  parent: names('tag'),
  actor: names('user'),
  serial: names('certificate'),
  recipient: names('user'),

  'alarm id': names('alarm'),
  'alarm:outbox id': names('outbox'),
  'api-key id': names('api-key'),
  'diagnostics id': names('diagnostics'),
  'maintenance id': names('maintenance'),
  'reservation id': names('reservation'),
  'session id': names('session'),
  'session:close id': names('running-session'),
  'station id': names('station'),
  'station:accept id': names('unknown-station'),
  'station:create id': 'nothing',
  'profile id': 'nothing',

  'alarm:rule name': names('alarm-rule'),
  'alarm:rule:create name': 'nothing',
  'floor name': names('floor'),
  'floor:create name': 'nothing',
  'group name': names('group'),
  'group:create name': 'nothing',
  'site name': names('site'),
  'site:create name': 'nothing',
  'station name': 'nothing',
  'connector name': 'nothing',
  'certificate name': 'nothing',

  vendor: names('firmware-vendor'),
  'firmware:upload vendor': names('station-vendor', 'firmware-vendor'),
  'remote:data-transfer vendor': names('station-vendor'),
  model: names('firmware-model'),
  'firmware:upload model': names('station-model', 'firmware-model'),
  version: names('firmware-version'),

  columns: compound('columns'),
  sort: compound('sort'),
  filter: compound('filter'),
  selector: compound('selector'),
  'settings setting': compound('setting-value'),
  'settings key': compound('setting'),
  'settings:set secret-stdin': compound('secret-setting'),
  'config key': compound('configuration-key'),
  'config setting': compound('configuration-value'),
  'config:set secret-stdin': compound('configuration-key'),
  'remote:call action': compound('call-action'),
  action: compound('message-action'),
  message: compound('trigger'),
  kind: compound('event-kind'),
  'audit:list kind': 'nothing',
  availability: { words: ['operative', 'inoperative'] },
  'min-security-profile': { words: ['0', '1', '2', '3'] },
  'security-profile': { words: ['0', '1', '2', '3'] },

  from: past,
  'maintenance:create from': 'nothing',
  to: past,
  'maintenance:create to': 'nothing',
  'alarm:rule to': 'nothing',
  'stopped-at': past,

  server: 'server',
  'data-dir': 'directory',
  'api-key-file': 'file',
  'api-tls-cert': 'file',
  'api-tls-key': 'file',
  'auth-key-file': 'file',
  ca: 'file',
  'certificate-file': 'file',
  'client-cert': 'file',
  'client-key': 'file',
  'csr-command': 'file',
  file: 'file',
  'from-file': 'file',
  'old-password-file': 'file',
  'out-cert': 'file',
  'out-key': 'file',
  output: 'file',
  'password-file': 'file',
  profile: 'file',
  'ready-file': 'file',
  'server-ca': 'file',
  'signature-file': 'file',
  'tls-cert': 'file',
  'tls-client-ca': 'file',
  'tls-client-crl': 'file',
  'tls-key': 'file',

  address: 'nothing',
  'api-host': 'nothing',
  'api-port': 'nothing',
  at: 'nothing',
  canary: 'nothing',
  code: 'nothing',
  // Names of commands are completed as such (typed-line.ts).
  command: 'nothing',
  comment: 'nothing',
  concurrency: 'nothing',
  connectors: 'nothing',
  data: 'nothing',
  duration: 'nothing',
  error: 'nothing',
  'evse-id': 'nothing',
  expires: 'nothing',
  'file-port': 'nothing',
  'file-tls-port': 'nothing',
  'first-name': 'nothing',
  for: 'nothing',
  'ftp-passive-ports': 'nothing',
  'ftp-port': 'nothing',
  'handshake-timeout': 'nothing',
  hash: 'nothing',
  'heartbeat-interval': 'nothing',
  host: 'nothing',
  'id-prefix': 'nothing',
  'ignore-columns': 'nothing',
  interval: 'nothing',
  label: 'nothing',
  'last-name': 'nothing',
  lat: 'nothing',
  level: 'nothing',
  limit: 'nothing',
  'lock-timeout': 'nothing',
  lon: 'nothing',
  'max-active': 'nothing',
  'max-connections': 'nothing',
  'max-failures': 'nothing',
  'max-handshakes': 'nothing',
  'max-header-size': 'nothing',
  'max-message-rate': 'nothing',
  'max-power': 'nothing',
  'message-id': 'nothing',
  'meter-stop': 'nothing',
  'min-rate': 'nothing',
  note: 'nothing',
  operation: 'nothing',
  organization: 'nothing',
  payload: 'nothing',
  period: 'nothing',
  phases: 'nothing',
  'ping-interval': 'nothing',
  port: 'nothing',
  reason: 'nothing',
  retries: 'nothing',
  'retry-interval': 'nothing',
  seed: 'nothing',
  sessions: 'nothing',
  speed: 'nothing',
  'stack-level': 'nothing',
  start: 'nothing',
  stations: 'nothing',
  steps: 'nothing',
  timeout: 'nothing',
  'tls-port': 'nothing',
  'tls-url': 'nothing',
  type: 'nothing',
  url: 'nothing',
  'valid-from': 'nothing',
  'valid-to': 'nothing',
  validity: 'nothing',
  'wait-timeout': 'nothing',
  wave: 'nothing',
  webhook: 'nothing',
};

/** The entry for an argument or flag of a command; undefined when nobody has thought of it. */
export function valueSourceKey(commandId: string, name: string): string | undefined {
  const words = commandId.split(':');
  for (let length = words.length; length > 0; length -= 1) {
    const key = `${words.slice(0, length).join(':')} ${name}`;
    if (key in valueSources) return key;
  }
  return name in valueSources ? name : undefined;
}

export function valueSource(commandId: string, name: string): ValueSource {
  return valueSources[valueSourceKey(commandId, name) ?? ''] ?? 'nothing';
}
