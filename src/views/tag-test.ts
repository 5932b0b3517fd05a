import type { RunningSession, StartTest, TagTest } from '../operations/people/tag-test.js';
import { instant, nothing, oneLine } from './format.js';
import type { RecordView } from './record.js';
import { state } from './states.js';
import type { ListView } from './table.js';
import type { Terminal } from './terminal.js';

const time = (value: string | null, _row: object, terminal: Terminal) => instant(value, terminal);

/** What a station is told, in the colour of what happens then. */
function verdict(value: string, _row: object, { paint }: Terminal): string {
  return value === 'Accepted' ? paint.green(value) : paint.red(value);
}

function names(value: readonly string[], _row: object, terminal: Terminal): string {
  return value.length === 0 ? nothing(terminal) : value.map(oneLine).join(', ');
}

const startList: ListView<StartTest> = {
  columns: {
    connector: { title: 'CONN', align: 'right' },
    mode: { title: 'MODE' },
    verdict: { title: 'ANSWER', show: verdict },
    code: { title: 'CODE' },
    reason: { title: 'REASON' },
  },
  defaults: ['connector', 'mode', 'verdict', 'reason'],
  id: ({ connector }) => String(connector),
  empty: 'The station has no connectors.',
};

const sessionList: ListView<RunningSession> = {
  columns: {
    transactionId: { title: 'NO', align: 'right' },
    stationId: { title: 'STATION' },
    connector: { title: 'CONN', align: 'right' },
    startTime: { title: 'STARTED', show: time },
  },
  defaults: ['transactionId', 'stationId', 'connector', 'startTime'],
  id: ({ transactionId }) => String(transactionId),
  empty: 'No session runs with it.',
};

export const tagTestRecord: RecordView<TagTest> = {
  fields: {
    tag: { title: 'TAG' },
    stationId: { title: 'STATION' },
    verdict: { title: 'ANSWER TO AUTHORIZE', show: verdict },
    code: { title: 'CODE' },
    reason: { title: 'REASON' },
    status: { title: 'STATUS', show: (value, _row, terminal) => state(value, terminal) },
    label: { title: 'LABEL' },
    user: { title: 'USER' },
    userDisabled: { title: 'USER DISABLED' },
    expires: { title: 'EXPIRES', show: time },
    parent: { title: 'PARENT' },
    maxActive: {
      title: 'AT MOST RUNNING',
      show: (value) => (value === null ? 'any number' : String(value)),
    },
    sites: { title: 'ONLY AT SITES', show: names },
    groups: { title: 'ONLY AT GROUPS', show: names },
    stationSite: { title: 'SITE OF STATION' },
    stationGroups: { title: 'GROUPS OF STATION', show: names },
    starts: { title: 'ANSWER TO A START', list: startList },
    sessions: { title: 'RUNNING SESSIONS', list: sessionList },
  },
};
