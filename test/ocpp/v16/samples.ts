import type { ActionName16, Request16, Response16 } from '../../../src/ocpp/v16/actions.js';
import { securitySamples } from './samples-security.js';

export type Samples = {
  readonly [Action in ActionName16]: {
    readonly request: readonly Request16<Action>[];
    readonly response: readonly Response16<Action>[];
  };
};

const time = '2026-03-29T01:30:00.000Z';
const later = '2026-03-29T03:30:00+02:00';
const schedule = {
  duration: 3_600,
  startSchedule: time,
  chargingRateUnit: 'A',
  chargingSchedulePeriod: [
    { startPeriod: 0, limit: 16 },
    { startPeriod: 600, limit: 0.3, numberPhases: 1 },
  ],
  minChargingRate: 6.1,
} as const;
const leastProfile: Request16<'SetChargingProfile'>['csChargingProfiles'] = {
  chargingProfileId: 1,
  stackLevel: 0,
  chargingProfilePurpose: 'TxDefaultProfile',
  chargingProfileKind: 'Relative',
  chargingSchedule: { chargingRateUnit: 'W', chargingSchedulePeriod: [{ startPeriod: 0, limit: 11_000 }] },
};
const fullProfile: Request16<'SetChargingProfile'>['csChargingProfiles'] = {
  ...leastProfile,
  transactionId: 7,
  stackLevel: 3,
  chargingProfilePurpose: 'TxProfile',
  chargingProfileKind: 'Recurring',
  recurrencyKind: 'Weekly',
  validFrom: time,
  validTo: later,
  chargingSchedule: { ...schedule, chargingSchedulePeriod: [...schedule.chargingSchedulePeriod] },
};
const meterValue: Request16<'MeterValues'>['meterValue'][number] = {
  timestamp: time,
  sampledValue: [
    { value: '1234' },
    {
      value: '16.1',
      context: 'Sample.Clock',
      format: 'Raw',
      measurand: 'Current.Import',
      phase: 'L1',
      location: 'Outlet',
      unit: 'A',
    },
    { value: '41', measurand: 'Temperature', unit: 'Celsius', location: 'Body', context: 'Transaction.End' },
    { value: '40', measurand: 'Temperature', unit: 'Celcius', format: 'SignedData' },
  ],
};

