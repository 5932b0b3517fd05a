import type { Static, TObject } from '@sinclair/typebox';
import * as central from './core-central.js';
import * as station from './core-station.js';
import * as firmware from './firmware.js';
import * as localList from './local-list.js';
import * as trigger from './remote-trigger.js';
import * as reservation from './reservation.js';
import * as security from './security.js';
import * as smart from './smart-charging.js';

/** Feature profiles as SupportedFeatureProfiles names them; Security is the white paper. */
type FeatureProfile16 =
  | 'Core'
  | 'FirmwareManagement'
  | 'LocalAuthListManagement'
  | 'RemoteTrigger'
  | 'Reservation'
  | 'Security'
  | 'SmartCharging';

export type Side16 = 'station' | 'central';

export interface ActionDefinition16 {
  readonly profile: FeatureProfile16;
  /** Who may begin it. */
  readonly sender: Side16 | 'both';
  readonly request: TObject;
  readonly response: TObject;
}

const byStation = { profile: 'Core', sender: 'station' } as const;
const byCentral = { profile: 'Core', sender: 'central' } as const;
const fromFirmware = { profile: 'FirmwareManagement', sender: 'station' } as const;
const toFirmware = { profile: 'FirmwareManagement', sender: 'central' } as const;
const toLocalList = { profile: 'LocalAuthListManagement', sender: 'central' } as const;
const toReservation = { profile: 'Reservation', sender: 'central' } as const;
const toSmartCharging = { profile: 'SmartCharging', sender: 'central' } as const;
const fromSecurity = { profile: 'Security', sender: 'station' } as const;
const toSecurity = { profile: 'Security', sender: 'central' } as const;

/** Every message of OCPP 1.6 and its security extension. */
export const actions16 = {
  Authorize: { ...byStation, ...station.authorize },
  BootNotification: { ...byStation, ...station.bootNotification },
  DataTransfer: { profile: 'Core', sender: 'both', ...station.dataTransfer },
  Heartbeat: { ...byStation, ...station.heartbeat },
  MeterValues: { ...byStation, ...station.meterValues },
  StartTransaction: { ...byStation, ...station.startTransaction },
  StatusNotification: { ...byStation, ...station.statusNotification },
  StopTransaction: { ...byStation, ...station.stopTransaction },

  ChangeAvailability: { ...byCentral, ...central.changeAvailability },
  ChangeConfiguration: { ...byCentral, ...central.changeConfiguration },
  ClearCache: { ...byCentral, ...central.clearCache },
  GetConfiguration: { ...byCentral, ...central.getConfiguration },
  RemoteStartTransaction: { ...byCentral, ...central.remoteStartTransaction },
  RemoteStopTransaction: { ...byCentral, ...central.remoteStopTransaction },
  Reset: { ...byCentral, ...central.reset },
  UnlockConnector: { ...byCentral, ...central.unlockConnector },

  DiagnosticsStatusNotification: { ...fromFirmware, ...firmware.diagnosticsStatusNotification },
  FirmwareStatusNotification: { ...fromFirmware, ...firmware.firmwareStatusNotification },
  GetDiagnostics: { ...toFirmware, ...firmware.getDiagnostics },
  UpdateFirmware: { ...toFirmware, ...firmware.updateFirmware },

  GetLocalListVersion: { ...toLocalList, ...localList.getLocalListVersion },
  SendLocalList: { ...toLocalList, ...localList.sendLocalList },

  CancelReservation: { ...toReservation, ...reservation.cancelReservation },
  ReserveNow: { ...toReservation, ...reservation.reserveNow },

  ClearChargingProfile: { ...toSmartCharging, ...smart.clearChargingProfile },
  GetCompositeSchedule: { ...toSmartCharging, ...smart.getCompositeSchedule },
  SetChargingProfile: { ...toSmartCharging, ...smart.setChargingProfile },

  TriggerMessage: { profile: 'RemoteTrigger', sender: 'central', ...trigger.triggerMessage },

  CertificateSigned: { ...toSecurity, ...security.certificateSigned },
  DeleteCertificate: { ...toSecurity, ...security.deleteCertificate },
  ExtendedTriggerMessage: { ...toSecurity, ...security.extendedTriggerMessage },
  GetInstalledCertificateIds: { ...toSecurity, ...security.getInstalledCertificateIds },
  GetLog: { ...toSecurity, ...security.getLog },
  InstallCertificate: { ...toSecurity, ...security.installCertificate },
  LogStatusNotification: { ...fromSecurity, ...security.logStatusNotification },
  SecurityEventNotification: { ...fromSecurity, ...security.securityEventNotification },
  SignCertificate: { ...fromSecurity, ...security.signCertificate },
  SignedFirmwareStatusNotification: { ...fromSecurity, ...security.signedFirmwareStatusNotification },
  SignedUpdateFirmware: { ...toSecurity, ...security.signedUpdateFirmware },
} as const satisfies Record<string, ActionDefinition16>;

export type ActionName16 = keyof typeof actions16;

/** The actions that a side may begin. */
export type ActionSentBy<Side extends Side16> = {
  [Action in ActionName16]: (typeof actions16)[Action]['sender'] extends Side | 'both' ? Action : never;
}[ActionName16];

/** A request as it has to be sent. */
export type Request16<Action extends ActionName16> = Static<(typeof actions16)[Action]['request']>;

/** An answer as it has to be sent. */
export type Response16<Action extends ActionName16> = Static<(typeof actions16)[Action]['response']>;

/** A request as it may have been received: see `Received`. */
export type ReceivedRequest16<Action extends ActionName16> = Received<Request16<Action>>;

/** An answer as it may have been received: see `Received`. */
export type ReceivedResponse16<Action extends ActionName16> = Received<Response16<Action>>;

/**
 * What the lenient reader (validate.ts) guarantees: shapes and basic types as specified, but enumerations may hold
 * values that the specification does not know, and a required `timestamp` may be missing.
 */
type Received<T> = T extends readonly (infer Item)[]
  ? Received<Item>[]
  : T extends object
    ? { [Key in keyof T as Key extends 'timestamp' ? never : Key]: Received<T[Key]> } & {
        [Key in keyof T as Key extends 'timestamp' ? Key : never]?: T[Key];
      }
    : T extends string
      ? T | (string & {})
      : T;

export function isActionName16(name: string): name is ActionName16 {
  return Object.hasOwn(actions16, name);
}
