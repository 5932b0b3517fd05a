import { FleetError } from '../errors.js';
import { quoteForShell } from '../shell.js';

/** The configuration keys that OCPP 1.6 (§9), its errata and the security white paper define, in our own words. */

type ConfigurationType = 'boolean' | 'integer' | 'list' | 'text';

export interface ConfigurationKey {
  readonly type: ConfigurationType;
  /** Of an integer: `s`, `Wh`, `%`; null where it only counts something. */
  readonly unit: string | null;
  readonly meaning: string;
  /** Only stations set it. */
  readonly readOnly: boolean;
}

function key(type: ConfigurationType, meaning: string, unit: string | null = null): ConfigurationKey {
  return { type, unit, meaning, readOnly: false };
}

function fixed(type: ConfigurationType, meaning: string, unit: string | null = null): ConfigurationKey {
  return { type, unit, meaning, readOnly: true };
}

const catalogue: Readonly<Record<string, ConfigurationKey>> = {
  AllowOfflineTxForUnknownId: key('boolean', 'Offline, also unknown tags may charge'),
  AuthorizationCacheEnabled: key('boolean', 'Remembers tags that were accepted'),
  AuthorizeRemoteTxRequests: key('boolean', 'Asks about the tag of a remote start before it begins'),
  BlinkRepeat: key('integer', 'How often lights blink as a signal'),
  ClockAlignedDataInterval: key('integer', 'Between meter values at fixed times of day; 0 is none', 's'),
  ConnectionTimeOut: key('integer', 'How long a driver may take to plug in', 's'),
  ConnectorPhaseRotation: key('list', 'How the phases are connected, per connector: 0.RST,1.RTS'),
  ConnectorPhaseRotationMaxLength: fixed('integer', 'Most items in ConnectorPhaseRotation'),
  GetConfigurationMaxKeys: fixed('integer', 'Most keys that may be asked for at once'),
  HeartbeatInterval: key('integer', 'Between heartbeats', 's'),
  LightIntensity: key('integer', 'Brightness of its lights', '%'),
  LocalAuthorizeOffline: key('boolean', 'Offline, tags it knows may charge'),
  LocalPreAuthorize: key('boolean', 'Tags it knows start at once, without asking'),
  MaxEnergyOnInvalidId: key('integer', 'Energy still given after a tag turned out to be invalid', 'Wh'),
  MessageTimeout: key('integer', 'How long it waits for an answer', 's'),
  MeterValuesAlignedData: key('list', 'What is measured at fixed times of day'),
  MeterValuesAlignedDataMaxLength: fixed('integer', 'Most items in MeterValuesAlignedData'),
  MeterValuesSampledData: key('list', 'What is measured while charging'),
  MeterValuesSampledDataMaxLength: fixed('integer', 'Most items in MeterValuesSampledData'),
  MeterValueSampleInterval: key('integer', 'Between meter values while charging; 0 is none', 's'),
  MinimumStatusDuration: key('integer', 'How long a status must last to be told', 's'),
  NumberOfConnectors: fixed('integer', 'Connectors it has'),
  ResetRetries: key('integer', 'How often a reset that failed is tried again'),
  StopTransactionMaxMeterValues: fixed('integer', 'Most meter values in a StopTransaction'),
  StopTransactionOnEVSideDisconnect: key('boolean', 'A cable pulled at the car ends the session'),
  StopTransactionOnInvalidId: key('boolean', 'A tag that turns out to be invalid ends the session'),
  StopTxnAlignedData: key('list', 'What of the fixed times of day is sent with the end of a session'),
  StopTxnAlignedDataMaxLength: fixed('integer', 'Most items in StopTxnAlignedData'),
  StopTxnSampledData: key('list', 'What of the samples is sent with the end of a session'),
  StopTxnSampledDataMaxLength: fixed('integer', 'Most items in StopTxnSampledData'),
  SupportedFeatureProfiles: fixed('list', 'Parts of OCPP that it knows'),
  SupportedFeatureProfilesMaxLength: fixed('integer', 'Most items in SupportedFeatureProfiles'),
  TransactionMessageAttempts: key('integer', 'How often a start or stop that was not taken is sent'),
  TransactionMessageRetryInterval: key('integer', 'Between those attempts; longer each time', 's'),
  UnlockConnectorOnEVSideDisconnect: key('boolean', 'A cable pulled at the car is unlocked here too'),
  WebSocketPingInterval: key('integer', 'Between its pings; 0 is none', 's'),
  LocalAuthListEnabled: key('boolean', 'Uses the list of tags that it was sent'),
  LocalAuthListMaxLength: fixed('integer', 'Most tags in that list'),
  SendLocalListMaxLength: fixed('integer', 'Most tags in one message about that list'),
  ReserveConnectorZeroSupported: fixed('boolean', 'Can be reserved without naming a connector'),
  ChargeProfileMaxStackLevel: fixed('integer', 'Highest stack level of a charging profile'),
  ChargingScheduleAllowedChargingRateUnit: fixed('list', 'Units of charging limits: Current, Power'),
  ChargingScheduleMaxPeriods: fixed('integer', 'Most periods in a charging schedule'),
  ConnectorSwitch3to1PhaseSupported: fixed('boolean', 'Can switch between three phases and one'),
  MaxChargingProfilesInstalled: fixed('integer', 'Most charging profiles that it keeps'),
  SupportedFileTransferProtocols: fixed('list', 'Ways to fetch and send files'),
  AdditionalRootCertificateCheck: fixed('boolean', 'New root certificates must be signed by the old one'),
  AuthorizationKey: key('text', 'Password with which it connects; nobody can read it'),
  CertificateSignedMaxChainSize: fixed('integer', 'Longest chain of certificates that it takes', 'bytes'),
  CertificateStoreMaxLength: fixed('integer', 'Most root certificates that it keeps'),
  CpoName: key('text', 'Name of the operator in its certificate'),
  SecurityProfile: key('integer', 'How its connection is secured, 0 to 3; can only be raised'),
};

