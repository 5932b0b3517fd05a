import { type Static, Type } from '@sinclair/typebox';
import { type Alarm, alarmKinds } from '../../domain/alarm/alarm.js';
import { alarmNode, describeAlarm } from '../../domain/alarm/alarm-words.js';
import { instant, nullable, oneOf, toIso } from '../shared.js';

/** Names and order are a contract: CSV columns follow them. */
export const alarmView = Type.Object({
  id: Type.String(),
  created: instant,
  /** `CP001 Connector: 1`, or `CP001` for the station as a whole. */
  node: Type.String(),
  /** What it is, and what the station said of it. */
  description: Type.String(),
  /** When the condition began; by the clock of the station, where it is believed. */
  since: instant,
  /** Names of the rules that were for it when it was opened. */
  rule: nullable(Type.String()),
  kind: oneOf(...alarmKinds),
  /** `clearing`: the condition is gone, and the alarm clears unless it comes back soon. */
  state: oneOf('open', 'clearing', 'cleared'),
  /** How often the condition came. */
  count: Type.Integer(),
  stationId: Type.String(),
  connector: nullable(Type.Integer()),
  /** It began while a maintenance window was open: nobody was told. */
  maintenance: Type.Boolean(),
  acked: nullable(instant),
  ackedBy: nullable(Type.String()),
  cleared: nullable(instant),
  /** Who cleared it by hand; null when it cleared by itself. */
  clearedBy: nullable(Type.String()),
  note: nullable(Type.String()),
});
export type AlarmView = Static<typeof alarmView>;

export function toAlarmView(alarm: Alarm): AlarmView {
  const { uuid, kind, stationId, connector, rule, count, maintenance, ackedBy, clearedBy, note } = alarm;
  return {
    id: uuid,
    created: toIso(alarm.openedAt),
    node: alarmNode(alarm),
    description: describeAlarm(alarm),
    since: toIso(alarm.beganAt),
    rule,
    kind,
    state: stateOf(alarm),
    count,
    stationId,
    connector,
    maintenance,
    acked: toIso(alarm.ackedAt),
    ackedBy,
    cleared: toIso(alarm.clearedAt),
    clearedBy,
    note,
  };
}

/** Security events clear by themselves after a day; that says nothing of whether they are over. */
function stateOf({ kind, clearsAt, clearedAt }: Alarm): AlarmView['state'] {
  if (clearedAt !== null) return 'cleared';
  return clearsAt === null || kind === 'security' ? 'open' : 'clearing';
}
