import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import type { FleetError } from '../../../src/domain/errors.js';
import { type Caller, systemCaller } from '../../../src/domain/people/caller.js';
import type { BulkOutcome } from '../../../src/operations/bulk.js';
import type { StreamOperation } from '../../../src/operations/operation.js';
import { operations } from '../../../src/operations/registry.js';
import { failure } from '../../helpers/failure.js';
import { callerWith, openWorld, own, type World } from '../scope/world.js';

type Given = Record<string, unknown>;
type Prepare = (world: World) => Promise<Given>;

const { site, floor, station, group, tag } = own;
const timeoutMs = 1000;
const targets = { stationIds: [station] };
const image = { vendor: 'Acme', model: 'Box', version: '2.0' };
const profile = {
  chargingProfileId: 9,
  stackLevel: 0,
  chargingProfilePurpose: 'TxDefaultProfile',
  chargingProfileKind: 'Relative',
  chargingSchedule: {
    chargingRateUnit: 'A',
    chargingSchedulePeriod: [{ startPeriod: 0, limit: 16 }],
  },
};

/** An input for every operation that changes something; an operation without one fails the suite. */
const inputs: Record<string, Given | Prepare> = {
  'site.create': { name: 'New' },
  'site.update': { name: site, address: 'Elsewhere' },
  'site.delete': async ({ fleet }) => {
    await fleet.run('site.create', { name: 'Empty' });
    return { name: 'Empty' };
  },
  'floor.create': { site, name: 'New' },
  'floor.update': { site, name: floor, level: 9 },
  'floor.delete': async ({ fleet }) => {
    await fleet.run('floor.create', { site, name: 'Empty' });
    return { site, name: 'Empty' };
  },
  'station.create': { id: 'NEW' },
  'station.update': { id: station, name: 'New' },
  'station.move': async ({ fleet }) => {
    await fleet.run('site.create', { name: 'Other' });
    return { id: station, site: 'Other' };
  },
  'station.delete': async ({ fleet }) => {
    await fleet.run('station.create', { id: 'NEW' });
    return { id: 'NEW' };
  },
  'station.accept': { id: 'NEW' },
  'station.rotate-key': { targets, timeoutMs },
  'connector.update': { stationId: station, connector: 1, name: 'New' },
  'group.create': { name: 'New' },
  'group.add': async ({ fleet }) => {
    await fleet.run('station.create', { id: 'NEW' });
    return { name: group, stationIds: ['NEW'] };
  },
  'group.remove': { name: group, stationIds: [station] },
  'group.delete': async ({ fleet }) => {
    await fleet.run('group.create', { name: 'Empty' });
    return { name: 'Empty' };
  },
  'tag.create': { tag: 'NEW' },
  'tag.update': { tag, label: 'New' },
  'tag.block': { tag },
  'tag.unblock': async ({ fleet }) => {
    await fleet.run('tag.block', { tag });
    return { tag };
  },
  'tag.delete': { tag },
  'site-import.apply': { columns: ['address'], lines: [{ line: 2, name: 'New', address: 'x' }] },
  'station-import.apply': { columns: ['name'], lines: [{ line: 2, id: 'NEW', name: 'x' }] },
  'tag-import.finish': async (world) => {
    const importId = await begunImport(world);
    await world.fleet.run('tag-import.append', { importId, lines: [{ line: 2, tag: 'NEW', label: 'x' }] });
    return { importId };
  },
  'user.create': { email: 'new@example.org', role: 'driver' },
  'user.update': { email: own.driver, firstName: 'New' },
  'user.delete': async ({ fleet }) => {
    await fleet.run('user.create', { email: 'new@example.org', role: 'driver' });
    return { email: 'new@example.org' };
  },
  'api-key.create': { user: own.driver },
  'api-key.revoke': { ids: [own.keyId] },
  'auth.logout': {},
  'session.close': { id: String(own.transactionId) },
  'remote.start': { stationId: station, connector: 1, tag, timeoutMs },
  'remote.start-many': { targets, connector: 1, tag, timeoutMs },
  'remote.stop': { target: String(own.transactionId), timeoutMs },
  'remote.stop-many': { targets, timeoutMs },
  'remote.call': { stationId: station, action: 'ClearCache', payload: {}, timeoutMs },
  'remote.broadcast': { targets, action: 'ClearCache', payload: {}, timeoutMs },
  'remote.reset': { targets, kind: 'soft', timeoutMs },
  'remote.availability': { targets, availability: 'inoperative', timeoutMs },
  'remote.trigger': { targets, message: 'Heartbeat', timeoutMs },
  'remote.unlock': { targets, connector: 1, timeoutMs },
  'remote.clear-cache': { targets, timeoutMs },
  'remote.data-transfer': { targets, vendor: 'Acme', timeoutMs },
  'profile.set': { targets, profile, timeoutMs },
  'profile.clear': { targets, everyProfile: true, timeoutMs },
  'config.set': { targets, timeoutMs, values: [{ key: 'HeartbeatInterval', value: '9' }] },
  'config.keep': { templates: [{ match: {}, configuration: { HeartbeatInterval: '9' } }] },
  'config.apply': {
    targets,
    timeoutMs,
    templates: [{ match: {}, configuration: { HeartbeatInterval: '8' } }],
  },
  'local-list.push': { targets, timeoutMs },
  'reservation.create': { stationId: station, connector: 1, tag, expiresAt: Date.UTC(2026, 5, 1), timeoutMs },
  'reservation.cancel': { id: own.id, timeoutMs },
  'firmware.finish': uploaded,
  'firmware.delete': async (world) => {
    const { vendor, model, version, ...rest } = await uploaded(world);
    await run(world, 'firmware.finish', { vendor, model, version, ...rest }, admin);
    return { vendor, model, version };
  },
  'firmware.cancel': { rollout: own.id },
  // Here nobody would tell the station.
  'firmware.update': { targets, version: '9.9', timeoutMs },
  'diagnostics.request': { targets, timeoutMs },
  'diagnostics.delete': { id: own.id },
  'certificate.ca-create': { name: 'CA' },
  'certificate.issue-server': async ({ fleet }) => {
    await fleet.run('certificate.ca-create', { name: 'CA' });
    return { hosts: ['localhost'] };
  },
  'certificate.issue-station': async ({ fleet }) => {
    await fleet.run('certificate.ca-create', { name: 'CA' });
    return { stationId: station };
  },
  'certificate.revoke': async ({ fleet }) => {
    await fleet.run('certificate.ca-create', { name: 'CA' });
    return { id: (await fleet.run('certificate.issue-station', { stationId: station })).serial };
  },
  'certificate.install': async ({ fleet }) => {
    await fleet.run('certificate.ca-create', { name: 'CA' });
    return { targets, timeoutMs };
  },
  'certificate.delete': { stationId: station, serial: '4a', timeoutMs },
  'certificate.renew': { targets, timeoutMs },
  'maintenance.create': { stationIds: [station], connector: 1, lastsMs: 60_000 },
  'maintenance.end': { id: own.id },
  'settings.set': { settings: [{ key: 'backup.keep', value: '9' }] },
  'outbox.retry': { ids: [1] },
  'outbox.drop': { ids: [1, 2] },
  'alarm.ack': { ids: [own.alarm], note: 'on my way' },
  'alarm.clear': { ids: [own.alarm], note: 'mended' },
  'alarm-rule.create': { name: 'New', all: true, triggers: ['fault'], recipients: ['ops@example.org'] },
  'alarm-rule.update': { name: own.rule, language: 'sv' },
  'alarm-rule.enable': async ({ fleet }) => {
    await fleet.run('alarm-rule.disable', { name: own.rule });
    return { name: own.rule };
  },
  'alarm-rule.disable': { name: own.rule },
  'alarm-rule.delete': { name: own.rule },
  'alarm-rule.test': async ({ fleet }) => {
    const settings = { 'mail.host': 'mail.example.org', 'mail.from': 'fleet@example.org' };
    await fleet.run('settings.set', {
      settings: Object.entries(settings).map(([key, value]) => ({ key, value })),
    });
    return { name: own.rule };
  },
  'store.compact': {},
  'store.backup': { file: '/dev/null/backup' },
};

