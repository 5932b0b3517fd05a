import { adviceWhenOff } from '../domain/alarm/mail-configuration.js';
import type { AlarmView } from '../operations/alarm/alarm-view.js';
import type { EventView } from '../operations/record/event-view.js';
import { cut } from './cut.js';
import { eventList } from './event.js';
import { instant, oneLine, relative, text } from './format.js';
import type { RecordView } from './record.js';
import type { ListView } from './table.js';
import type { Terminal } from './terminal.js';

/** Characters of an id that are shown in a table: enough to name an alarm by. */
const shortId = 8;

/** Names of rules have so much room at least, and what a terminal has beyond so many columns. */
const ruleMin = 11;
const ruleFrom = 100;

const dayMs = 24 * 3600_000;

const time = (value: string | null, _row: object, terminal: Terminal) => instant(value, terminal);

const columns: ListView<AlarmView>['columns'] = {
  id: { title: 'ID', show: (value) => value.slice(0, shortId) },
  created: { title: 'CREATED', show: (value, _row, terminal) => soon(value, terminal) },
  node: { title: 'NODE' },
  description: {
    title: 'DESCRIPTION',
    isMain: true,
    show: (value, row, terminal) => inColour(row, terminal)(value),
  },
  // How long ago, without saying so: tables are narrow.
  since: { title: 'SINCE', show: (value, _row, terminal) => relative(value, terminal).replace(/ ago$/, '') },
  rule: { title: 'RULE', show: (value, _row, terminal) => namesOfRules(value, terminal) },
  kind: { title: 'KIND' },
  state: { title: 'STATE', show: (value, row, terminal) => inColour(row, terminal)(value) },
  count: { title: 'TIMES', align: 'right' },
  stationId: { title: 'STATION' },
  connector: { title: 'CONN', align: 'right' },
  maintenance: { title: 'MAINTENANCE' },
  acked: { title: 'ACKED', show: (value, _row, terminal) => soon(value, terminal) },
  ackedBy: { title: 'ACKED BY' },
  cleared: { title: 'CLEARED', show: (value, _row, terminal) => soon(value, terminal) },
  clearedBy: { title: 'CLEARED BY' },
  note: { title: 'NOTE' },
};

/** Names and order are a contract (operations/alarm/alarm-view.ts). */
export const alarmList: ListView<AlarmView> = {
  columns,
  // What fits into 80 columns.
  defaults: ['id', 'created', 'node', 'description', 'since', 'rule'],
  whereRoom: ['count', 'acked', 'maintenance', 'note'],
  id: ({ id }) => id,
  empty: 'No alarms are open.',
};

export const alarmHistory: ListView<AlarmView> = {
  columns,
  defaults: ['id', 'created', 'cleared', 'node', 'description'],
  whereRoom: ['rule', 'count', 'clearedBy', 'note', 'acked', 'maintenance'],
  id: ({ id }) => id,
  empty: 'No alarms match.',
};

export const alarmRecord: RecordView<AlarmView & { readonly events: EventView[] }> = {
  fields: {
    ...columns,
    id: { title: 'ID' },
    created: { title: 'CREATED', show: time },
    since: { title: 'SINCE', show: time },
    rule: { title: 'RULE' },
    count: { title: 'TIMES' },
    connector: { title: 'CONNECTOR' },
    acked: { title: 'ACKED', show: time },
    cleared: { title: 'CLEARED', show: time },
    events: { title: 'WHAT HAPPENED', list: { ...eventList, empty: 'Nothing that is still known.' } },
  },
};

/** What was done with alarms, a line each. */
export function handled(word: string, alarms: readonly AlarmView[]): string {
  return alarms
    .map(
      ({ id, node, description }) =>
        `${word} ${id.slice(0, shortId)}: ${oneLine(node)}, ${oneLine(description)}\n`,
    )
    .join('');
}

/** What was cleared although it may last, for stderr. */
export function stillLasting(ids: readonly string[]): string {
  const names = ids.map((id) => id.slice(0, shortId)).join(', ');
  return ids.length === 1
    ? `The condition of ${names} may still last: it opens an alarm again only when it comes anew.`
    : `The conditions of ${names} may still last: they open alarms again only when they come anew.`;
}

/** For stderr, so that nobody waits for mail that does not come. */
export function mailIsOff(why: string): string {
  // Short enough for a narrow terminal.
  const how = why.includes('mail.host') ? 'evfleet settings set mail.host=… mail.from=…' : adviceWhenOff(why);
  return `Mail is off: ${why}. ${how}`;
}

/** The time alone where that is of today, else the day: tables are narrow. */
function soon(value: string | null, terminal: Terminal): string {
  const whole = instant(value, terminal);
  if (value === null || !terminal.isTTY) return whole;
  const [day, time] = whole.split(' ');
  const today = instant(terminal.now(), terminal).split(' ')[0];
  const isNow = Math.abs(terminal.now() - Date.parse(value)) < dayMs && day === today;
  return text(isNow ? time : day, terminal);
}

/** The names of many rules must not take the room of where and what. */
function namesOfRules(names: string | null, terminal: Terminal): string {
  return names === null ? text(names, terminal) : cut(names, Math.max(ruleMin, terminal.columns - ruleFrom));
}

/** What nobody has seen stands out; what is over, or expected, stands back. */
function inColour({ state, acked, maintenance }: AlarmView, { paint }: Terminal): (text: string) => string {
  if (state === 'cleared' || maintenance) return paint.gray;
  if (acked !== null) return paint.yellow;
  return state === 'clearing' ? paint.green : paint.redBright;
}