/** The smallest and the fullest message of each kind. */
export const samples: Samples = {
  Authorize: {
    request: [{ idTag: 'A1' }, { idTag: 'X'.repeat(20) }],
    response: [
      { idTagInfo: { status: 'Invalid' } },
      { idTagInfo: { status: 'Accepted', expiryDate: time, parentIdTag: 'FAMILY' } },
    ],
  },
  BootNotification: {
    request: [
      { chargePointVendor: 'ABL', chargePointModel: 'eMH3' },
      {
        chargePointVendor: 'V'.repeat(20),
        chargePointModel: 'M'.repeat(20),
        chargePointSerialNumber: 'S'.repeat(25),
        chargeBoxSerialNumber: 'B'.repeat(25),
        firmwareVersion: 'F'.repeat(50),
        iccid: '8949020000012345678',
        imsi: '262011234567890',
        meterType: 'T'.repeat(25),
        meterSerialNumber: 'N'.repeat(25),
      },
    ],
    response: [
      { status: 'Accepted', currentTime: time, interval: 300 },
      { status: 'Pending', currentTime: later, interval: 0 },
    ],
  },
  DataTransfer: {
    request: [
      { vendorId: 'com.example' },
      { vendorId: 'com.example', messageId: 'price', data: '{"kWh":0.59}' },
    ],
    response: [{ status: 'UnknownVendorId' }, { status: 'Accepted', data: 'ok' }],
  },
  Heartbeat: { request: [{}], response: [{ currentTime: time }, { currentTime: later }] },
  MeterValues: {
    request: [
      { connectorId: 0, meterValue: [] },
      { connectorId: 1, transactionId: -1, meterValue: [meterValue] },
    ],
    response: [{}],
  },
  StartTransaction: {
    request: [
      { connectorId: 1, idTag: 'A1', meterStart: 0, timestamp: time },
      { connectorId: 2, idTag: 'A1', meterStart: 1_234_567, timestamp: later, reservationId: 5 },
    ],
    response: [
      { idTagInfo: { status: 'ConcurrentTx' }, transactionId: 1 },
      { idTagInfo: { status: 'Accepted', expiryDate: time, parentIdTag: 'P' }, transactionId: 2_147_483_647 },
    ],
  },
  StatusNotification: {
    request: [
      { connectorId: 0, errorCode: 'NoError', status: 'Available' },
      {
        connectorId: 1,
        errorCode: 'OtherError',
        status: 'Faulted',
        info: 'door open',
        timestamp: time,
        vendorId: 'com.example',
        vendorErrorCode: 'E0815',
      },
    ],
    response: [{}],
  },
  StopTransaction: {
    request: [
      { meterStop: 5_000, timestamp: time, transactionId: 1 },
      {
        idTag: 'A1',
        meterStop: 5_000,
        timestamp: time,
        transactionId: 1,
        reason: 'EVDisconnected',
        transactionData: [meterValue],
      },
    ],
    response: [{}, { idTagInfo: { status: 'Expired' } }],
  },
  ChangeAvailability: {
    request: [{ connectorId: 0, type: 'Inoperative' }],
    response: [{ status: 'Accepted' }, { status: 'Scheduled' }],
  },
  ChangeConfiguration: {
    request: [
      { key: 'HeartbeatInterval', value: '300' },
      { key: 'K'.repeat(50), value: 'v'.repeat(500) },
    ],
    response: [{ status: 'RebootRequired' }, { status: 'NotSupported' }],
  },
  ClearCache: { request: [{}], response: [{ status: 'Accepted' }] },
  GetConfiguration: {
    request: [{}, { key: [] }, { key: ['HeartbeatInterval', 'Vendor.Free.Key'] }],
    response: [
      {},
      {
        configurationKey: [
          { key: 'AuthorizationKey', readonly: false },
          { key: 'NumberOfConnectors', readonly: true, value: '2' },
        ],
        unknownKey: ['Nope'],
      },
    ],
  },
  RemoteStartTransaction: {
    request: [{ idTag: 'A1' }, { connectorId: 1, idTag: 'A1', chargingProfile: fullProfile }],
    response: [{ status: 'Rejected' }],
  },
  RemoteStopTransaction: { request: [{ transactionId: 1 }], response: [{ status: 'Accepted' }] },
  Reset: { request: [{ type: 'Hard' }, { type: 'Soft' }], response: [{ status: 'Accepted' }] },
  UnlockConnector: { request: [{ connectorId: 1 }], response: [{ status: 'UnlockFailed' }] },
  DiagnosticsStatusNotification: { request: [{ status: 'Uploading' }], response: [{}] },
  FirmwareStatusNotification: { request: [{ status: 'InstallationFailed' }], response: [{}] },
  GetDiagnostics: {
    request: [
      { location: 'ftp://user:secret@203.0.113.7:2121/diagnostics/' },
      {
        location: 'https://example.com/u/1?t=a%20b',
        retries: 3,
        retryInterval: 60,
        startTime: time,
        stopTime: later,
      },
    ],
    response: [{}, { fileName: 'log.zip' }],
  },
  UpdateFirmware: {
    request: [
      { location: 'http://example.com/fw.bin', retrieveDate: time },
      { location: 'http://[2001:db8::1]/fw.bin', retrieveDate: time, retries: 0, retryInterval: 1 },
    ],
    response: [{}],
  },
  GetLocalListVersion: { request: [{}], response: [{ listVersion: 0 }, { listVersion: -1 }] },
  SendLocalList: {
    request: [
      { listVersion: 1, updateType: 'Full' },
      {
        listVersion: 2,
        updateType: 'Differential',
        localAuthorizationList: [{ idTag: 'GONE' }, { idTag: 'A1', idTagInfo: { status: 'Blocked' } }],
      },
    ],
    response: [{ status: 'VersionMismatch' }],
  },
  CancelReservation: { request: [{ reservationId: 1 }], response: [{ status: 'Rejected' }] },
  ReserveNow: {
    request: [
      { connectorId: 0, expiryDate: time, idTag: 'A1', reservationId: 1 },
      { connectorId: 1, expiryDate: later, idTag: 'A1', parentIdTag: 'P', reservationId: 2 },
    ],
    response: [{ status: 'Occupied' }],
  },
  ClearChargingProfile: {
    request: [{}, { id: 1, connectorId: 0, chargingProfilePurpose: 'ChargePointMaxProfile', stackLevel: 0 }],
    response: [{ status: 'Unknown' }],
  },
  GetCompositeSchedule: {
    request: [
      { connectorId: 0, duration: 3_600 },
      { connectorId: 1, duration: 60, chargingRateUnit: 'A' },
    ],
    response: [
      { status: 'Rejected' },
      {
        status: 'Accepted',
        connectorId: 1,
        scheduleStart: time,
        chargingSchedule: { ...schedule, chargingSchedulePeriod: [...schedule.chargingSchedulePeriod] },
      },
    ],
  },
  SetChargingProfile: {
    request: [
      { connectorId: 0, csChargingProfiles: leastProfile },
      { connectorId: 1, csChargingProfiles: fullProfile },
    ],
    response: [{ status: 'NotSupported' }],
  },
  TriggerMessage: {
    request: [{ requestedMessage: 'Heartbeat' }, { requestedMessage: 'StatusNotification', connectorId: 1 }],
    response: [{ status: 'NotImplemented' }],
  },
  ...securitySamples,
};