/** Steps of what is kept when it is done. */
const steps: Record<string, Given | Prepare> = {
  'tag-import.begin': { columns: ['label'] },
  'tag-import.append': async (world) => ({ importId: await begunImport(world), lines: [] }),
  'tag-import.discard': async (world) => ({ importId: await begunImport(world) }),
  'firmware.begin': { ...image, version: '3.0' },
  'firmware.append': async (world) => ({ uploadId: await begunUpload(world), offset: 0, data: btoa('x') }),
};

async function begunImport({ fleet }: World): Promise<string> {
  return (await fleet.run('tag-import.begin', { columns: ['label'] })).importId;
}

async function uploaded(world: World): Promise<Given> {
  const uploadId = await begunUpload(world);
  await world.fleet.run('firmware.append', { uploadId, offset: 0, data: btoa('x') });
  const sha256 = createHash('sha256').update('x').digest('hex');
  return { uploadId, ...image, version: '3.0', fileName: 'x.bin', sha256 };
}

async function begunUpload({ fleet }: World): Promise<string> {
  return (await fleet.run('firmware.begin', { ...image, version: '3.0' })).uploadId;
}

/** Of people alone, not of who is on the machine: see own-password.test.ts. */
const personal = ['auth.password'];

const changing = Object.entries(operations).filter(([, { effect }]) => effect === 'change');

