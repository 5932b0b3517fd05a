import type { Repositories } from '../../domain/repositories.js';
import type { Look, Thing } from './look.js';
import { maintenance, newMaintenance } from './maintenance-things.js';
import { apiKey, tag, user } from './people-things.js';
import { connector, floor, group, site, station } from './place-things.js';
import { alarmRule, configurationTemplate, desiredConfiguration, setting } from './rule-things.js';

/** Many things of a kind that are changed at once: counted, the first of them named as far as they are known. */
export interface Many {
  readonly kind: string;
  readonly count: number;
  readonly names?: readonly string[];
  /** What else is to be said of them. */
  readonly facts?: Readonly<Record<string, unknown>>;
}

export type Touched = readonly Thing[] | Many;

/** What a method changes, told before it does; null when that is nothing that people administer. */
type Touch<Method> = Method extends (...given: infer Given) => unknown
  ? null | ((look: Look, ...given: Given) => Touched | Promise<Touched>)
  : never;

type Touches<Repository> = { readonly [Method in keyof Repository]: Touch<Repository[Method]> };

/** Null for a repository that keeps nothing that people administer. */
type Plan = { readonly [Name in keyof Repositories]: Touches<Repositories[Name]> | null };

/**
 * What changes of the store are for the audit, by repository and method. Nothing may be missing, so whoever adds a
 * method or a repository decides. What is left out here is kept by the entry of the operation: audit/attempt.ts.
 */
export const touches = {
  sites: {
    findByName: null,
    list: null,
    insert: (_, { uuid }) => [site(uuid)],
    update: (_, uuid) => [site(uuid)],
    delete: (_, uuid) => [site(uuid)],
  },

  floors: {
    findByName: null,
    list: null,
    insert: (_, { uuid }) => [floor(uuid)],
    update: (_, uuid) => [floor(uuid)],
    delete: (_, uuid) => [floor(uuid)],
  },

  stations: {
    findById: null,
    findByUuid: null,
    findPlaced: null,
    listIds: null,
    list: null,
    countByRegistration: null,
    insert: (_, { uuid }) => [station(uuid)],
    update: (_, uuid) => [station(uuid)],
    touch: null,
    markAllOffline: null,
    delete: (_, uuid) => [station(uuid)],
  },

  connectors: {
    find: null,
    listByStation: null,
    list: null,
    // A new one has nothing but its number, which the station tells with how many it has.
    insert: (_, { stationUuid }) => [station(stationUuid)],
    reportStatus: null,
    update: (_, stationUuid, number) => [connector(stationUuid, number)],
    deleteByStation: (look, stationUuid) => connectorsAbove(look, stationUuid, 0),
    deleteAbove: connectorsAbove,
  },

  groups: {
    findByName: null,
    list: null,
    listStationIds: null,
    listNamesByStation: null,
    listUuidsByStation: null,
    insert: (_, { uuid }) => [group(uuid)],
    delete: (_, uuid) => [group(uuid)],
    addStation: (_, uuid) => [group(uuid)],
    removeStation: (_, uuid) => [group(uuid)],
  },

  users: {
    findByEmail: null,
    findByUuid: null,
    list: null,
    insert: (_, { uuid }) => [user(uuid)],
    update: (_, uuid) => [user(uuid)],
    delete: (_, uuid) => [user(uuid)],
  },

  tags: {
    find: null,
    list: null,
    count: null,
    insert: (_, { tag: typed }) => [tag(typed)],
    insertMany(_, tags) {
      const names = tags.map((one) => one.tag);
      return names.length === 1 ? names.map(tag) : { kind: 'tag', count: names.length, names };
    },
    update: (_, typed) => [tag(typed)],
    delete: (_, typed) => [tag(typed)],
    noteUnknown: null,
    listUnknown: null,
    forgetUnknown: null,
  },

  tagImports: {
    find: null,
    insert: null,
    update: null,
    findLine: null,
    stage: null,
    async apply({ r }) {
      const { created = 0, updated = 0, columns = [] } = (await r.tagImports.find()) ?? {};
      return { kind: 'tag', count: created + updated, facts: { created, updated, columns } };
    },
    clear: null,
  },

  apiKeys: {
    find: null,
    list: null,
    insert: (_, { id }) => [apiKey(id)],
    update: (_, id) => [apiKey(id)],
    delete: (_, id) => [apiKey(id)],
    deleteByUser: async ({ r }, userUuid) => (await r.apiKeys.list({ userUuid })).map(({ id }) => apiKey(id)),
  },

  settings: {
    list: null,
    findUpdatedAt: null,
    set: (_, key) => [setting(key)],
    remove: (_, key) => [setting(key)],
  },

  configurations: {
    find: null,
    put: (_, { stationUuid }) => [desiredConfiguration(stationUuid)],
    listDue: null,
    deleteByStation: (_, stationUuid) => [desiredConfiguration(stationUuid)],
    listTemplates: null,
    putTemplate: (_, { match }) => [configurationTemplate(match)],
    removeTemplate: (_, match) => [configurationTemplate(match)],
  },
  alarmRules: {
    insert: (_, { uuid }) => [alarmRule(uuid)],
    update: (_, uuid) => [alarmRule(uuid)],
    delete: (_, uuid) => [alarmRule(uuid)],
    findByName: null,
    list: null,
    listEnabled: null,
    listUuidsByStation: null,
    forgetStation: async ({ r }, stationUuid) =>
      (await r.alarmRules.listUuidsByStation(stationUuid)).map(alarmRule),
  },

  maintenance: {
    insert: (_, window) => [newMaintenance(window)],
    update: (_, id) => [maintenance(id)],
    find: null,
    findActive: null,
    listNotOver: null,
    list: null,
    count: null,
  },

  audit: null,
  sessions: null,
  samples: null,
  remoteStarts: null,
  unknownStations: null,
  breaches: null,
  connections: null,
  faults: null,
  events: null,
  retention: null,
  localLists: null,
  reservations: null,
  // The operation says which; stations and the renewal go past the audit.
  certificates: null,
  signingRequests: null,
  chargingProfiles: null,
  diagnostics: null,
  firmwareImages: null,
  firmwareRollouts: null,
  alarms: null,
  outages: null,
  notices: null,
  watchState: null,
  outbox: null,
  names: null,
} as const satisfies Plan;

async function connectorsAbove({ r }: Look, stationUuid: string, number: number): Promise<Thing[]> {
  const known = await r.connectors.listByStation(stationUuid);
  const gone = known.filter((one) => one.connector > number);
  return gone.length === 0
    ? []
    : [station(stationUuid), ...gone.map((one) => connector(stationUuid, one.connector))];
}
