import { parseDuration } from '../duration.js';
import { checkName, checkStationId } from '../identifiers.js';
import {
  readDecimal,
  readIdentity,
  readList,
  readNames,
  readText,
  readWhole,
  readWord,
} from './import-cells.js';
import { type ImportTable, shown, wrong } from './import-file.js';

/** The properties of a station that an import is about; what is not among them stays as it is. */
export const stationColumns = [
  'name',
  'site',
  'floor',
  'connectors',
  'registration',
  'securityProfile',
  'heartbeatInterval',
  'groups',
  'mode',
  'evseId',
  'type',
  'maxPowerKw',
] as const;
export type StationColumn = (typeof stationColumns)[number];

/** The most that can be said of a station and its connectors. */
export const stationLimits = {
  connectors: 1000,
  /** Seconds. */
  heartbeatInterval: 7 * 86_400,
  /** Characters of the name of a site, floor or group. */
  name: 100,
  groups: 100,
  evseId: 48,
  type: 50,
  maxPowerKw: 10_000,
} as const;

export const registrations = ['accepted', 'pending', 'rejected'] as const;
export const modes = ['rfid', 'open'] as const;

/** A line of a list of stations. What is said of connectors is a list: one for all, or one for each. */
export interface StationLine {
  readonly line: number;
  readonly id: string;
  readonly name?: string;
  readonly site?: string;
  readonly floor?: string;
  readonly connectors?: number;
  readonly registration?: (typeof registrations)[number];
  readonly securityProfile?: number;
  /** Seconds. */
  readonly heartbeatInterval?: number;
  readonly groups?: string[];
  readonly mode?: (typeof modes)[number][];
  /** Null where a connector has none. */
  readonly evseId?: (string | null)[];
  readonly type?: (string | null)[];
  readonly maxPowerKw?: (number | null)[];
}

const placeMax = stationLimits.name;

/** What a list of stations may hold. */
export const stationTable: ImportTable<Omit<StationLine, 'line'>, 'id', StationColumn, unknown> = {
  key: 'id',
  identityOf: ({ id }) => id,
  columns: {
    id: {
      names: [
        'id',
        'stationId',
        'chargerId',
        'chargingStationId',
        'chargeBoxId',
        'chargeBoxIdentity',
        'chargePointId',
        'ocppId',
        'ocppIdentity',
      ],
      read: (text) => ({ id: readId(text) }),
    },
    name: { names: ['name', 'stationName', 'station'], read: (text) => ({ name: readName(text) }) },
    site: { names: ['site', 'siteName', 'location'], read: (text) => ({ site: readText(text, placeMax) }) },
    floor: { names: ['floor', 'floorName', 'level'], read: (text) => ({ floor: readText(text, placeMax) }) },
    connectors: {
      names: ['connectors', 'connectorCount', 'numberOfConnectors', 'outlets', 'sockets'],
      read: (text) => ({ connectors: readWhole(text, { min: 1, max: stationLimits.connectors }) }),
    },
    registration: {
      names: ['registration'],
      read: (text) => ({ registration: readWord(text, registrations) }),
    },
    securityProfile: {
      names: ['securityProfile'],
      read: (text) => ({ securityProfile: readWhole(text, { min: 0, max: 3 }) }),
    },
    heartbeatInterval: {
      names: ['heartbeatInterval', 'heartbeat'],
      read: (text) => ({ heartbeatInterval: readSeconds(text) }),
    },
    groups: {
      names: ['groups', 'group'],
      read: (text) => ({ groups: readNames(text, { length: placeMax, count: stationLimits.groups }) }),
    },
    mode: {
      names: ['mode', 'connectorMode'],
      read: (text) => ({ mode: listOf(text).map((item) => readWord(item, modes)) }),
    },
    evseId: {
      names: ['evseId', 'evseIds', 'evse'],
      read: (text) => ({ evseId: listOf(text).map((item) => orNull(readText(item, stationLimits.evseId))) }),
    },
    type: {
      names: ['type', 'connectorType', 'plug'],
      read: (text) => ({ type: listOf(text).map((item) => orNull(readText(item, stationLimits.type))) }),
    },
    maxPowerKw: {
      names: ['maxPowerKw', 'maxPower', 'powerKw', 'power', 'kw'],
      read: (text) => ({ maxPowerKw: listOf(text).map(readPower) }),
    },
  },
  // What stations say of themselves, and what the server knows of them.
  left: {
    uuid: null,
    online: null,
    lastSeen: null,
    offlineSince: null,
    vendor: null,
    model: null,
    serialNumber: null,
    firmwareVersion: null,
    protocol: null,
    state: null,
    createdAt: null,
  },
  refused: {
    names: ['authKey', 'authorizationKey', 'key', 'password', 'authPassword', 'basicAuthPassword'],
    advice: [
      'Import the stations without their keys, then: evfleet station rotate-key <station>, once it is connected',
      'evfleet station update <station> --auth-key-stdin, for a key that it has already',
    ],
  },
  hints: [
    {
      when: /^there is no (site|floor|group) /,
      hint: '--create-missing, to create the sites, floors and groups that are not there',
    },
  ],
  example: 'id,name,site,floor,connectors',
};

function readId(text: string): string {
  const id = readIdentity(text);
  checkStationId(id);
  return id;
}

function readName(text: string): string {
  checkName('station name', text);
  return text;
}

/** As JSON has it, or with a unit. */
function readSeconds(text: string): number {
  const seconds = /^\d{1,9}$/.test(text) ? Number(text) : (parseDuration(text) ?? Number.NaN) / 1000;
  if (Number.isInteger(seconds) && seconds >= 1 && seconds <= stationLimits.heartbeatInterval) return seconds;
  throw wrong(`it takes whole seconds or a duration such as 5m, at most 7d, not ${shown(text)}`);
}

function readPower(text: string): number | null {
  if (text === '') return null;
  return readDecimal(text.replace(/\s*kW$/i, ''), { min: 0.001, max: stationLimits.maxPowerKw });
}

function listOf(text: string): string[] {
  const items = readList(text);
  if (items.length <= stationLimits.connectors) return items;
  throw wrong(`it has ${items.length} values, and a station at most ${stationLimits.connectors} connectors`);
}

function orNull(text: string): string | null {
  return text === '' ? null : text;
}
