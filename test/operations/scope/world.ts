import { EventFeed } from '../../../src/domain/event-feed.js';
import { type Caller, systemCaller } from '../../../src/domain/people/caller.js';
import type { Role } from '../../../src/domain/people/people.js';
import type { Repositories } from '../../../src/domain/repositories.js';
import { emptyConfiguration } from '../../../src/domain/station/configuration.js';
import type {
  MessageQuery,
  MessageRecord,
  RecordedMessage,
} from '../../../src/domain/station/message-record.js';
import type { LiveFleet } from '../../../src/operations/operation.js';
import { testStart } from '../../helpers/fake-clock.js';
import { openOperations, type TestOperations } from '../../helpers/test-operations.js';
import {
  newAlarm,
  newAlarmRule,
  newApiKey,
  newBreach,
  newCertificate,
  newConnector,
  newDiagnostics,
  newFault,
  newFloor,
  newGroup,
  newImage,
  newMaintenance,
  newProfile,
  newReservation,
  newRollout,
  newSample,
  newSentList,
  newSession,
  newSite,
  newStation,
  newStay,
  newTag,
  newTarget,
  newUser,
} from '../../store/support/fixtures.js';

import { stillAuthority } from './authority.js';

/** What there is at one site, by the names that people type. */
export interface Place {
  readonly name: string;
  readonly siteUuid: string;
  readonly site: string;
  readonly floor: string;
  readonly station: string;
  readonly group: string;
  readonly driver: string;
  readonly tag: string;
  /** Of the driver, ended. */
  readonly session: string;
  /** Of the driver; it runs. */
  readonly transactionId: number;
  /** Of the diagnostics, the reservation, the rollout and the maintenance there. */
  readonly id: number;
  readonly keyId: string;
  readonly alarm: string;
  readonly rule: string;
}

function placeOf(name: string, id: number): Place {
  return {
    name,
    siteUuid: `site-${name}`,
    site: name,
    floor: `Floor ${name}`,
    station: `CP-${name}`,
    group: `Group ${name}`,
    driver: `driver@${name}.example`,
    tag: `TAG-${name}`,
    session: `${id}0000000-0000-4000-8000-000000000000`,
    transactionId: id * 100 + 1,
    id,
    keyId: `key${name}`,
    alarm: `${id}a000000-0000-4000-8000-000000000000`,
    rule: `Rule ${name}`,
  };
}

export const own = placeOf('own', 1);
export const foreign = placeOf('foreign', 2);

/** Who lives at a place knows nothing of these words. */
export const foreignWords = /foreign|nowhere/i;

