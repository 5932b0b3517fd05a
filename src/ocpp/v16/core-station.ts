import { Type } from '@sinclair/typebox';
import { integer, listOf, message, oneOf, text, time, unlimitedText } from './schema-kit.js';
import { emptyMessage, idTagInfo, idToken, meterValue } from './types.js';

/**
 * Core profile, what the station begins (OCPP 1.6 §4). The defaults follow one rule: a transaction or status message
 * is answered if it can be understood at all, because a station that gets a CALLERROR sends it again for ever or
 * throws it away.
 */

export const authorize = {
  request: message({ idTag: idToken }),
  response: message({ idTagInfo }),
};

export const bootNotification = {
  request: message({
    chargePointVendor: text(20, { whenMissing: '' }),
    chargePointModel: text(20, { whenMissing: '' }),
    chargePointSerialNumber: Type.Optional(text(25)),
    chargeBoxSerialNumber: Type.Optional(text(25)),
    firmwareVersion: Type.Optional(text(50)),
    iccid: Type.Optional(text(20)),
    imsi: Type.Optional(text(20)),
    meterType: Type.Optional(text(25)),
    meterSerialNumber: Type.Optional(text(25)),
  }),
  response: message({
    status: oneOf(['Accepted', 'Pending', 'Rejected']),
    currentTime: time(),
    /** Seconds: between heartbeats when accepted, otherwise before the next BootNotification. */
    interval: integer(),
  }),
};

/** Both sides may send it. Without a vendor nothing is known about it, which UnknownVendorId answers well. */
export const dataTransfer = {
  request: message({
    vendorId: text(255, { whenMissing: '' }),
    messageId: Type.Optional(text(50)),
    data: Type.Optional(unlimitedText({ acceptJson: true })),
  }),
  response: message({
    status: oneOf(['Accepted', 'Rejected', 'UnknownMessageId', 'UnknownVendorId']),
    data: Type.Optional(unlimitedText({ acceptJson: true })),
  }),
};

export const heartbeat = {
  request: emptyMessage,
  response: message({ currentTime: time() }),
};

export const meterValues = {
  request: message({
    connectorId: integer({ minimum: 0, whenMissing: 0 }),
    transactionId: Type.Optional(integer()),
    meterValue: listOf(meterValue, { whenUnusable: [], dropBadItems: true }),
  }),
  response: emptyMessage,
};

export const startTransaction = {
  request: message({
    connectorId: integer({ minimum: 1, whenMissing: 0 }),
    /** Missing: the transaction is recorded all the same and answered Invalid, because energy may flow already. */
    idTag: text(20, { whenMissing: '' }),
    /** Wh */
    meterStart: integer({ whenUnusable: 0 }),
    reservationId: Type.Optional(integer()),
    timestamp: time({ mayStayMissing: true }),
  }),
  response: message({ idTagInfo, transactionId: integer() }),
};

const chargePointErrorCodes = [
  'ConnectorLockFailure',
  'EVCommunicationError',
  'GroundFailure',
  'HighTemperature',
  'InternalError',
  'LocalListConflict',
  'NoError',
  'OtherError',
  'OverCurrentFailure',
  'OverVoltage',
  'PowerMeterFailure',
  'PowerSwitchFailure',
  'ReaderFailure',
  'ResetFailure',
  'UnderVoltage',
  'WeakSignal',
] as const;

const chargePointStatuses = [
  'Available',
  'Preparing',
  'Charging',
  'SuspendedEVSE',
  'SuspendedEV',
  'Finishing',
  'Reserved',
  'Unavailable',
  'Faulted',
] as const;

export const statusNotification = {
  request: message({
    connectorId: integer({ minimum: 0, whenMissing: 0 }),
    errorCode: oneOf(chargePointErrorCodes, { whenMissing: 'NoError' }),
    info: Type.Optional(text(50)),
    status: oneOf(chargePointStatuses),
    timestamp: Type.Optional(time()),
    vendorId: Type.Optional(text(255)),
    vendorErrorCode: Type.Optional(text(50)),
  }),
  response: emptyMessage,
};

const stopReasons = [
  'DeAuthorized',
  'EmergencyStop',
  'EVDisconnected',
  'HardReset',
  'Local',
  'Other',
  'PowerLoss',
  'Reboot',
  'Remote',
  'SoftReset',
  'UnlockCommand',
] as const;

export const stopTransaction = {
  request: message({
    idTag: Type.Optional(idToken),
    /** Wh */
    meterStop: integer({ whenUnusable: 0 }),
    timestamp: time({ mayStayMissing: true }),
    /** −1 is what stations send that never got an id (erratum 3.54): the receiver has to search by other means. */
    transactionId: integer({ whenUnusable: -1 }),
    /** Local when absent. */
    reason: Type.Optional(oneOf(stopReasons)),
    transactionData: Type.Optional(listOf(meterValue, { dropBadItems: true })),
  }),
  response: message({ idTagInfo: Type.Optional(idTagInfo) }),
};