export const standardKeyNames: readonly string[] = Object.keys(catalogue);

const byFoldedName = new Map(Object.entries(catalogue).map(([name, known]) => [foldKeyName(name), known]));

/** Names of keys are compared without regard to case (OCPP 1.6 §9). */
export function foldKeyName(name: string): string {
  return name.toLowerCase();
}

/** Undefined for keys of vendors. */
export function standardKey(name: string): ConfigurationKey | undefined {
  return byFoldedName.get(foldKeyName(name));
}

/** Limits of ChangeConfiguration (OCPP 1.6 §6.7). */
export const keyNameMaxLength = 50;
export const keyValueMaxLength = 500;

const largestInteger = 2 ** 31 - 1;

/**
 * What is wrong with a value before it is sent, to follow the name of the key: `takes true or false, not "on"`.
 * Undefined when nothing is; of keys that are not standard only the length is known.
 */
export function complaintAbout(name: string, value: string): string | undefined {
  if (value.length > keyValueMaxLength) return `takes at most ${keyValueMaxLength} characters`;
  const known = standardKey(name);
  if (known === undefined) return undefined;
  if (known.readOnly) return 'is set by stations and can only be read';
  switch (known.type) {
    case 'boolean':
      return /^(true|false)$/i.test(value) ? undefined : `takes true or false, not ${JSON.stringify(value)}`;
    case 'integer':
      return /^\d{1,10}$/.test(value) && Number(value) <= largestInteger
        ? undefined
        : `takes a whole number${unitOf(known)}, not ${JSON.stringify(value)}`;
    case 'list':
      return isList(value) ? undefined : `takes items separated by commas, not ${JSON.stringify(value)}`;
    case 'text':
      return undefined;
  }
}

function unitOf({ unit }: ConfigurationKey): string {
  const names: Readonly<Record<string, string>> = { s: 'seconds', Wh: 'watt-hours', '%': 'percent' };
  return unit === null ? '' : ` of ${names[unit] ?? unit}`;
}

/** Empty is a list of nothing; an empty item is a slip. */
function isList(value: string): boolean {
  return value === '' || value.split(',').every((item) => item.trim() !== '' && !/\s/.test(item.trim()));
}

/** Whether two values of a key mean the same: `True` and `true`, `a, b` and `a,b`, `060` and `60`. */
export function isSameValue(name: string, a: string, b: string): boolean {
  if (a === b) return true;
  switch (standardKey(name)?.type) {
    case 'boolean':
      return a.trim().toLowerCase() === b.trim().toLowerCase();
    case 'integer':
      return /^\s*\d+\s*$/.test(a) && /^\s*\d+\s*$/.test(b) && Number(a) === Number(b);
    case 'list':
      return tidyList(a) === tidyList(b);
    default:
      // Stations write the booleans of vendors' keys in either case, too.
      return /^(true|false)$/i.test(a) && a.toLowerCase() === b.toLowerCase();
  }
}

function tidyList(text: string): string {
  return text
    .split(',')
    .map((item) => item.trim())
    .join(',');
}

const authorizationKey = foldKeyName('AuthorizationKey');

/** Whether it is the key with which the station itself logs in: the server has to know it before the station does. */
export function isAuthorizationKey(name: string): boolean {
  return foldKeyName(name) === authorizationKey;
}

/** Why it is not set like other keys. */
export function authorizationKeyNotSet(): FleetError {
  return new FleetError(
    'USAGE',
    'AuthorizationKey is not set like this: the station could not connect again.',
    {
      suggestions: ['evfleet station rotate-key STATION, which gives it a new key that the server knows'],
    },
  );
}

/** The command that sets a key which is a secret. */
export function howToSetSecret(name: string): string {
  return isAuthorizationKey(name)
    ? 'evfleet station rotate-key STATION'
    : `evfleet config set STATION --secret-stdin ${quoteForShell(name)}`;
}