it('every operation that changes something has an input here', () => {
  const known = [...Object.keys({ ...inputs, ...steps }), ...personal];
  expect(known.sort()).toEqual(changing.map(([name]) => name).sort());
});

/** Gives the code of what did not work out. */
async function run({ runner }: World, name: string, input: unknown, caller: Caller): Promise<string> {
  const operation = runner.find(name);
  const call = { caller, signal: new AbortController().signal };
  let outcome = 'ok';
  if (operation.kind === 'unary') await runner.run(operation, input, call);
  else {
    for await (const batch of runner.stream(operation as StreamOperation, input, call)) {
      for (const { code } of batch as BulkOutcome[]) outcome = code ?? outcome;
    }
  }
  return outcome;
}

async function prepared(world: World, given: Given | Prepare | undefined): Promise<Given> {
  return typeof given === 'function' ? given(world) : { ...given };
}

/** Who prepares things here, too. */
const admin: Caller = { ...systemCaller('tester', 'socket'), keyId: own.keyId };

it.each(Object.keys(inputs))('%s is recorded', async (name) => {
  const world = await openWorld([own]);
  const input = await prepared(world, inputs[name]);
  const { length } = await audited(world);
  const outcome = await run(world, name, input, admin).catch((error: FleetError) => error.code);
  const entries = (await audited(world)).slice(length);
  expect(entries.length).toBeGreaterThan(0);
  for (const entry of entries) {
    expect(entry).toMatchObject({ actor: 'tester', operation: name, keyId: own.keyId });
    if (name !== 'store.compact') expect(entry.target).not.toBeNull();
  }
  expect(entries.at(-1)?.outcome).toBe(outcome);
});

it.each(Object.keys(steps))(
  '%s is a step of something else, and recorded only when it fails',
  async (name) => {
    const world = await openWorld([own]);
    const input = await prepared(world, steps[name]);
    const { length } = await audited(world);
    await run(world, name, input, admin);
    expect((await audited(world)).length).toBe(length);
  },
);

/** All may log out. */
const refusable = changing.map(([name]) => name).filter((name) => name !== 'auth.logout');

it.each(refusable)('%s is recorded when it is refused', async (name) => {
  const world = await openWorld([own]);
  const reader: Caller = { ...admin, readOnly: true, role: 'driver', way: 'api', address: '192.0.2.9' };
  await failure(run(world, name, { password: 'open sesame' }, reader), 'NOT_ALLOWED');
  expect(await audited(world)).toMatchObject([
    { operation: name, outcome: 'NOT_ALLOWED', address: '192.0.2.9', input: '{"password":"***"}' },
  ]);
});

it('what somebody changes who sees some sites only is recorded with all that it was', async () => {
  const world = await openWorld([own]);
  const chief = callerWith('site-admin', [own.siteUuid], { way: 'api', address: '192.0.2.7' });
  await run(world, 'station.update', { id: station, name: 'Entrance' }, chief);
  await run(world, 'tag.delete', { tag }, chief);
  await failure(run(world, 'station.update', { id: 'CP-elsewhere', name: 'x' }, chief), 'NOT_FOUND');
  expect(await audited(world)).toMatchObject([
    { actor: chief.name, role: 'site-admin', target: station, after: '{"name":"Entrance"}' },
    { kind: 'tag', target: tag, before: JSON.stringify({ blocked: false, user: own.driver }) },
    { kind: null, target: 'CP-elsewhere', outcome: 'NOT_FOUND' },
  ]);
  await failure(run(world, 'audit.list', {}, chief), 'NOT_ALLOWED');
});

it('what only looks leaves nothing', async () => {
  const world = await openWorld([own]);
  for (const name of ['station.list', 'user.list', 'audit.list', 'settings.show']) {
    await run(world, name, {}, admin);
  }
  await run(world, 'config.pull', { targets, timeoutMs }, admin);
  expect(await audited(world)).toEqual([]);
});

async function audited({ write }: World) {
  return (await write((r) => r.audit.list({}, { limit: 1000 }))).reverse();
}
