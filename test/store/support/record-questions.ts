import { createdAt, newBreach, newCertificate, newFault, newSigningRequest, newStay } from './fixtures.js';
import { huge, low, odd } from './odd-values.js';
import type { QuestionsTo } from './question.js';

export const recordQuestions: QuestionsTo<
  'unknownStations' | 'breaches' | 'events' | 'connections' | 'faults' | 'certificates' | 'signingRequests'
> = {
  unknownStations: {
    note: ['x', odd].map((id) => (r) => {
      return r.unknownStations.note({ id, address: odd, protocol: null, at: low });
    }),
    list: [(r) => r.unknownStations.list()],
    forget: [(r) => r.unknownStations.forget(odd), (r) => r.unknownStations.forget('none')],
  },
  breaches: {
    note: [
      (r) => r.breaches.note('station-CP1', [newBreach('CP1', { place: odd, detail: '', lastAt: low })]),
      (r) => {
        const many = Array.from({ length: 100 }, (_, i) => newBreach('CP1', { place: `/${i}`, lastAt: i }));
        return r.breaches.note('station-CP1', many);
      },
      (r) => r.breaches.note('none', []),
    ],
    listByStation: [(r) => r.breaches.listByStation('station-CP1'), (r) => r.breaches.listByStation('none')],
    deleteByStation: [(r) => r.breaches.deleteByStation('station-CP1')],
  },
  events: {
    insert: [
      (r) => {
        const station = { stationUuid: odd, stationId: odd, connector: low };
        return r.events.insert({ at: 1, receivedAt: 2, ...station, kind: '', detail: odd });
      },
    ],
    list: [
      (r) => r.events.list({}, { limit: huge }),
      (r) => r.events.list({ stationId: odd }, { limit: 1 }),
      (r) => r.events.list({ kind: 'station' }, { limit: 9, before: 2 }),
      (r) => r.events.list({ kind: 'station.booted', siteUuid: 's' }, { limit: 9 }),
      (r) => r.events.list({ siteUuids: ['s', 'u'] }, { limit: 9 }),
      (r) => r.events.list({ siteUuids: [] }, { limit: 9 }),
      (r) => r.events.list({ kind: 'station.boot', from: low, to: huge }, { limit: 9, before: huge }),
    ],
    listAfter: [
      (r) => r.events.listAfter({}, { after: 1, limit: huge }),
      (r) => r.events.listAfter({ stationId: 'CP1', kind: odd }, { after: low, limit: 2 }),
    ],
    lastSequence: [(r) => r.events.lastSequence()],
    count: [(r) => r.events.count({}), (r) => r.events.count({ kind: 'station', from: 0, to: 1 })],
  },
  connections: {
    insert: [(r) => r.connections.insert(newStay(odd, { reason: odd, code: huge, initiator: 'protocol' }))],
    end: ['a', 'b', 'none'].map((uuid) => (r) => {
      return r.connections.end({ uuid, closedAt: huge, code: 1, initiator: 'server', reason: odd });
    }),
    findByUuid: [(r) => r.connections.findByUuid('a'), (r) => r.connections.findByUuid(odd)],
    listOpen: [(r) => r.connections.listOpen(9), (r) => r.connections.listOpen(1)],
    list: [
      (r) => r.connections.list({}, { limit: huge }),
      (r) => r.connections.list({}, { limit: 1, after: { openedAt: huge, uuid: 'c' } }),
      (r) => r.connections.list({ stationId: 'CP1', from: 8, to: huge, open: true }, { limit: 9 }),
      (r) => r.connections.list({ siteUuids: ['s'] }, { limit: 9 }),
      (r) => r.connections.list({ code: 1006, initiator: 'lost', open: false }, { limit: 9 }),
    ],
    count: [(r) => r.connections.count({}), (r) => r.connections.count({ from: 8, to: 9, open: true })],
  },
  faults: {
    insert: [(r) => r.faults.insert(newFault(odd, { connector: low }))],
    update: [
      (r) => r.faults.update('a', { endedAt: huge, info: null, vendorErrorCode: null, status: odd }),
      (r) => r.faults.update('b', {}),
      (r) => r.faults.update('none', { vendorErrorCode: odd }),
    ],
    findByUuid: [(r) => r.faults.findByUuid('a'), (r) => r.faults.findByUuid(odd)],
    findLatest: [1, huge, low].map((connector) => (r) => r.faults.findLatest('station-CP1', connector)),
    list: [
      (r) => r.faults.list({}, { limit: huge }),
      (r) => r.faults.list({}, { limit: 1, after: { beganAt: huge, uuid: 'c' } }),
      (r) => r.faults.list({ stationId: 'CP1', connector: huge, from: 7, to: 9 }, { limit: 9 }),
      (r) => r.faults.list({ siteUuids: ['s'] }, { limit: 9 }),
      (r) => r.faults.list({ error: odd.toUpperCase(), active: true }, { limit: 9 }),
      (r) => r.faults.list({ error: 'ä', active: false }, { limit: 9 }),
    ],
    count: [(r) => r.faults.count({}), (r) => r.faults.count({ from: 8, to: 9, active: true })],
  },
  certificates: {
    insert: [
      (r) => r.certificates.insert(newCertificate('a', { serial: odd })),
      (r) => r.certificates.insert(newCertificate('d', { notBefore: low, pem: odd })),
    ],
    update: [
      (r) => r.certificates.update('b', { revokedAt: huge, reason: 'key-compromise', installedAt: 1 }),
      (r) => r.certificates.update('a', {}),
      (r) => r.certificates.update(odd, { certFile: odd }),
    ],
    find: ['a', 'A', odd].map((fingerprint) => (r) => r.certificates.find(fingerprint)),
    listBySerial: ['4a', odd].map((serial) => (r) => r.certificates.listBySerial(serial)),
    list: [
      (r) => r.certificates.list({}, { limit: huge }),
      (r) => r.certificates.list({}, { limit: 1, after: { issuedAt: createdAt, fingerprint: 'b' } }),
      (r) => r.certificates.list({ stationId: 'CP1', kind: 'station', revoked: false }, { limit: 9 }),
      (r) => r.certificates.list({ revoked: true, endsAfter: 5, endsBy: huge }, { limit: 9 }),
      (r) => r.certificates.list({ siteUuids: ['site-Hof'] }, { limit: 9 }),
    ],
    count: [(r) => r.certificates.count({}), (r) => r.certificates.count({ kind: 'ca' })],
  },
  signingRequests: {
    insert: [(r) => r.signingRequests.insert(newSigningRequest({ stationId: odd }))],
    find: [1, huge].map((id) => (r) => r.signingRequests.find(id)),
    findOpen: ['station-CP1', odd].map((uuid) => (r) => r.signingRequests.findOpen(uuid)),
    listDue: [createdAt, huge].map((now) => (r) => r.signingRequests.listDue(now, 9)),
    update: [
      (r) => r.signingRequests.update(1, { state: 'installed', endedAt: huge, failure: odd }),
      (r) => r.signingRequests.update(2, {}),
    ],
    keepNewest: [(r) => r.signingRequests.keepNewest('station-CP1', 1)],
  },
};