async function furnish(r: Repositories, place: Place, now: number): Promise<void> {
  const { name, siteUuid, station: stationId, driver, tag, id, transactionId } = place;
  const stationUuid = `station-${stationId}`;
  const floorUuid = `floor-${name}`;
  const userUuid = `user-${driver}`;
  const where = { stationUuid, stationId };
  await r.sites.insert(newSite(name));
  await r.floors.insert(newFloor(siteUuid, place.floor, { uuid: floorUuid }));
  const what = { vendor: 'Acme', model: 'Box', firmwareVersion: '1.0' };
  await r.stations.insert(newStation(stationId, { siteUuid, floorUuid, ...what }));
  for (const connector of [0, 1, 2]) await r.connectors.insert(newConnector(stationUuid, connector));
  await r.groups.insert(newGroup(place.group));
  await r.groups.addStation(`group-${place.group}`, stationUuid);
  await r.groups.addStation('group-both', stationUuid);
  await r.users.insert(newUser(driver, { siteUuids: [siteUuid] }));
  await r.users.insert(newUser(`chief@${name}.example`, { role: 'site-admin', siteUuids: [siteUuid] }));
  await r.apiKeys.insert(newApiKey(place.keyId, userUuid));
  await r.tags.insert(newTag(tag, { userUuid }));
  await r.tags.insert(newTag(`SITE-${name}`, { siteUuids: [siteUuid] }));
  await r.tags.noteUnknown(`LOST-${name}`, stationId, now);
  const session = {
    ...where,
    siteUuid,
    siteName: name,
    tag,
    userUuid,
    userEmail: driver,
    startedAt: now - 7_200_000,
  };
  const ended = {
    stoppedAt: now - 3_600_000,
    meterStopWh: 5000,
    stoppedAs: id * 100,
    state: 'ended' as const,
  };
  await r.sessions.insert(newSession(id * 100, { ...session, ...ended, uuid: place.session }));
  await r.sessions.insert(newSession(transactionId, { ...session, connector: 2, startedAt: now - 1000 }));
  await r.samples.insert([
    newSample(id * 100, now - 5_000_000),
    newSample(transactionId, now - 500),
    newSample(null, now, { stationUuid }),
  ]);
  await r.breaches.note(stationUuid, [newBreach(stationId)]);
  await r.connections.insert(newStay(`stay-${name}`, { ...where, openedAt: now - 1000 }));
  await r.certificates.insert(
    newCertificate(`${id}`, { ...where, serial: `${id}`, subject: `CN=${stationId}` }),
  );
  await r.faults.insert(newFault(`fault-${name}`, { ...where, beganAt: now - 1000 }));
  await r.diagnostics.insert(
    newDiagnostics({ ...where, state: 'received', fileName: `${name}.zip`, storedAs: `file-${name}` }),
  );
  await r.reservations.insert(newReservation({ ...where, tag, expiresAt: now + 3_600_000 }));
  await r.chargingProfiles.put(newProfile(id, {}, { stationUuid }));
  const reported = [{ key: 'HeartbeatInterval', value: '7', readOnly: false, reportedAt: now }];
  const desired = { HeartbeatInterval: '9' };
  await r.configurations.put({ ...emptyConfiguration(stationUuid), reported, desired });
  await r.localLists.save(newSentList(stationUuid, { contentKey: name, basisKey: name }));
  const target = newTarget(id, stationId, { state: 'succeeded', endedAt: now });
  await r.firmwareRollouts.insert(newRollout(id), [target]);
  await r.alarms.insert(newAlarm(place.alarm, { ...where, openedAt: now - 1000 }));
  const recipients = [`ops@${name}.example`];
  await r.alarmRules.insert(newAlarmRule(place.rule, { recipients, scope: { kind: 'site', siteUuid } }));
  await r.alarmRules.insert(
    newAlarmRule(`Group rule ${name}`, {
      recipients,
      scope: { kind: 'group', groupUuid: `group-${place.group}` },
    }),
  );
  await r.maintenance.insert(newMaintenance({ ...where, from: now + 1000, to: now + 2000 }));
  for (const kind of ['station.connected', 'fault.began', 'diagnostics.received']) {
    const detail = JSON.stringify({ connection: `stay-${name}`, fault: `fault-${name}` });
    await r.events.insert({ at: now, receivedAt: now, ...where, connector: null, kind, detail });
  }
}

/** What stands at no site, and is nobody's. */
async function furnishNowhere(r: Repositories, now: number): Promise<void> {
  await r.stations.insert(newStation('CP-nowhere'));
  await r.connectors.insert(newConnector('station-CP-nowhere', 1));
  await r.tags.insert(newTag('TAG-nowhere'));
  await r.users.insert(newUser('chief@nowhere.example', { role: 'admin' }));
  await r.unknownStations.note({ id: 'nowhere-yet', address: null, protocol: null, at: now });
  await r.sessions.insert(newSession(901, { stationId: 'CP-nowhere', stationUuid: 'station-CP-nowhere' }));
}

