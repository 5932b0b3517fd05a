import type { Role } from '../../../src/domain/people/people.js';
import type { operations } from '../../../src/operations/registry.js';
import { testStart } from '../../helpers/fake-clock.js';
import type { Place } from './world.js';

type Name = keyof typeof operations;

const timeoutMs = 1000;
const nothing = () => ({});
const station = ({ station }: Place) => ({ stationId: station });
const asked = (place: Place) => ({ ...station(place), timeoutMs });
const stationById = ({ station }: Place) => ({ id: station });
const hashData = { hashAlgorithm: 'SHA256', issuerNameHash: 'aa', issuerKeyHash: 'bb', serialNumber: '1' };
const many = ({ station }: Place) => ({ targets: { stationIds: [station] }, timeoutMs });
const site = ({ site }: Place) => ({ name: site });
const floor = ({ site, floor }: Place) => ({ site, name: floor });
const group = ({ group }: Place) => ({ name: group });
const members = ({ group, station }: Place) => ({ name: group, stationIds: [station] });
const user = ({ driver }: Place) => ({ email: driver });
const tag = ({ tag }: Place) => ({ tag });
const session = ({ session }: Place) => ({ id: session });
const rule = ({ rule }: Place) => ({ name: rule });
const alarm = ({ alarm }: Place) => ({ id: alarm });
const byId = ({ id }: Place) => ({ id });
const image = nothing;
const importOf = { importId: 'none' };
const imageName = { vendor: 'Acme', model: 'Box', version: '3.0' };
const profile = {
  chargingProfilePurpose: 'TxDefaultProfile',
  chargingProfileKind: 'Relative',
  stackLevel: 0,
  chargingSchedule: { chargingRateUnit: 'A', chargingSchedulePeriod: [{ startPeriod: 0, limit: 16 }] },
};

