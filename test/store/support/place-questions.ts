import { nameKinds } from '../../../src/domain/names.js';
import { newConnector, newFloor, newGroup, newSite, newStation } from './fixtures.js';
import { huge, low, odd } from './odd-values.js';
import type { Question, QuestionsTo } from './question.js';

export const placeQuestions: QuestionsTo<
  'names' | 'sites' | 'floors' | 'stations' | 'connectors' | 'groups'
> = {
  names: {
    list: nameKinds.flatMap((kind) =>
      ['', 'c', '1', 'Ä', '_'].flatMap((prefix): Question[] => [
        (r) => r.names.list({ kind, prefix, limit: 100 }),
        (r) => r.names.list({ kind, prefix, limit: 2, siteUuids: ['s', 't'] }),
        (r) =>
          r.names.list({ kind, prefix, limit: 9, station: 'CP1', site: 'DEPOT', vendor: 'ACME', model: odd }),
      ]),
    ),
  },
  sites: {
    findByName: [(r) => r.sites.findByName('DEPOT'), (r) => r.sites.findByName(odd)],
    list: [(r) => r.sites.list()],
    insert: [(r) => r.sites.insert(newSite(odd))],
    update: [
      (r) => r.sites.update('s', { name: `${odd}!`, lat: null, lon: 1e300 }),
      (r) => r.sites.update('s', {}),
      (r) => r.sites.update('none', { name: 'x' }),
    ],
    delete: [(r) => r.sites.delete('t'), (r) => r.sites.delete('none')],
  },
  floors: {
    findByName: [(r) => r.floors.findByName('s', 'ROOF'), (r) => r.floors.findByName('t', 'ROOF')],
    list: [(r) => r.floors.list(), (r) => r.floors.list('s'), (r) => r.floors.list('t')],
    insert: [(r) => r.floors.insert(newFloor('t', odd, { level: huge }))],
    update: [
      (r) => r.floors.update('Roof', { name: odd, level: null }),
      (r) => r.floors.update('none', { level: low }),
    ],
    delete: [(r) => r.floors.delete('Cellar'), (r) => r.floors.delete('none')],
  },
  stations: {
    findById: [(r) => r.stations.findById('CP1'), (r) => r.stations.findById('Cp1')],
    findByUuid: [(r) => r.stations.findByUuid('station-CP1'), (r) => r.stations.findByUuid(odd)],
    findPlaced: [
      (r) => r.stations.findPlaced('CP1'),
      (r) => r.stations.findPlaced('cp1'),
      (r) => r.stations.findPlaced(odd),
    ],
    listIds: [
      (r) => r.stations.listIds(),
      (r) => r.stations.listIds({ siteUuids: ['s', odd] }),
      (r) => r.stations.listIds({ siteUuids: [], groupUuid: 'group-Night' }),
    ],
    countByRegistration: [(r) => r.stations.countByRegistration()],
    list: [
      (r) => r.stations.list(),
      (r) => r.stations.list({ siteUuid: 's' }),
      (r) => r.stations.list({ siteUuids: ['s'] }),
      (r) => r.stations.list({ siteUuids: [] }),
      (r) => r.stations.list({ siteUuid: 's', groupUuid: 'group-Night' }),
    ],
    insert: [(r) => r.stations.insert(newStation(odd, { bootedAt: huge, lastSeenAt: low }))],
    update: [
      (r) => r.stations.update('station-CP1', { vendor: odd, offlineSinceAt: null, siteUuid: null }),
      (r) => r.stations.update('none', { name: odd }),
      (r) => {
        const pending = { pendingAuthKeyAt: huge, pendingAuthKeyState: 'reboot' } as const;
        return r.stations.update('station-cp1', { pendingAuthKeyHash: odd, ...pending });
      },
    ],
    touch: [
      (r) => r.stations.touch([{ uuid: 'station-CP1', lastSeenAt: huge }]),
      (r) => r.stations.touch([]),
    ],
    markAllOffline: [(r) => r.stations.markAllOffline()],
    delete: [(r) => r.stations.delete('station-cp1'), (r) => r.stations.delete('none')],
  },
  connectors: {
    find: [(r) => r.connectors.find('station-CP1', 2), (r) => r.connectors.find('station-CP1', huge - 1)],
    listByStation: [
      (r) => r.connectors.listByStation('station-CP1'),
      (r) => r.connectors.listByStation('station-CP1', { withStation: true }),
    ],
    list: [
      (r) => r.connectors.list(),
      (r) => r.connectors.list({ siteUuid: 's', groupUuid: 'group-Night' }, { withStation: true }),
    ],
    insert: [(r) => r.connectors.insert(newConnector('station-cp1', 5_000_000_000, { name: odd }))],
    reportStatus: [1, low].map((connector) => (r) => {
      const error = { errorCode: odd, vendorErrorCode: null, info: '' };
      return r.connectors.reportStatus({
        stationUuid: 'station-CP1',
        connector,
        status: 'Faulted',
        statusAt: huge,
        ...error,
      });
    }),
    update: [
      (r) => r.connectors.update('station-CP1', 2, { name: odd, maxPowerW: null }),
      (r) => r.connectors.update('station-CP1', low, { name: odd }),
    ],
    deleteByStation: [(r) => r.connectors.deleteByStation('station-cp1')],
    deleteAbove: [(r) => r.connectors.deleteAbove('station-CP1', 5_000_000_000)],
  },
  groups: {
    findByName: [(r) => r.groups.findByName('NIGHT'), (r) => r.groups.findByName(odd)],
    list: [(r) => r.groups.list()],
    listStationIds: [(r) => r.groups.listStationIds('group-Night')],
    listNamesByStation: [(r) => r.groups.listNamesByStation('station-CP1')],
    listUuidsByStation: ['station-CP1', odd].map((uuid) => (r) => r.groups.listUuidsByStation(uuid)),
    insert: [(r) => r.groups.insert(newGroup(odd))],
    addStation: ['cp1', 'CP1'].map((id) => (r) => r.groups.addStation('group-Night', `station-${id}`)),
    removeStation: ['cp1', odd].map((id) => (r) => r.groups.removeStation('group-Night', `station-${id}`)),
    delete: [(r) => r.groups.delete('group-Night'), (r) => r.groups.delete('none')],
  },
};
