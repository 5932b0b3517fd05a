import { plural } from '../domain/plural.js';
import { quoteForShell } from '../domain/shell.js';
import { describeProfile } from '../domain/station/security-profile.js';
import type { BreachView, StationDetail, StationView } from '../operations/topology/station-view.js';
import { connectorList } from './connector.js';
import { instant, oneLine, relative, since } from './format.js';
import type { RecordView } from './record.js';
import { state } from './states.js';
import type { ListView } from './table.js';
import type { Terminal } from './terminal.js';

/** `online`, or since when it is not. */
function presence(
  online: boolean,
  { offlineSince, lastSeen, registration }: Pick<StationView, 'offlineSince' | 'lastSeen' | 'registration'>,
  terminal: Terminal,
): string {
  // That it is connected says little: it may not charge yet.
  if (registration === 'pending' && online) return state('pending', terminal);
  if (online) return state('online', terminal);
  if (registration === 'unknown') return state('unknown', terminal);
  if (lastSeen === null) return terminal.paint.gray('never seen');
  // Since when matters less than that somebody has to decide.
  if (registration !== 'accepted') return `${state(registration, terminal)}, ${state('offline', terminal)}`;
  return `${state('offline', terminal)} ${terminal.paint.dim(since(offlineSince ?? lastSeen, terminal))}`;
}

const shared = {
  id: { title: 'ID' },
  uuid: { title: 'UUID' },
  name: { title: 'NAME' },
  site: { title: 'SITE' },
  floor: { title: 'FLOOR' },
  registration: {
    title: 'REGISTRATION',
    show: (value: string, _row: object, terminal: Terminal) => state(value, terminal),
  },
  online: { title: 'ONLINE', isMain: true, show: presence },
  lastSeen: {
    title: 'LAST SEEN',
    show: (value: string | null, _row: object, terminal: Terminal) => relative(value, terminal),
  },
  offlineSince: {
    title: 'OFFLINE SINCE',
    show: (value: string | null, _row: object, terminal: Terminal) => instant(value, terminal),
  },
  vendor: { title: 'VENDOR' },
  model: { title: 'MODEL' },
  serialNumber: { title: 'SERIAL NUMBER' },
  firmwareVersion: { title: 'FIRMWARE' },
  protocol: { title: 'PROTOCOL' },
  securityProfile: { title: 'SECURITY PROFILE', align: 'right' as const },
};

export const stationList: ListView<Omit<StationView, 'address' | 'attempts' | 'firstSeen'>> = {
  columns: { ...shared, connectors: { title: 'CONNECTORS', align: 'right' } },
  defaults: ['id', 'name', 'site', 'floor', 'online', 'vendor', 'model', 'connectors'],
  id: ({ id }) => id,
  empty: 'There are no stations here. Create one: evfleet station create CP001 --site Solna --connectors 2',
};

/** Stations that knocked without being in the topology. */
export const strangerList: ListView<StationView> = {
  columns: {
    ...stationList.columns,
    address: { title: 'ADDRESS' },
    attempts: { title: 'ATTEMPTS', align: 'right' },
    firstSeen: { title: 'FIRST SEEN', show: (value, _row, terminal) => instant(value ?? null, terminal) },
  },
  defaults: ['id', 'address', 'protocol', 'attempts', 'firstSeen', 'lastSeen'],
  id: ({ id }) => id,
  empty: 'No station has knocked that is not in the topology.',
};

export const breachList: ListView<BreachView> = {
  columns: {
    action: { title: 'ACTION' },
    place: { title: 'PLACE' },
    rule: { title: 'RULE' },
    detail: { title: 'DETAIL' },
    count: { title: 'COUNT', align: 'right' },
    firstSeen: { title: 'FIRST SEEN', show: (value, _row, terminal) => instant(value, terminal) },
    lastSeen: { title: 'LAST SEEN', show: (value, _row, terminal) => relative(value, terminal) },
  },
  defaults: ['action', 'place', 'detail', 'count', 'lastSeen'],
  id: ({ action, place, rule }) => [action ?? '-', place, rule].filter((part) => part !== '').join(' '),
  empty: 'Nothing that this station sent had to be tolerated.',
};

/** The short table below a station's sheet; the station itself need not be named again. */
const outlets = {
  ...connectorList,
  defaults: connectorList.defaults.filter((name) => name !== 'stationId'),
  empty: 'none',
};

const newKeyWords = {
  sent: 'sent, not answered',
  accepted: 'accepted, not shown yet',
  reboot: 'accepted, counts after the next boot',
};

export const stationRecord: RecordView<StationDetail> = {
  fields: {
    ...shared,
    securityProfile: { title: 'SECURITY PROFILE' },
    state: { title: 'STATE', show: (value, _row, terminal) => state(value, terminal) },
    refused: {
      title: 'NOT LET IN',
      show: (value, _row, terminal) =>
        value === null
          ? '-'
          : `${terminal.paint.redBright(relative(value.time, terminal))}: ${oneLine(value.reason)}`,
    },
    heartbeatInterval: {
      title: 'HEARTBEAT',
      show: (value, _row, { paint }) =>
        value === null ? paint.dim("the server's default") : `every ${value} s`,
    },
    pingInterval: {
      title: 'PINGS',
      show: (value, _row, { paint }) =>
        value === null ? paint.dim("the server's default") : value === 0 ? 'off' : `every ${value} s`,
    },
    expectsPong: {
      title: 'EXPECTS PONGS',
      show: (value) => (value ? 'yes' : 'no, silence does not mean that it is gone'),
    },
    assumedProtocol: {
      title: 'ASSUMED PROTOCOL',
      show: (value, _row, { paint }) => value ?? paint.dim('none'),
    },
    hasAuthKey: { title: 'KEY', show: (value, _row, { paint }) => (value ? 'yes' : paint.dim('none')) },
    authKeySince: { title: 'KEY SINCE', show: (value, _row, terminal) => instant(value, terminal) },
    pendingAuthKey: {
      title: 'NEW KEY',
      show: (value, _row, { paint }) => (value === null ? paint.dim('none') : newKeyWords[value]),
    },
    shownProfile: {
      title: 'SHOWN PROFILE',
      show: (value, _row, { paint }) =>
        value === null ? paint.dim('not connected') : describeProfile(value),
    },
    bootedAt: { title: 'BOOTED', show: (value, _row, terminal) => instant(value, terminal) },
    createdAt: { title: 'CREATED', show: (value, _row, terminal) => instant(value, terminal) },
    groups: { title: 'GROUPS' },
    breaches: {
      title: 'BREACHES',
      show: ({ kinds, count }, { id }, { paint }) =>
        kinds === 0
          ? paint.dim('none')
          : `${plural(kinds, 'kind')}, ${plural(count, 'time')}: evfleet station show ${quoteForShell(id)} --breaches`,
    },
    connectors: { title: 'CONNECTORS', list: outlets },
    alarms: {
      title: 'ALARMS',
      show: (value, { id }, { paint }) =>
        value === 0
          ? paint.dim('none')
          : `${paint.redBright(`${value} open`)}: evfleet alarm list --station ${quoteForShell(id)}`,
    },
    maintenance: { title: 'MAINTENANCE' },
  },
};