/** Stations that are all connected and say yes to everything. */
export function willing(): LiveFleet & { readonly called: string[] } {
  const called: string[] = [];
  return {
    called,
    isOnline: () => true,
    connectionId: () => 'connection',
    lastSeenAt: () => 0,
    stationChanged: async ({ id }) => void called.push(id),
    disconnect: (uuid) => void called.push(uuid),
    shownSecurity: () => undefined,
    lastRefusal: () => undefined,
    checkCall: () => undefined,
    async call({ id }, action) {
      called.push(id);
      return {
        status: action === 'UnlockConnector' ? 'Unlocked' : 'Accepted',
        listVersion: 1,
        fileName: 'log.zip',
        configurationKey: [{ key: 'HeartbeatInterval', value: '9', readonly: false }],
      };
    },
    waitFor: async () => undefined,
  };
}

function messagesOf(places: readonly Place[], now: number): MessageRecord {
  const from = (stationId: string | null): RecordedMessage => ({
    time: now - 1,
    stationId,
    direction: stationId === null ? null : 'in',
    type: stationId === null ? 'gap' : 'other',
    action: null,
    messageId: null,
    latencyMs: null,
    frame: stationId === null ? '{"messages":1,"reason":"full"}' : `from ${stationId}`,
    cutFrom: null,
  });
  const all = [...places.map(({ station }) => from(station)), from(null)];
  async function* list({ stationId, stationIds, limit = 99, from = 0, to = now * 2 }: MessageQuery) {
    const found = all.filter(
      (message) =>
        message.stationId === null ||
        ((stationId ?? message.stationId) === message.stationId &&
          (stationIds?.has(message.stationId) ?? true)),
    );
    const matching = found.filter(({ time }) => time >= from && time < to);
    yield limit === 0 ? [] : matching.slice(-limit);
  }
  return {
    list,
    async *follow(query) {
      yield [];
      yield* list(query);
      // What comes while somebody follows.
      const { stationId, stationIds } = query;
      yield all
        .filter((m) => stationId === undefined || m.stationId === null || m.stationId === stationId)
        .filter((m) => m.stationId === null || (stationIds?.has(m.stationId) ?? true))
        .map((message) => ({ ...message, time: now }));
    },
  };
}

export interface World extends TestOperations {
  readonly live: LiveFleet & { readonly called: string[] };
  readonly now: number;
}

/** A fleet with everything at each of these places. */
export async function openWorld(places: readonly Place[]): Promise<World> {
  const live = willing();
  const feed = new EventFeed();
  feed.end();
  const now = testStart;
  const operations = await openOperations({
    live,
    certificates: { authority: stillAuthority },
    feed,
    messages: messagesOf(places, now),
    exchange: {
      offerDownload: () => Promise.reject(new Error('nothing is offered here')),
      offerUpload: async () => ({
        url: 'http://localhost/',
        credentials: { user: 'u', password: 'p' },
        withdraw: () => undefined,
      }),
    },
    diagnosticsFiles: {
      async *read(name) {
        yield Buffer.from(name);
      },
      remove: async () => undefined,
    },
    server: () => ({
      version: '1',
      nodeVersion: '22',
      pid: 1,
      startedAt: 0,
      host: 'localhost',
      url: 'ws://localhost/',
      stationPort: 1,
      tlsUrl: null,
      tlsPort: null,
      certificates: [],
      httpPort: 1,
      httpsPort: null,
      ftpPort: null,
      ftpPassivePorts: null,
      apiUrl: null,
      maxConnections: 1,
      openFilesLimit: null,
    }),
  });
  await operations.write(async (r) => {
    await r.groups.insert(newGroup('both'));
    for (const version of ['1.0', '2.0']) await r.firmwareImages.insert(newImage(version));
    for (const place of places) await furnish(r, place, now);
    if (places.includes(foreign)) await furnishNowhere(r, now);
  });
  return { ...operations, live, now };
}

/** Somebody with a role, for these sites; null: all. */
export function callerWith(
  role: Role,
  siteUuids: readonly string[] | null,
  change: Partial<Caller> = {},
): Caller {
  const name = role === 'driver' ? own.driver : `${role}@own.example`;
  return {
    ...systemCaller(name, 'socket'),
    role,
    userUuid: role === 'driver' ? `user-${own.driver}` : `user-${name}`,
    siteUuids,
    ...change,
  };
}
