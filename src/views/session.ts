import type { OrphanView, SampleView, SessionView } from '../operations/charging/session-view.js';
import type { Output } from '../operations/fleet.js';
import { duration, energyKwh, instant, nothing } from './format.js';
import type { RecordView } from './record.js';
import { state } from './states.js';
import type { ListView } from './table.js';
import type { Terminal } from './terminal.js';

const time = (value: string | null, _row: object, terminal: Terminal) => instant(value, terminal);
const energy = (value: number | null, _row: object, terminal: Terminal) => energyKwh(value, terminal);

function measured(unit: string, digits: number) {
  return (value: number | null, _row: object, terminal: Terminal) =>
    value === null ? nothing(terminal) : `${value.toFixed(digits)} ${unit}`;
}

/** Names and order are a contract (operations/charging/session-view.ts). */
export const sessionList: ListView<SessionView> = {
  columns: {
    sessionId: { title: 'SESSION ID' },
    transactionId: { title: 'NO', align: 'right' },
    startTime: { title: 'STARTED', show: time },
    stopTime: { title: 'STOPPED', show: time },
    duration: {
      title: 'DURATION',
      align: 'right',
      show: (value, _row, terminal) => duration(value, terminal),
    },
    energyKwh: { title: 'ENERGY', align: 'right', show: energy },
    station: { title: 'STATION NAME' },
    stationId: { title: 'STATION' },
    nodeIdentity: { title: 'NODE IDENTITY' },
    connector: { title: 'CONN', align: 'right' },
    evseId: { title: 'EVSE ID' },
    site: { title: 'SITE' },
    floor: { title: 'FLOOR' },
    authentication: { title: 'AUTH' },
    tag: { title: 'TAG' },
    userEmail: { title: 'USER' },
    meterStartKwh: { title: 'METER START', align: 'right', show: energy },
    meterStopKwh: { title: 'METER STOP', align: 'right', show: energy },
    stopReason: { title: 'STOP REASON' },
    state: { title: 'STATE', show: (value, _row, terminal) => state(value, terminal) },
    serverLogTime: { title: 'RECORDED', show: time },
  },
  // What fits into 80 columns.
  defaults: ['transactionId', 'state', 'startTime', 'duration', 'energyKwh', 'stationId', 'connector', 'tag'],
  id: ({ sessionId }) => sessionId,
  empty: 'No sessions match.',
};

export const sessionRecord: RecordView<SessionView> = { fields: sessionList.columns };

const measurements = {
  energyKwh: { title: 'REGISTER', align: 'right', show: energy },
  powerKw: { title: 'POWER', align: 'right', show: measured('kW', 2) },
  currentA: { title: 'CURRENT', align: 'right', show: measured('A', 1) },
  voltageV: { title: 'VOLTAGE', align: 'right', show: measured('V', 1) },
  soc: { title: 'SOC', align: 'right', show: measured('%', 0) },
  context: { title: 'CONTEXT' },
} as const;

export const sampleList: ListView<SampleView> = {
  columns: { time: { title: 'TIME', show: time }, ...measurements },
  defaults: ['time', 'energyKwh', 'powerKw', 'currentA', 'voltageV', 'soc'],
  id: ({ time }) => time,
  empty: 'The station reported no meter values during this session.',
};

export const orphanList: ListView<OrphanView> = {
  columns: {
    time: { title: 'TIME', show: time },
    connector: { title: 'CONN', align: 'right' },
    ...measurements,
  },
  defaults: ['time', 'connector', 'energyKwh', 'powerKw', 'currentA', 'voltageV', 'soc'],
  id: ({ time }) => time,
  empty: 'The station reported no meter values outside of sessions.',
};

/** What became of a session that a person closed, and what did not. */
export function sessionClosed(
  { session, stationOnline }: Output<'session.close'>,
  terminal: Terminal,
): string[] {
  const { transactionId, stationId, stopTime, energyKwh } = session;
  const ended = `ended ${instant(stopTime, terminal)}, ${energyKwh.toFixed(3)} kWh`;
  const done = `Closed session ${transactionId} of ${stationId} in the records: ${ended}.`;
  if (!stationOnline) return [done];
  const next = `To stop it there: evfleet remote stop ${transactionId}`;
  return [done, `The station is connected and was told nothing. ${next}`];
}
