import { Type } from '@sinclair/typebox';
import { integer, listOf, message, oneDecimal, oneOf, text, time, unlimitedText } from './schema-kit.js';

/** The types of OCPP 1.6 §7 that more than one message uses. Times are text; time.ts reads and writes them. */

/** Tags compare without regard to case (CiString20Type). */
export const idToken = text(20);

/** A connector or, with 0, the station as a whole. */
export const connectorOrStation = integer({ minimum: 0 });

/** A connector; 0 is not allowed. */
export const connector = integer({ minimum: 1 });

export const emptyMessage = message({});

export const acceptedOrRejected = oneOf(['Accepted', 'Rejected']);

const authorizationStatuses = ['Accepted', 'Blocked', 'Expired', 'Invalid', 'ConcurrentTx'] as const;

export const idTagInfo = message({
  expiryDate: Type.Optional(time()),
  parentIdTag: Type.Optional(idToken),
  status: oneOf(authorizationStatuses),
});

const measurands = [
  'Energy.Active.Export.Register',
  'Energy.Active.Import.Register',
  'Energy.Reactive.Export.Register',
  'Energy.Reactive.Import.Register',
  'Energy.Active.Export.Interval',
  'Energy.Active.Import.Interval',
  'Energy.Reactive.Export.Interval',
  'Energy.Reactive.Import.Interval',
  'Power.Active.Export',
  'Power.Active.Import',
  'Power.Offered',
  'Power.Reactive.Export',
  'Power.Reactive.Import',
  'Power.Factor',
  'Current.Import',
  'Current.Export',
  'Current.Offered',
  'Voltage',
  'Frequency',
  'Temperature',
  'SoC',
  'RPM',
] as const;

const readingContexts = [
  'Interruption.Begin',
  'Interruption.End',
  'Sample.Clock',
  'Sample.Periodic',
  'Transaction.Begin',
  'Transaction.End',
  'Trigger',
  'Other',
] as const;

const phases = ['L1', 'L2', 'L3', 'N', 'L1-N', 'L2-N', 'L3-N', 'L1-L2', 'L2-L3', 'L3-L1'] as const;

/** Both spellings of Celsius are official: the first schema had a typing error that stations were built to. */
const units = [
  'Wh',
  'kWh',
  'varh',
  'kvarh',
  'W',
  'kW',
  'VA',
  'kVA',
  'var',
  'kvar',
  'A',
  'V',
  'K',
  'Celcius',
  'Celsius',
  'Fahrenheit',
  'Percent',
] as const;

/** Frequency is a measurand, but its unit was forgotten in the enumeration; erratum 3.84 says Hertz. */
const unitAliases = { Hertz: 'Hertz', Hz: 'Hertz', '%': 'Percent', C: 'Celsius', '°C': 'Celsius' };

const sampledValue = message({
  value: unlimitedText(),
  context: Type.Optional(oneOf(readingContexts)),
  format: Type.Optional(oneOf(['Raw', 'SignedData'])),
  measurand: Type.Optional(oneOf(measurands)),
  phase: Type.Optional(oneOf(phases)),
  location: Type.Optional(oneOf(['Cable', 'EV', 'Inlet', 'Outlet', 'Body'])),
  unit: Type.Optional(oneOf(units, { aliases: unitAliases })),
});

/** One instant of a meter. Without a usable timestamp the receiver's time has to do. */
export const meterValue = message({
  timestamp: time({ mayStayMissing: true }),
  sampledValue: listOf(sampledValue, { whenUnusable: [], dropBadItems: true }),
});

export const chargingRateUnit = oneOf(['A', 'W']);

export const chargingProfilePurpose = oneOf(['ChargePointMaxProfile', 'TxDefaultProfile', 'TxProfile']);

/** Limits are in the schedule's unit, ampere or watt, with at most one decimal. */
const chargingSchedulePeriod = message({
  /** Seconds from the start of the schedule. */
  startPeriod: integer(),
  limit: oneDecimal(),
  /** 3 when absent. */
  numberPhases: Type.Optional(integer()),
});

export const chargingSchedule = message({
  /** Seconds. */
  duration: Type.Optional(integer()),
  startSchedule: Type.Optional(time()),
  chargingRateUnit,
  chargingSchedulePeriod: listOf(chargingSchedulePeriod),
  minChargingRate: Type.Optional(oneDecimal()),
});

export const chargingProfile = message({
  chargingProfileId: integer(),
  transactionId: Type.Optional(integer()),
  stackLevel: integer({ minimum: 0 }),
  chargingProfilePurpose,
  chargingProfileKind: oneOf(['Absolute', 'Recurring', 'Relative']),
  recurrencyKind: Type.Optional(oneOf(['Daily', 'Weekly'])),
  validFrom: Type.Optional(time()),
  validTo: Type.Optional(time()),
  chargingSchedule,
});
