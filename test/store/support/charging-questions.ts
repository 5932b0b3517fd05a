import { createdAt, newProfile, newReservation, newSample, newSentList, newSession } from './fixtures.js';
import { huge, low, odd, oldest, stopped } from './odd-values.js';
import type { QuestionsTo } from './question.js';

export const chargingQuestions: QuestionsTo<
  'sessions' | 'samples' | 'remoteStarts' | 'localLists' | 'reservations' | 'chargingProfiles' | 'retention'
> = {
  sessions: {
    nextTransactionId: [(r) => r.sessions.nextTransactionId(), (r) => r.sessions.nextTransactionId()],
    findByUuid: [(r) => r.sessions.findByUuid('session-1'), (r) => r.sessions.findByUuid(odd)],
    findByTransactionId: [2, huge, huge - 1, low].map((id) => (r) => r.sessions.findByTransactionId(id)),
    findRegister: [1, huge, 2 ** 31, low].map((id) => (r) => r.sessions.findRegister(id)),
    findRepeatedStart: [odd.toUpperCase(), null, 'x'].map(
      (tag) => (r) => r.sessions.findRepeatedStart(newSession(1, { tag, connector: huge })),
    ),
    listOpen: [
      (r) => r.sessions.listOpen('station-CP1'),
      (r) => r.sessions.listOpen('station-CP1', huge),
      (r) => r.sessions.listOpen(odd, low),
    ],
    listOpenByTag: ['TAG1', odd.toUpperCase(), ''].map((tag) => (r) => r.sessions.listOpenByTag(tag)),
    listAllOpen: [(r) => r.sessions.listAllOpen()],
    listEndedSince: [
      (r) => r.sessions.listEndedSince({ startedFrom: low, endedFrom: low }, 100),
      (r) => r.sessions.listEndedSince({ startedFrom: createdAt + 2000, endedFrom: createdAt }, 1),
      (r) => r.sessions.listEndedSince({ startedFrom: low, endedFrom: huge }, 0),
    ],
    findStop: [
      (r) => r.sessions.findStop(stopped),
      (r) => r.sessions.findStop({ ...stopped, stoppedAs: -1 }),
      (r) => r.sessions.findStop({ ...stopped, stoppedAs: low }),
    ],
    listGuesses: [
      (r) => r.sessions.listGuesses('station-CP1', { stoppedAt: createdAt + 11_000, meterStopWh: 7 }),
      (r) => r.sessions.listGuesses('station-CP1', { stoppedAt: huge, meterStopWh: huge }),
    ],
    listOrphanStops: [
      (r) => r.sessions.listOrphanStops('station-CP1', { from: low, to: huge }),
      (r) => r.sessions.listOrphanStops('station-CP1', { from: createdAt + 11_000, to: huge }),
    ],
    list: [
      (r) => r.sessions.list({}),
      (r) => r.sessions.list({}, { limit: 2 }),
      (r) => r.sessions.list({}, { limit: 2, after: newSession(2) }),
      (r) => r.sessions.list({}, { after: { startedAt: huge, transactionId: low } }),
      (r) => r.sessions.list({ stationId: 'CP1', connector: huge, tag: odd, state: 'active' }),
      (r) => r.sessions.list({ siteUuid: 's', from: low, to: huge }),
      (r) => r.sessions.list({ userEmail: 'ADA@example.ORG' }),
      (r) => r.sessions.list({ userEmail: odd, userUuid: odd }),
      (r) => r.sessions.list({ siteUuids: ['s', 'u'] }),
      (r) => r.sessions.list({ siteUuids: [] }),
    ],
    count: [(r) => r.sessions.count({}), (r) => r.sessions.count({ from: low, to: createdAt + 2000 })],
    insert: [(r) => r.sessions.insert(newSession(5_000_000_000, { suspicion: odd }))],
    update: [
      (r) => r.sessions.update('session-1', { tag: null, stoppedAt: 1, meterStopWh: low, stopReason: odd }),
      (r) => r.sessions.update('none', { tag: odd }),
    ],
  },
  samples: {
    insert: [(r) => r.samples.insert([newSample(2, 1), newSample(null, 1, { stationUuid: odd })])],
    findLatest: [1, 2, 2 ** 31].map((id) => (r) => r.samples.findLatest(id)),
    listLatestOfOpen: [(r) => r.samples.listLatestOfOpen()],
    listRegistersAt: [
      (r) => r.samples.listRegistersAt([], undefined),
      (r) => r.samples.listRegistersAt([low, 0, createdAt + 2500, huge], undefined),
      (r) =>
        r.samples.listRegistersAt([createdAt + 500, createdAt + 2500, createdAt + 10_000], {
          startedFrom: low,
          endedFrom: createdAt,
        }),
    ],
    listBySession: [
      (r) => r.samples.listBySession(1),
      (r) => r.samples.listBySession(1, { limit: 3 }),
      (r) => r.samples.listBySession(1, { offset: 73 }),
      (r) => r.samples.listBySession(1, { limit: 2, offset: 1 }),
      (r) => r.samples.listBySession(huge, { limit: 0 }),
    ],
    countOrphans: [(r) => r.samples.countOrphans()],
    listOrphans: [
      (r) => r.samples.listOrphans('station-CP1', { limit: 5 }),
      (r) => r.samples.listOrphans('station-CP1', { connector: 1, from: low, to: huge, limit: 2 }),
    ],
  },
  remoteStarts: {
    insert: [
      (r) =>
        r.remoteStarts.insert({
          stationUuid: odd,
          connector: huge,
          tag: '',
          requestedAt: low,
          profile: null,
        }),
    ],
    take: [
      (r) => r.remoteStarts.take('s', huge, odd, 0),
      (r) => r.remoteStarts.take('s', 1, odd, 0),
      (r) => r.remoteStarts.take('s', 1, odd, 0),
    ],
    remove: [(r) => r.remoteStarts.remove(odd, '', low), (r) => r.remoteStarts.remove('s', odd, huge)],
    removeBefore: [(r) => r.remoteStarts.removeBefore(huge)],
  },
  localLists: {
    find: ['station-CP1', 'none'].map((uuid) => (r) => r.localLists.find(uuid)),
    save: [
      (r) => {
        const entry = { tag: odd, status: 'Blocked', expiresAt: low, parent: odd } as const;
        return r.localLists.save(newSentList('station-CP1', { contentKey: odd, entries: [entry] }));
      },
      (r) => r.localLists.save(newSentList('none', { isCertain: false, sentAt: null })),
    ],
    markUncertain: ['station-cp1', odd].map((uuid) => (r) => r.localLists.markUncertain(uuid, 9, huge)),
    listStale: [
      (r) => r.localLists.listStale(['other', odd], { limit: 9 }),
      (r) => r.localLists.listStale(['basis'], { limit: 1, after: 'station-CP1' }),
    ],
    listBases: [(r) => r.localLists.listBases()],
    markOutdated: ['station-CP1', odd].map((uuid) => (r) => r.localLists.markOutdated(uuid)),
    deleteByStation: ['station-CP1', odd].map((uuid) => (r) => r.localLists.deleteByStation(uuid)),
  },
  reservations: {
    insert: [(r) => r.reservations.insert(newReservation({ reason: odd }))],
    findById: [1, huge].map((id) => (r) => r.reservations.findById(id)),
    listOpen: ['station-CP1', odd].map((uuid) => (r) => r.reservations.listOpen(uuid)),
    list: [
      (r) => r.reservations.list({}, { limit: 9 }),
      (r) => r.reservations.list({ stationId: 'CP1', connector: 1, openAt: low }, { limit: 1 }),
      (r) => r.reservations.list({ siteUuids: ['s'] }, { limit: 9 }),
      (r) =>
        r.reservations.list({ tag: odd.toUpperCase(), openAt: huge - 1 }, { limit: 9, after: { id: 2 } }),
    ],
    count: [(r) => r.reservations.count({}), (r) => r.reservations.count({ openAt: 0, tag: 'x' })],
    update: [
      (r) => r.reservations.update(1, { state: 'lost', endedAt: low, reason: odd, transactionId: huge }),
      (r) => r.reservations.update(2, {}),
      (r) => r.reservations.update(huge, { reason: null }),
    ],
    listOverdue: [(r) => r.reservations.listOverdue(0, 9), (r) => r.reservations.listOverdue(huge, 1)],
    findOldestEnd: [(r) => r.reservations.findOldestEnd()],
    removeEnded: [oldest, oldest].map(({ limit }) => {
      return (r) => r.reservations.removeEnded({ endedBefore: huge, limit });
    }),
  },
  chargingProfiles: {
    put: [
      (r) => r.chargingProfiles.put(newProfile(1, {}, { stationUuid: 'station-cp1', connector: 7 })),
      (r) => r.chargingProfiles.put(newProfile(2, { stackLevel: huge }, { sentAt: huge })),
    ],
    listByStation: ['CP1', 'none'].map((id) => (r) => r.chargingProfiles.listByStation(`station-${id}`)),
    list: [
      (r) => r.chargingProfiles.list({ openAt: 9 }, { limit: huge }),
      (r) => r.chargingProfiles.list({ openAt: 8, siteUuid: 's' }, { limit: 2 }),
      (r) => r.chargingProfiles.list({ openAt: 8, siteUuids: ['s'] }, { limit: 2 }),
      (r) => r.chargingProfiles.list({ openAt: 8, stationUuid: 'station-_' }, { limit: 2 }),
      (r) => {
        const after = { stationId: 'CP1', ...newProfile(1) };
        return r.chargingProfiles.list({ openAt: 0 }, { limit: 2, after });
      },
    ],
    count: [0, 9].map((openAt) => (r) => r.chargingProfiles.count({ openAt, siteUuid: 's' })),
    remove: [
      (r) => r.chargingProfiles.remove('station-_', 2),
      (r) => r.chargingProfiles.remove('station-_', low),
    ],
    removeOver: [9, 9].map((now) => (r) => r.chargingProfiles.removeOver('station-CP1', now)),
    deleteByStation: [(r) => r.chargingProfiles.deleteByStation('station-CP1')],
  },
  retention: {
    listUnthinned: [(r) => r.retention.listUnthinned(huge, huge), (r) => r.retention.listUnthinned(0, 1)],
    listInstants: [
      (r) => r.retention.listInstants(1, { limit: huge }),
      (r) => r.retention.listInstants(1, { after: 70, limit: 2 }),
    ],
    removeSamples: [
      (r) => r.retention.removeSamples(1, { from: low, to: 3 }),
      (r) => r.retention.removeSamples(1, { from: 74, to: huge }),
      (r) => r.retention.removeSamples(huge - 1, { from: low, to: huge }),
    ],
    markThinned: [(r) => r.retention.markThinned(2, huge), (r) => r.retention.markThinned(low, 1)],
    removeOrphanSamples: [(r) => r.retention.removeOrphanSamples(oldest)],
    removeEvents: [(r) => r.retention.removeEvents(oldest), (r) => r.retention.removeEvents(oldest)],
    removeConnections: [oldest, oldest].map((page) => (r) => r.retention.removeConnections(page)),
    removeFaults: [oldest, oldest].map((page) => (r) => r.retention.removeFaults(page)),
    removeAlarms: [oldest, oldest].map((page) => (r) => r.retention.removeAlarms(page)),
    removeSessionNotices: [oldest, oldest].map((page) => (r) => r.retention.removeSessionNotices(page)),
    removeAudit: [oldest, oldest].map((page) => (r) => r.retention.removeAudit(page)),
  },
};
