import { parseMeasurand } from './charging/sampled-values.js';

export interface KeyDefinition {
  readonly value: string;
  /** A write-only key is listed without its value. */
  readonly access: 'read' | 'read-write' | 'write';
  readonly accepts: (value: string) => boolean;
  /** Accepted values wait for the next boot. */
  readonly needsReboot?: boolean;
}

const LARGEST_INTEGER = 2 ** 31 - 1;
const LONGEST_MEASURAND_LIST = 12;

function number(value: number, minimum = 0, maximum = LARGEST_INTEGER): KeyDefinition {
  const accepts = (text: string): boolean =>
    /^\d{1,10}$/.test(text) && Number(text) >= minimum && Number(text) <= maximum;
  return { value: String(value), access: 'read-write', accepts };
}

function flag(value: boolean): KeyDefinition {
  return { value: String(value), access: 'read-write', accepts: (text) => /^(true|false)$/i.test(text) };
}

function measurands(value: string): KeyDefinition {
  const accepts = (text: string): boolean => {
    const items = text === '' ? [] : text.split(',');
    return (
      items.length <= LONGEST_MEASURAND_LIST && items.every((item) => parseMeasurand(item) !== undefined)
    );
  };
  return { value, access: 'read-write', accepts };
}

function fixed(value: string | number | boolean): KeyDefinition {
  return { value: String(value), access: 'read', accepts: () => false };
}

const ROTATION = /^\d+\.(NotApplicable|Unknown|RST|RTS|SRT|STR|TRS|TSR)$/;

/**
 * The configuration keys of a virtual station with their factory values: OCPP 1.6 §9, errata 3.82, 3.86, 3.88, 3.89
 * and the security white paper. MinimumStatusDuration, BlinkRepeat and LightIntensity are optional and left out:
 * there is nothing here that they could change.
 */
export const CONFIGURATION_KEYS = {
  AllowOfflineTxForUnknownId: flag(false),
  AuthorizationCacheEnabled: flag(true),
  AuthorizeRemoteTxRequests: flag(true),
  ClockAlignedDataInterval: number(0),
  ConnectionTimeOut: number(60, 1),
  ConnectorPhaseRotation: {
    value: '0.RST',
    access: 'read-write',
    accepts: (text) => text.split(',').every((item) => ROTATION.test(item.trim())),
    needsReboot: true,
  },
  GetConfigurationMaxKeys: fixed(50),
  HeartbeatInterval: number(300),
  LocalAuthorizeOffline: flag(true),
  LocalPreAuthorize: flag(false),
  MaxEnergyOnInvalidId: number(0),
  MessageTimeout: number(30, 1, 600),
  MeterValuesAlignedData: measurands('Energy.Active.Import.Register'),
  MeterValuesAlignedDataMaxLength: fixed(LONGEST_MEASURAND_LIST),
  MeterValuesSampledData: measurands(
    'Energy.Active.Import.Register,Power.Active.Import,Current.Import,Voltage,SoC',
  ),
  MeterValuesSampledDataMaxLength: fixed(LONGEST_MEASURAND_LIST),
  MeterValueSampleInterval: number(60),
  NumberOfConnectors: fixed(1),
  ResetRetries: number(1, 0, 10),
  StopTransactionMaxMeterValues: fixed(200),
  StopTransactionOnEVSideDisconnect: flag(true),
  StopTransactionOnInvalidId: flag(true),
  StopTxnAlignedData: measurands(''),
  StopTxnAlignedDataMaxLength: fixed(LONGEST_MEASURAND_LIST),
  StopTxnSampledData: measurands(''),
  StopTxnSampledDataMaxLength: fixed(LONGEST_MEASURAND_LIST),
  SupportedFeatureProfiles: fixed(
    'Core,FirmwareManagement,LocalAuthListManagement,Reservation,SmartCharging,RemoteTrigger',
  ),
  TransactionMessageAttempts: number(3, 1, 100),
  TransactionMessageRetryInterval: number(60, 0, 86_400),
  UnlockConnectorOnEVSideDisconnect: flag(true),
  WebSocketPingInterval: number(60, 0, 86_400),
  LocalAuthListEnabled: flag(true),
  LocalAuthListMaxLength: fixed(1_000),
  SendLocalListMaxLength: fixed(200),
  ReserveConnectorZeroSupported: fixed(false),
  ChargeProfileMaxStackLevel: fixed(8),
  ChargingScheduleAllowedChargingRateUnit: fixed('Current,Power'),
  ChargingScheduleMaxPeriods: fixed(24),
  ConnectorSwitch3to1PhaseSupported: fixed(true),
  MaxChargingProfilesInstalled: fixed(32),
  SupportedFileTransferProtocols: fixed('FTP,HTTP,HTTPS'),
  AuthorizationKey: {
    value: '',
    access: 'write',
    // 16 to 20 characters are the password itself, up to 40 its bytes in hex.
    accepts: (text) => /^[\x21-\x7e]{16,20}$/.test(text) || /^([0-9a-f]{2}){16,20}$/i.test(text),
  },
  CpoName: { value: '', access: 'read-write', accepts: (text) => text.length <= 64 },
  CertificateSignedMaxChainSize: fixed(10_000),
  CertificateStoreMaxLength: fixed(8),
  SecurityProfile: { ...number(0, 0, 3), needsReboot: true },
} satisfies Readonly<Record<string, KeyDefinition>>;

export type ConfigurationKey = keyof typeof CONFIGURATION_KEYS;