/** Of each operation an input that is about what is at one place; one that is about no place asks for all. */
export const inputs: { readonly [N in Name]: (place: Place) => Record<string, unknown> } = {
  'site.list': nothing,
  'site.show': site,
  'site.create': ({ name }) => ({ name: `New ${name}` }),
  'site.update': (place) => ({ ...site(place), address: 'Here' }),
  'site.delete': site,
  'name.list': ({ site }) => ({ kind: 'station', prefix: '', limit: 10, site }),
  'floor.list': ({ site }) => ({ site }),
  'floor.show': floor,
  'floor.create': ({ site }) => ({ site, name: 'New' }),
  'floor.update': (place) => ({ ...floor(place), level: 3 }),
  'floor.delete': floor,
  'station.list': ({ site }) => ({ site }),
  'station.show': stationById,
  'station.create': ({ site }) => ({ id: 'CP-new', site }),
  'station.update': (place) => ({ ...stationById(place), name: 'New' }),
  'station.move': (place) => ({ ...stationById(place), site: place.site, floor: place.floor }),
  'station.delete': stationById,
  'station.accept': ({ site }) => ({ id: 'CP-new', site }),
  'station.breaches': stationById,
  'station.rotate-key': many,
  'station.select': ({ station }) => ({ targets: { stationIds: [station] } }),
  'connector.list': station,
  'connector.update': (place) => ({ ...station(place), connector: 1, mode: 'open' }),
  'group.list': nothing,
  'group.show': group,
  'group.create': () => ({ name: 'New' }),
  'group.add': members,
  'group.remove': members,
  'group.delete': group,
  'tag.list': ({ driver }) => ({ user: driver }),
  'tag.export': nothing,
  'tag.show': tag,
  'tag.create': ({ driver }) => ({ tag: 'NEW', user: driver }),
  'tag.update': (place) => ({ ...tag(place), label: 'New' }),
  'tag.block': tag,
  'tag.unblock': tag,
  'tag.delete': tag,
  'tag.unknown': nothing,
  'tag.test': (place) => ({ ...tag(place), ...station(place) }),
  'site-import.check': ({ site }) => ({ columns: ['address'], lines: [{ line: 2, name: site }] }),
  'site-import.apply': () => ({ columns: ['address'], lines: [{ line: 2, name: 'New', address: 'x' }] }),
  'station-import.check': ({ site }) => ({ columns: ['site'], lines: [{ line: 2, id: 'CP-NEW', site }] }),
  'station-import.apply': ({ site }) => ({ columns: ['site'], lines: [{ line: 2, id: 'CP-NEW', site }] }),
  'tag-import.begin': () => ({ columns: ['label'] }),
  'tag-import.append': () => ({ ...importOf, lines: [] }),
  'tag-import.finish': () => importOf,
  'tag-import.discard': () => importOf,
  'user.list': ({ site }) => ({ site }),
  'user.show': user,
  'user.create': ({ site }) => ({ email: 'new@own.example', role: 'driver', sites: [site] }),
  'user.update': (place) => ({ ...user(place), firstName: 'New' }),
  'user.delete': ({ name }) => ({ email: `chief@${name}.example` }),
  'api-key.list': nothing,
  'api-key.create': ({ driver }) => ({ user: driver }),
  'api-key.revoke': ({ keyId }) => ({ ids: [keyId] }),
  'auth.whoami': nothing,
  'auth.logout': nothing,
  'auth.password': () => ({ oldPassword: 'not-mine-1', newPassword: 'passw0rd-2' }),
  'audit.list': nothing,
  'session.list': ({ driver }) => ({ user: driver }),
  'session.show': session,
  'session.samples': ({ transactionId }) => ({ id: String(transactionId) }),
  'session.orphans': station,
  'session.export': nothing,
  'session.close': ({ transactionId }) => ({ id: String(transactionId) }),
  'remote.start': (place) => ({ ...asked(place), ...tag(place) }),
  'remote.start-many': (place) => ({ ...many(place), ...tag(place) }),
  'remote.stop': ({ transactionId }) => ({ target: String(transactionId), timeoutMs }),
  'remote.stop-many': many,
  'remote.call': (place) => ({ ...asked(place), action: 'ClearCache', payload: {} }),
  'remote.broadcast': (place) => ({ ...many(place), action: 'ClearCache', payload: {} }),
  'remote.reset': (place) => ({ ...many(place), kind: 'soft' }),
  'remote.availability': (place) => ({ ...many(place), availability: 'operative' }),
  'remote.trigger': (place) => ({ ...many(place), message: 'Heartbeat' }),
  'remote.unlock': (place) => ({ ...many(place), connector: 1 }),
  'remote.clear-cache': many,
  'remote.data-transfer': (place) => ({ ...many(place), vendor: 'Acme' }),
  'profile.set': (place) => ({ ...many(place), profile }),
  'profile.clear': (place) => ({ ...many(place), everyProfile: true }),
  'profile.list': station,
  'profile.schedule': (place) => ({ ...asked(place), connector: 1, duration: 60 }),
  'config.get': (place) => ({ ...asked(place), keys: [] }),
  'config.cached': (place) => ({ ...station(place), keys: [] }),
  'config.pull': many,
  'config.set': (place) => ({ ...many(place), values: [{ key: 'HeartbeatInterval', value: '60' }] }),
  'config.keep': () => ({ templates: [{ match: {}, configuration: { HeartbeatInterval: '5' } }] }),
  'config.apply': many,
  'config.diff': ({ station }) => ({ targets: { stationIds: [station] } }),
  'config.status': station,
  'local-list.show': station,
  'local-list.version': asked,
  'local-list.push': many,
  'reservation.create': (place) => ({
    ...asked(place),
    ...tag(place),
    connector: 1,
    expiresAt: testStart + 60_000,
  }),
  'reservation.list': station,
  'reservation.cancel': (place) => ({ ...byId(place), timeoutMs }),
  'firmware.begin': () => imageName,
  'firmware.append': () => ({ uploadId: 'none', offset: 0, data: 'AAAA' }),
  'firmware.finish': () => ({ uploadId: 'none', ...imageName, fileName: 'a.bin', sha256: '00'.repeat(32) }),
  'firmware.list': image,
  'firmware.delete': () => ({ vendor: 'Acme', model: 'Box', version: '2.0' }),
  'firmware.rollouts': nothing,
  'firmware.status': ({ station }) => ({ of: station }),
  'firmware.cancel': ({ id }) => ({ rollout: id }),
  'firmware.update': (place) => ({ ...many(place), version: '1.0' }),
  'certificate.list': station,
  'certificate.show': ({ id }) => ({ id: String(id) }),
  'certificate.revoke': ({ id }) => ({ id: String(id) }),
  'certificate.crl': nothing,
  'certificate.ca-create': () => ({ name: 'CA' }),
  'certificate.ca-show': nothing,
  'certificate.issue-server': () => ({ hosts: ['localhost'] }),
  'certificate.issue-station': ({ station }) => ({ stationId: station }),
  'certificate.install': many,
  'certificate.installed': asked,
  'certificate.delete': (place) => ({ ...asked(place), hashData }),
  'certificate.renew': many,
  'message.list': station,
  'message.follow': nothing,
  'connection.list': station,
  'connection.follow': nothing,
  'fault.list': station,
  'fault.follow': nothing,
  'event.list': ({ site }) => ({ site }),
  'event.export': ({ site }) => ({ site }),
  'event.follow': () => ({ tail: 100 }),
  'diagnostics.list': station,
  'diagnostics.show': byId,
  'diagnostics.get': byId,
  'diagnostics.delete': byId,
  'diagnostics.request': many,
  'diagnostics.follow': station,
  'fleet.status': nothing,
  'fleet.checkup': nothing,
  'server.info': nothing,
  'mail.check': nothing,
  'outbox.list': nothing,
  'outbox.retry': () => ({ ids: [1] }),
  'outbox.drop': () => ({ ids: [1] }),
  'alarm.list': station,
  'alarm.history': ({ site }) => ({ site }),
  'alarm.show': alarm,
  'alarm.export': ({ group }) => ({ group }),
  'alarm.ack': ({ alarm }) => ({ ids: [alarm] }),
  'alarm.clear': ({ alarm }) => ({ ids: [alarm.slice(0, 8)], note: 'seen to' }),
  'alarm-rule.list': nothing,
  'alarm-rule.show': rule,
  'alarm-rule.create': ({ site, name }) => ({
    name: 'New',
    site,
    triggers: ['fault'],
    recipients: [`ops@${name}.example`],
  }),
  'alarm-rule.update': (place) => ({ ...rule(place), site: place.site }),
  'alarm-rule.enable': rule,
  'alarm-rule.disable': rule,
  'alarm-rule.delete': rule,
  'alarm-rule.test': rule,
  'maintenance.list': station,
  'maintenance.show': byId,
  'maintenance.create': ({ station }) => ({ stationIds: [station], connector: 1, lastsMs: 60_000 }),
  'maintenance.end': byId,
  'settings.show': nothing,
  'settings.set': () => ({ settings: [{ key: 'server.public-url', value: '' }] }),
  'store.info': nothing,
  'store.compact': nothing,
  'store.backup': () => ({ file: '/dev/null' }),
  'store.check': nothing,
};

