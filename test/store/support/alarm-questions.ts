import {
  createdAt,
  newAlarm,
  newAlarmRule,
  newMaintenance,
  newOutage,
  newOutboxMessage,
} from './fixtures.js';
import { huge, low, odd, together } from './odd-values.js';
import type { QuestionsTo } from './question.js';

export const alarmQuestions: QuestionsTo<
  'alarms' | 'alarmRules' | 'outages' | 'notices' | 'watchState' | 'maintenance' | 'outbox'
> = {
  alarms: {
    insert: [(r) => r.alarms.insert(newAlarm(odd, { maintenance: true, connector: null, clearsAt: huge }))],
    update: [
      (r) => r.alarms.update('alarm-1', { clearedAt: huge, clearedBy: odd, note: odd }),
      (r) => r.alarms.update('none', { count: 2 }),
    ],
    findByUuid: [(r) => r.alarms.findByUuid('alarm-1'), (r) => r.alarms.findByUuid('none')],
    findByPrefix: [(r) => r.alarms.findByPrefix('alarm'), (r) => r.alarms.findByPrefix('alarm-2')],
    findOpen: [
      (r) => r.alarms.findOpen(newAlarm('')),
      (r) => r.alarms.findOpen(newAlarm('', { connector: null, kind: 'security', condition: odd })),
      (r) => r.alarms.findOpen(newAlarm('', { connector: null })),
    ],
    listOpen: [(r) => r.alarms.listOpen(), (r) => r.alarms.listOpen('station-CP1')],
    listClearing: [(r) => r.alarms.listClearing(huge, 1)],
    listNeverConnected: [1, 9].map((limit) => (r) => r.alarms.listNeverConnected({ until: huge, limit })),
    findNextClearing: [(r) => r.alarms.findNextClearing()],
    list: [
      (r) => r.alarms.list({}, { limit: 2 }),
      (r) => r.alarms.list({ open: true, stationId: 'CP1', acked: false, to: huge }, { limit: 9 }),
      (r) => r.alarms.list({ siteUuid: 's', groupUuid: 'group-Night' }, { limit: 9 }),
      (r) => r.alarms.list({ siteUuids: [] }, { limit: 9 }),
      (r) => r.alarms.list({ maintenance: true }, { limit: 9 }),
      (r) => r.alarms.list({ maintenance: false }, { limit: 9 }),
      (r) => r.alarms.list({ kind: 'security', connector: 1 }, { limit: 9 }),
      (r) => r.alarms.list({ from: low }, { limit: 9, after: { openedAt: createdAt, uuid: 'alarm-2' } }),
    ],
    count: [(r) => r.alarms.count({ open: false }), (r) => r.alarms.count({ siteUuids: ['s'] })],
    countByStation: [{}, { open: true, connector: null }].map(
      (filter) => (r) => r.alarms.countByStation(filter),
    ),
    countOpenByKind: [(r) => r.alarms.countOpenByKind()],
  },
  alarmRules: {
    insert: [
      (r) =>
        r.alarmRules.insert(newAlarmRule(odd, { scope: { kind: 'site', siteUuid: 's' }, deliberate: true })),
    ],
    update: [
      (r) =>
        r.alarmRules.update('rule-Night', {
          scope: { kind: 'group', groupUuid: 'group-Day' },
          stepsMs: [huge],
          enabled: false,
        }),
      (r) => r.alarmRules.update('rule-Night', {}),
    ],
    delete: [(r) => r.alarmRules.delete('rule-Night'), (r) => r.alarmRules.delete('none')],
    findByName: [(r) => r.alarmRules.findByName('NIGHT'), (r) => r.alarmRules.findByName(odd)],
    list: [(r) => r.alarmRules.list()],
    listEnabled: [(r) => r.alarmRules.listEnabled()],
    listUuidsByStation: [
      (r) => r.alarmRules.listUuidsByStation('station-CP1'),
      (r) => r.alarmRules.listUuidsByStation('none'),
    ],
    forgetStation: [(r) => r.alarmRules.forgetStation('station-CP1')],
  },
  outages: {
    insert: [(r) => r.outages.insert(newOutage(odd, { deliberate: true, nextStepAt: huge }))],
    update: [(r) => r.outages.update('outage-1', { nextStepAt: null, endedAt: huge, deliberate: true })],
    listUnwatched: [(r) => r.outages.listUnwatched(1), (r) => r.outages.listUnwatched(9)],
    findOpen: [(r) => r.outages.findOpen('station-CP1'), (r) => r.outages.findOpen('none')],
    listOpen: [(r) => r.outages.listOpen()],
    listDue: [(r) => r.outages.listDue(huge, 1)],
    listOpenAfter: [
      (r) => r.outages.listOpenAfter({ after: '', limit: 2 }),
      (r) => r.outages.listOpenAfter({ after: 'outage-3', limit: 9 }),
    ],
    findNextStep: [(r) => r.outages.findNextStep()],
    countTogether: [together, { ...together, stepMs: 1 }].map(
      (about) => (r) => r.outages.countTogether(about),
    ),
    joinStorm: [(r) => r.outages.joinStorm(odd, together)],
    listStormDue: [
      (r) => r.outages.listStormDue(odd, { now: huge, after: '', limit: 2 }),
      (r) => r.outages.listStormDue(odd, { now: low, after: '', limit: 2 }),
    ],
    moveStorm: [(r) => r.outages.moveStorm(odd, huge, low), (r) => r.outages.moveStorm(odd, huge, null)],
    findStormBack: [(r) => r.outages.findStormBack(odd), (r) => r.outages.findStormBack('none')],
    listBack: [(r) => r.outages.listBack(huge, 2)],
    listStormBack: [(r) => r.outages.listStormBack(odd, { backAt: huge, after: '', limit: 2 })],
    endStormBack: [(r) => r.outages.endStormBack(odd, huge)],
    findNextBack: [(r) => r.outages.findNextBack()],
    putOff: [(r) => r.outages.putOff(-5)],
    endOrphans: [(r) => r.outages.endOrphans(huge, 1), (r) => r.outages.endOrphans(huge, 9)],
    removeEnded: [1, 9].map((limit) => (r) => r.outages.removeEnded({ endedBefore: huge, limit })),
  },
  notices: {
    note: [7, 8].map(
      (stepMs) => (r) =>
        r.notices.note({ subjectUuid: 'outage-1', stepMs, recipientKey: odd, ruleUuid: 'x', at: huge }),
    ),
    listBySubject: [(r) => r.notices.listBySubject('outage-1')],
    forget: [(r) => r.notices.forget('outage-1')],
  },
  watchState: {
    find: [(r) => r.watchState.find('aliveAt'), (r) => r.watchState.find('digestAt')],
    set: [(r) => r.watchState.set('aliveAt', low), (r) => r.watchState.set('lastEvent', 1)],
  },
  maintenance: {
    insert: [(r) => r.maintenance.insert(newMaintenance({ connector: 2, comment: odd }))],
    update: [(r) => r.maintenance.update(1, { to: huge }), (r) => r.maintenance.update(1, {})],
    find: [(r) => r.maintenance.find(1), (r) => r.maintenance.find(99)],
    findActive: [1, 2, null].map(
      (connector) => (r) => r.maintenance.findActive({ stationUuid: 'station-CP1', connector }, createdAt),
    ),
    list: [
      (r) => r.maintenance.list({}, createdAt, { limit: 9 }),
      (r) => r.maintenance.list({ state: 'active', siteUuid: 's' }, createdAt, { limit: 9 }),
      (r) => r.maintenance.list({ state: 'planned', siteUuids: [] }, 0, { limit: 9 }),
      (r) => r.maintenance.list({ state: 'past' }, huge, { limit: 9, before: { from: createdAt, id: 2 } }),
    ],
    listNotOver: [
      (r) => r.maintenance.listNotOver('station-CP1', createdAt),
      (r) => r.maintenance.listNotOver(odd, low),
    ],
    count: [
      (r) => r.maintenance.count({ stationId: 'CP1' }, createdAt),
      (r) => r.maintenance.count({ state: 'cancelled' }, createdAt),
    ],
  },
  outbox: {
    insert: [(r) => r.outbox.insert(newOutboxMessage({ recipient: odd, createdAt: huge }))],
    find: [1, huge].map((id) => (r) => r.outbox.find(id)),
    update: [
      (r) => r.outbox.update(1, { state: 'dead', lastError: odd, endedAt: huge, nextAttemptAt: null }),
      (r) => r.outbox.update(2, {}),
      (r) => r.outbox.update(huge, { attempts: huge }),
    ],
    findFirstPending: [
      (r) => r.outbox.findFirstPending({ channel: 'mail', recipient: 'Ada@Example.org' }),
      (r) => r.outbox.findFirstPending({ channel: 'webhook', recipient: 'https://ä.example' }),
    ],
    findThreadStart: [
      (r) => r.outbox.findThreadStart({ channel: 'mail', recipient: 'ADA@example.org' }, odd),
      (r) => r.outbox.findThreadStart({ channel: 'mail', recipient: odd }, odd),
    ],
    listDue: [
      (r) => r.outbox.listDue('mail', { now: createdAt, horizon: createdAt, limit: 9 }),
      (r) => r.outbox.listDue('mail', { now: createdAt - 1, horizon: huge, limit: 9 }),
      (r) => r.outbox.listDue('webhook', { now: huge, horizon: huge, limit: 1 }),
    ],
    findNextAttempt: [(r) => r.outbox.findNextAttempt('mail'), (r) => r.outbox.findNextAttempt('webhook')],
    listPending: [(r) => r.outbox.listPending(huge), (r) => r.outbox.listPending(1)],
    listExpired: [
      (r) => r.outbox.listExpired('mail', { now: huge, limit: huge }),
      (r) => r.outbox.listExpired('webhook', { now: createdAt, limit: 1 }),
    ],
    list: [
      (r) => r.outbox.list({}, { limit: huge }),
      (r) => r.outbox.list({ state: 'sent' }, { limit: 1, before: huge }),
      (r) => r.outbox.list({ recipient: 'ADA@EXAMPLE.ORG', channel: 'mail' }, { limit: 9, before: 3 }),
      (r) => r.outbox.list({ recipient: 'https://Ä.example' }, { limit: 9 }),
    ],
    count: [(r) => r.outbox.count({}), (r) => r.outbox.count({ state: 'pending', recipient: odd })],
    findOldestEnd: [(r) => r.outbox.findOldestEnd()],
    removeEnded: [
      (r) => r.outbox.removeEnded({ endedBefore: huge, limit: 1 }),
      (r) => r.outbox.removeEnded({ endedBefore: low, limit: 9 }),
    ],
  },
};
