import type { ActionName16 } from '../../../src/ocpp/v16/actions.js';

const at = '2026-03-29T12:00:00Z';
export const start = { connectorId: 1, idTag: 'A1', meterStart: 0, timestamp: at };
const stop = { meterStop: 5, timestamp: at, transactionId: 1 };
export const status = { connectorId: 1, errorCode: 'NoError', status: 'Available' };

/** Wraps one sampled value as MeterValues. */
export const sampled = (...sampledValue: unknown[]) => ({
  connectorId: 1,
  meterValue: [{ timestamp: at, sampledValue }],
});

/** What a station sent, what is made of it, and which breaches are reported. */
export interface Trap {
  readonly what: string;
  readonly action: ActionName16;
  readonly sent: unknown;
  readonly read: unknown;
  readonly breaches: readonly string[];
}

export const traps: readonly Trap[] = [
  {
    what: 'a Huawei station sends meterValue as one object instead of a list',
    action: 'MeterValues',
    sent: { connectorId: 1, meterValue: { timestamp: at, sampledValue: [{ value: '1' }] } },
    read: sampled({ value: '1' }),
    breaches: ['/meterValue type'],
  },
  {
    what: 'a station sends sampledValue as one object instead of a list',
    action: 'MeterValues',
    sent: { connectorId: 1, meterValue: [{ timestamp: at, sampledValue: { value: '1' } }] },
    read: sampled({ value: '1' }),
    breaches: ['/meterValue/0/sampledValue type'],
  },
  {
    what: 'a station sends meter readings as numbers',
    action: 'MeterValues',
    sent: sampled({ value: 1234.5 }),
    read: sampled({ value: '1234.5' }),
    breaches: ['/meterValue/0/sampledValue/0/value type'],
  },
  {
    what: 'a ChargeAmps station measures the frequency in Hz',
    action: 'MeterValues',
    sent: sampled({ value: '50', measurand: 'Frequency', unit: 'Hz' }),
    read: sampled({ value: '50', measurand: 'Frequency', unit: 'Hertz' }),
    breaches: ['/meterValue/0/sampledValue/0/unit enum'],
  },
  {
    what: 'a station measures the frequency in Hertz, as erratum 3.84 says',
    action: 'MeterValues',
    sent: sampled({ value: '50', unit: 'Hertz' }),
    read: sampled({ value: '50', unit: 'Hertz' }),
    breaches: [],
  },
  {
    what: 'both spellings of Celsius are right',
    action: 'MeterValues',
    sent: sampled({ value: '20', unit: 'Celcius' }, { value: '20', unit: 'Celsius' }),
    read: sampled({ value: '20', unit: 'Celcius' }, { value: '20', unit: 'Celsius' }),
    breaches: [],
  },
  {
    what: 'a station writes units and measurands in its own case',
    action: 'MeterValues',
    sent: sampled({ value: '1', unit: 'KWH', measurand: 'SOC' }),
    read: sampled({ value: '1', unit: 'kWh', measurand: 'SoC' }),
    breaches: ['/meterValue/0/sampledValue/0/measurand enum', '/meterValue/0/sampledValue/0/unit enum'],
  },
  {
    what: 'a station sends empty texts for what it does not know',
    action: 'MeterValues',
    sent: sampled({ value: '1', phase: '', context: null }),
    read: sampled({ value: '1' }),
    breaches: ['/meterValue/0/sampledValue/0/context type', '/meterValue/0/sampledValue/0/phase type'],
  },
  {
    what: 'one useless sample does not cost the others',
    action: 'MeterValues',
    sent: sampled({ value: null }, null, 'x', { value: '7' }),
    read: sampled({ value: '7' }),
    breaches: [
      '/meterValue/0/sampledValue/0/value required',
      '/meterValue/0/sampledValue/1 type',
      '/meterValue/0/sampledValue/2 type',
    ],
  },
  {
    what: 'MeterValues with nothing in it are answered',
    action: 'MeterValues',
    sent: {},
    read: { connectorId: 0, meterValue: [] },
    breaches: ['/connectorId required', '/meterValue required'],
  },
  {
    what: 'a transaction id that is a text is left out of MeterValues',
    action: 'MeterValues',
    sent: { connectorId: 0, transactionId: 'none', meterValue: [] },
    read: { connectorId: 0, meterValue: [] },
    breaches: ['/transactionId type'],
  },
  {
    what: 'a sample without a time gets the time of receipt from the caller',
    action: 'MeterValues',
    sent: { connectorId: 1, meterValue: [{ sampledValue: [{ value: '1' }] }] },
    read: { connectorId: 1, meterValue: [{ sampledValue: [{ value: '1' }] }] },
    breaches: ['/meterValue/0/timestamp required'],
  },
  {
    what: 'a Legrand station reports errorCode "Error"',
    action: 'StatusNotification',
    sent: { ...status, errorCode: 'Error' },
    read: { ...status, errorCode: 'Error' },
    breaches: ['/errorCode enum'],
  },
  {
    what: 'a status without errorCode is not refused',
    action: 'StatusNotification',
    sent: { connectorId: 1, status: 'Available' },
    read: status,
    breaches: ['/errorCode required'],
  },
  {
    what: 'an empty errorCode is no error',
    action: 'StatusNotification',
    sent: { ...status, errorCode: '' },
    read: status,
    breaches: ['/errorCode required'],
  },
  {
    what: 'a status without connector is the station itself',
    action: 'StatusNotification',
    sent: { errorCode: 'NoError', status: 'Available' },
    read: { ...status, connectorId: 0 },
    breaches: ['/connectorId required'],
  },
  {
    what: 'an unknown status is kept',
    action: 'StatusNotification',
    sent: { ...status, status: 'Occupied' },
    read: { ...status, status: 'Occupied' },
    breaches: ['/status enum'],
  },
  {
    what: 'over-long texts are kept in full',
    action: 'StatusNotification',
    sent: { ...status, info: 'i'.repeat(51), vendorErrorCode: 'e'.repeat(500) },
    read: { ...status, info: 'i'.repeat(51), vendorErrorCode: 'e'.repeat(500) },
    breaches: ['/info length', '/vendorErrorCode length'],
  },
  {
    what: 'a time without zone is kept, to be read as UTC',
    action: 'StatusNotification',
    sent: { ...status, timestamp: '2026-03-29T12:00:00' },
    read: { ...status, timestamp: '2026-03-29T12:00:00' },
    breaches: ['/timestamp format'],
  },
  {
    what: 'numbers sent as texts',
    action: 'StartTransaction',
    sent: { ...start, connectorId: '1', meterStart: ' 1234 ' },
    read: { ...start, meterStart: 1_234 },
    breaches: ['/connectorId type', '/meterStart type'],
  },
  {
    what: 'a meter that counts fractions of a watt-hour',
    action: 'StartTransaction',
    sent: { ...start, meterStart: 1_234.56 },
    read: { ...start, meterStart: 1_235 },
    breaches: ['/meterStart type'],
  },
  {
    what: 'a tag that is a number',
    action: 'StartTransaction',
    sent: { ...start, idTag: 12_345_678 },
    read: { ...start, idTag: '12345678' },
    breaches: ['/idTag type'],
  },
  {
    what: 'a transaction is recorded although its tag, meter and time are missing',
    action: 'StartTransaction',
    sent: { connectorId: 1, reservationId: null },
    read: { connectorId: 1, idTag: '', meterStart: 0 },
    breaches: ['/idTag required', '/meterStart required', '/reservationId type', '/timestamp required'],
  },
  {
    what: 'a transaction on connector 0 is recorded',
    action: 'StartTransaction',
    sent: { ...start, connectorId: 0 },
    read: { ...start, connectorId: 0 },
    breaches: ['/connectorId range'],
  },
  {
    what: 'unknown fields are kept',
    action: 'StartTransaction',
    sent: { ...start, vendorThing: { a: [1] } },
    read: { ...start, vendorThing: { a: [1] } },
    breaches: ['/vendorThing unknown-field'],
  },
  {
    what: 'a StopTransaction of a station that never got a transaction id is answered',
    action: 'StopTransaction',
    sent: { meterStop: 5, timestamp: at },
    read: { ...stop, transactionId: -1 },
    breaches: ['/transactionId required'],
  },
  {
    what: 'a StopTransaction with a meter that broke is answered',
    action: 'StopTransaction',
    sent: { ...stop, meterStop: 'defect', transactionId: 'none', reason: null },
    read: { meterStop: 0, timestamp: at, transactionId: -1 },
    breaches: ['/meterStop type', '/reason type', '/transactionId type'],
  },
  {
    what: 'a meter reading beyond all numbers is not taken over',
    action: 'StopTransaction',
    sent: { ...stop, meterStop: 1e300 },
    read: { ...stop, meterStop: 0 },
    breaches: ['/meterStop range'],
  },
  {
    what: 'an unknown stop reason is kept',
    action: 'StopTransaction',
    sent: { ...stop, reason: 'LocalOutOfCredit' },
    read: { ...stop, reason: 'LocalOutOfCredit' },
    breaches: ['/reason enum'],
  },
  {
    what: 'a BootNotification without vendor and model is read',
    action: 'BootNotification',
    sent: { chargePointSerialNumber: 123, meterType: null },
    read: { chargePointVendor: '', chargePointModel: '', chargePointSerialNumber: '123' },
    breaches: [
      '/chargePointModel required',
      '/chargePointSerialNumber type',
      '/chargePointVendor required',
      '/meterType type',
    ],
  },
  {
    what: 'a DataTransfer carries an object instead of a text',
    action: 'DataTransfer',
    sent: { vendorId: 'v', data: { price: [0.59] } },
    read: { vendorId: 'v', data: '{"price":[0.59]}' },
    breaches: ['/data type'],
  },
  {
    what: 'a security event without time is kept',
    action: 'SecurityEventNotification',
    sent: { type: 'TamperDetectionActivated' },
    read: { type: 'TamperDetectionActivated' },
    breaches: ['/timestamp required'],
  },
];