const changesOfRules: readonly Name[] = [
  'alarm-rule.create',
  'alarm-rule.update',
  'alarm-rule.enable',
  'alarm-rule.disable',
  'alarm-rule.delete',
  'alarm-rule.test',
];

/** What else is said of a thing that is out of sight, where that is not that there is none. */
export const elsewhere: { readonly [N in Name]?: readonly string[] } = {
  // Drivers look after their own keys, whoever else there is.
  'api-key.create': ['NOT_FOUND', 'NOT_ALLOWED'],
  // Whatever is wrong with a file is a matter of usage.
  'station-import.apply': ['USAGE'],
  // Support that is for some sites only looks at them, wherever they are.
  ...Object.fromEntries(changesOfRules.map((name) => [name, ['NOT_FOUND', 'NOT_ALLOWED']])),
};

/** Who does not get further with their own place than others. */
export const notFor: { readonly [N in Name]?: readonly Role[] } = {
  'api-key.create': ['support'],
  'api-key.revoke': ['support'],
  ...Object.fromEntries(changesOfRules.map((name) => [name, ['support']])),
};

/**
 * Operations that fail for want of something that has nothing to do with a place, or are about a thing that is not at
 * one: what they answer says nothing about sites.
 */
export const apart: ReadonlySet<Name> = new Set([
  'firmware.append',
  'firmware.finish',
  'tag-import.append',
  'tag-import.finish',
  'tag-import.discard',
  'auth.logout',
  'auth.password',
  'outbox.retry',
  'outbox.drop',
]);
