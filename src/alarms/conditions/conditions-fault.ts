import type { Alarm, AlarmKind } from '../../domain/alarm/alarm.js';
import { detailOf } from '../../domain/event-detail.js';
import { endAlarm, openAlarm } from '../alarm-book.js';
import type { EventHandler } from '../watch.js';

/** OCPP 1.6 §7.6. What is not here, vendors' own codes included, is a fault of the hardware. */
const kindOfError: Readonly<Record<string, AlarmKind>> = {
  ConnectorLockFailure: 'connector-lock-failure',
  EVCommunicationError: 'vehicle-communication',
  GroundFailure: 'ground-failure',
  HighTemperature: 'high-temperature',
  LocalListConflict: 'configuration-fault',
  OverCurrentFailure: 'over-current',
  OverVoltage: 'voltage',
  PowerMeterFailure: 'power-meter-failure',
  PowerSwitchFailure: 'power-switch-failure',
  ReaderFailure: 'reader-failure',
  UnderVoltage: 'voltage',
  WeakSignal: 'weak-signal',
};

/** Kinds whose name leaves open which error it is. */
const needCode: ReadonlySet<AlarmKind> = new Set<AlarmKind>([
  'hardware-fault',
  'configuration-fault',
  'voltage',
]);

function alarmOfError(errorCode: string): AlarmKind {
  return (Object.hasOwn(kindOfError, errorCode) && kindOfError[errorCode]) || 'hardware-fault';
}

/** The error, then the code of its vendor, where there is one. */
function conditionOf(errorCode: string, vendorErrorCode: string): string {
  return vendorErrorCode === '' ? errorCode : `${errorCode} ${vendorErrorCode}`;
}

/** Of the same error: stations that name their own code only now and then speak of one condition all the same. */
function isSame({ condition }: Alarm, errorCode: string, vendorErrorCode: string): boolean {
  const wanted = conditionOf(errorCode, vendorErrorCode);
  if (vendorErrorCode === '') return condition === wanted || condition.startsWith(`${wanted} `);
  return condition === wanted || condition === errorCode;
}

export const faultBegan: EventHandler = async (context, event) => {
  const { errorCode, vendorErrorCode, info, status } = texts(detailOf(event));
  const kind = alarmOfError(errorCode);
  const place = placeOf(event);
  const open = await openFaults(context, event);
  const same = open.find((alarm) => alarm.kind === kind && isSame(alarm, errorCode, vendorErrorCode));
  const name = errorCode === 'NoError' ? status : errorCode;
  await openAlarm(context, {
    kind,
    ...place,
    condition: same?.condition ?? conditionOf(errorCode, vendorErrorCode),
    description: [needCode.has(kind) ? name : '', vendorErrorCode, info]
      .filter((said) => said !== '')
      .join(', '),
    at: event.at,
    seenAt: event.receivedAt,
  });
};

/** A connector has one fault at a time: when it is over, no other is left there. */
export const faultEnded: EventHandler = async (context, event) => {
  for (const alarm of await openFaults(context, event)) await endAlarm(context, alarm);
};

async function openFaults(...[{ r }, event]: Parameters<EventHandler>): Promise<Alarm[]> {
  const { connector } = placeOf(event);
  const open = await r.alarms.listOpen(event.stationUuid);
  return open.filter((alarm) => alarm.connector === connector && ofFaults.has(alarm.kind));
}

const ofFaults: ReadonlySet<AlarmKind> = new Set([...Object.values(kindOfError), 'hardware-fault' as const]);

/** Connector 0 is the station itself. */
export function placeOf({ stationUuid, stationId, connector }: Parameters<EventHandler>[1]) {
  return { station: { uuid: stationUuid, id: stationId }, connector: connector || null };
}

function texts(detail: Readonly<Record<string, unknown>>) {
  const text = (value: unknown) => (typeof value === 'string' ? value.trim() : '');
  return {
    errorCode: text(detail.errorCode),
    vendorErrorCode: text(detail.vendorErrorCode),
    info: text(detail.info),
    status: text(detail.status),
  };
}
