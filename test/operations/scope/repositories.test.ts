import { expect, it } from 'vitest';
import type { Repositories } from '../../../src/domain/repositories.js';
import { scopedStore } from '../../../src/operations/scope/scoped-repositories.js';
import { testStart } from '../../helpers/fake-clock.js';
import { callerWith, foreign, openWorld, own, type Place } from './world.js';

type Look = (r: Repositories, place: Place) => Promise<unknown>;

const uuid = ({ station }: Place) => `station-${station}`;
const page = { limit: 9 };

/** Ways to look at what is at a place, whether or not an operation looks so today. */
const looks: Readonly<Record<string, Look>> = {
  'sites.findByName': (r, { site }) => r.sites.findByName(site),
  'floors.findByName': (r, { siteUuid, floor }) => r.floors.findByName(siteUuid, floor),
  'floors.list': (r, { siteUuid }) => r.floors.list(siteUuid),
  'stations.findByUuid': (r, place) => r.stations.findByUuid(uuid(place)),
  'stations.list': (r, { siteUuid }) => r.stations.list({ siteUuids: [siteUuid] }),
  'connectors.find': (r, place) => r.connectors.find(uuid(place), 1),
  'connectors.listByStation': (r, place) => r.connectors.listByStation(uuid(place)),
  'groups.listStationIds': (r, { group }) => r.groups.listStationIds(`group-${group}`),
  'groups.listNamesByStation': (r, place) => r.groups.listNamesByStation(uuid(place)),
  'groups.listUuidsByStation': (r, place) => r.groups.listUuidsByStation(uuid(place)),
  'users.findByUuid': (r, { driver }) => r.users.findByUuid(`user-${driver}`),
  'users.list': (r, { siteUuid }) => r.users.list({ siteUuids: [siteUuid] }),
  'tags.list': (r, { siteUuid }) => r.tags.list({ siteUuids: [siteUuid] }),
  'apiKeys.find': (r, { keyId }) => r.apiKeys.find(keyId),
  'apiKeys.list': (r, { driver }) => r.apiKeys.list({ userUuid: `user-${driver}` }),
  'sessions.findByUuid': (r, { session }) => r.sessions.findByUuid(session),
  'sessions.listOpen': (r, place) => r.sessions.listOpen(uuid(place)),
  'sessions.listOpenByTag': (r, { tag }) => r.sessions.listOpenByTag(tag),
  'sessions.count': (r, { siteUuid }) => r.sessions.count({ siteUuid }),
  'samples.findLatest': (r, { transactionId }) => r.samples.findLatest(transactionId),
  'sessions.listEndedSince': async (r, { siteUuid }) =>
    (await r.sessions.listEndedSince({ startedFrom: 0, endedFrom: 0 }, 99)).filter(
      (session) => session.siteUuid === siteUuid,
    ),
  'samples.listLatestOfOpen': async (r, { transactionId }) =>
    (await r.samples.listLatestOfOpen()).filter((sample) => sample.transactionId === transactionId),
  'samples.listRegistersAt': async (r, { transactionId }) =>
    (await r.samples.listRegistersAt([Number.MAX_SAFE_INTEGER], { startedFrom: 0, endedFrom: 0 })).filter(
      (register) => register.transactionId === transactionId,
    ),
  'samples.listOrphans': (r, place) => r.samples.listOrphans(uuid(place), page),
  'breaches.listByStation': (r, place) => r.breaches.listByStation(uuid(place)),
  'connections.findByUuid': (r, { name }) => r.connections.findByUuid(`stay-${name}`),
  'connections.count': (r, { station }) => r.connections.count({ stationId: station }),
  'faults.findByUuid': (r, { name }) => r.faults.findByUuid(`fault-${name}`),
  'faults.count': (r, { station }) => r.faults.count({ stationId: station }),
  'events.list': (r, { station }) => r.events.list({ stationId: station }, page),
  'events.listAfter': (r, { station }) => r.events.listAfter({ stationId: station }, { limit: 9, after: 0 }),
  'events.count': (r, { siteUuid }) => r.events.count({ siteUuid }),
  'configurations.find': (r, place) => r.configurations.find(uuid(place)),
  'localLists.find': (r, place) => r.localLists.find(uuid(place)),
  'reservations.findById': (r, { id }) => r.reservations.findById(id),
  'reservations.listOpen': (r, place) => r.reservations.listOpen(uuid(place)),
  'reservations.count': (r, { tag }) => r.reservations.count({ tag }),
  'chargingProfiles.listByStation': (r, place) => r.chargingProfiles.listByStation(uuid(place)),
  'chargingProfiles.list': (r, place) =>
    r.chargingProfiles.list({ stationUuid: uuid(place), openAt: 0 }, page),
  'chargingProfiles.count': (r, { siteUuid }) => r.chargingProfiles.count({ siteUuid, openAt: 0 }),
  'diagnostics.find': (r, { id }) => r.diagnostics.find(id),
  'diagnostics.count': (r, { station }) => r.diagnostics.count({ stationId: station }),
  'firmwareRollouts.find': (r, { id }) => r.firmwareRollouts.find(id),
  'firmwareRollouts.tally': (r, { id }) => r.firmwareRollouts.tally(id),
  'firmwareRollouts.listTargets': (r, { id }) => r.firmwareRollouts.listTargets({ rolloutId: id }, page),
  'alarms.findByUuid': (r, { alarm }) => r.alarms.findByUuid(alarm),
  'alarms.findByPrefix': (r, { alarm }) => r.alarms.findByPrefix(alarm.slice(0, 4)),
  'alarms.listOpen': (r, place) => r.alarms.listOpen(uuid(place)),
  'alarms.countByStation': (r, { station }) => r.alarms.countByStation({ stationId: station }),
  'alarms.count': (r, { station }) => r.alarms.count({ stationId: station }),
  'alarmRules.findByName': (r, { rule }) => r.alarmRules.findByName(rule),
  'alarmRules.list': async (r, { rule }) => (await r.alarmRules.list()).filter(({ name }) => name === rule),
  'maintenance.find': (r, { id }) => r.maintenance.find(id),
  'maintenance.findActive': (r, place) =>
    r.maintenance.findActive({ stationUuid: uuid(place), connector: null }, testStart + 1500),
  'maintenance.listNotOver': (r, place) => r.maintenance.listNotOver(uuid(place), testStart),
  'maintenance.count': (r, { station }) => r.maintenance.count({ stationId: station }, testStart),
};

it('shows by every look what is at their site, and nothing of another', async () => {
  const world = await openWorld([own, foreign]);
  const caller = callerWith('site-admin', [own.siteUuid]);
  await world.write(async (r) => {
    const store = scopedStore({ read: (work) => work(r), write: (work) => work(r) }, caller);
    for (const [name, look] of Object.entries(looks)) {
      const [mine, theirs, all] = await store.read(async (limited) => [
        await look(limited, own),
        await look(limited, foreign),
        await look(r, foreign),
      ]);
      expect.soft(isNothing(all), `${name}: there is something to be seen`).toBe(false);
      expect.soft(isNothing(mine), `${name}: ${JSON.stringify(mine)}`).toBe(false);
      expect.soft(isNothing(theirs), `${name}: ${JSON.stringify(theirs)}`).toBe(true);
    }
  });
});

function isNothing(found: unknown): boolean {
  return found === undefined || found === 0 || (Array.isArray(found) && found.length === 0);
}
