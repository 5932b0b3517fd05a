import { expect, it } from 'vitest';
import { until } from '../helpers/until.js';
import { accepted, refusal, secureFleet } from './secure-fleet.js';

type Fleet = Awaited<ReturnType<typeof secureFleet>>;

async function setProfile({ server }: Fleet, value: string) {
  const values = [{ key: 'SecurityProfile', value }];
  const input = { targets: { stationIds: ['CP1'] }, timeoutMs: 30_000, values };
  const outcomes = [];
  for await (const outcome of server.fleet.stream('config.set', input)) outcomes.push(outcome);
  return outcomes;
}

async function withKey(securityProfile: number) {
  const fleet = await secureFleet();
  const input = { id: 'CP1', generateAuthKey: true, securityProfile };
  const { item } = await fleet.server.fleet.run('station.create', input);
  const profile = async () => (await fleet.server.fleet.run('station.show', { id: 'CP1' })).securityProfile;
  return { fleet, password: item.authKey ?? '', profile };
}

it('TC_083_CSMS: a station that went over to TLS, as config set told it, is let in with less never again', async () => {
  const { fleet, password, profile } = await withKey(1);
  const { server, url, tlsUrl: secureUrl, ca } = fleet;
  const station = await accepted({ url, secureUrl, password, ca, speed: 1000 });
  expect(await setProfile(fleet, '2')).toMatchObject([{ ok: true, status: 'RebootRequired' }]);
  expect(await profile(), 'until it has shown that it can').toBe(1);
  await station.restart();
  await station.untilAccepted(AbortSignal.timeout(20_000));
  await until(async () => (await profile()) === 2);
  expect(await refusal({ url, password })).toBe('HTTP 401');
  const { items } = await server.fleet.run('event.list', { kind: 'security.profile-raised' });
  expect(items).toMatchObject([{ stationId: 'CP1', detail: { before: 1, profile: 2 } }]);
});

it('a station that shows more than it has to, without having been told, may show less again', async () => {
  const { fleet, password, profile } = await withKey(1);
  const { url, tlsUrl, ca } = fleet;
  const station = await accepted({ url: tlsUrl, password, ca });
  station.goOffline();
  await accepted({ url, password });
  expect(await profile()).toBe(1);
});

it('a station that refuses another profile keeps its own', async () => {
  const { fleet, password, profile } = await withKey(1);
  const { url, tlsUrl, ca } = fleet;
  const station = await accepted({ url, password });
  expect(await setProfile(fleet, '2')).toMatchObject([{ ok: false, status: 'Rejected' }]);
  station.goOffline();
  await accepted({ url: tlsUrl, password, ca });
  expect(await profile()).toBe(1);
});

it('what an operator sets by hand counts, whatever the station was told before', async () => {
  const { fleet, password, profile } = await withKey(1);
  const { server, url, tlsUrl: secureUrl, ca } = fleet;
  const station = await accepted({ url, secureUrl, password, ca, speed: 1000 });
  await setProfile(fleet, '2');
  await server.fleet.run('station.update', { id: 'CP1', securityProfile: 1 });
  await station.restart();
  await station.untilAccepted(AbortSignal.timeout(20_000));
  expect(await profile()).toBe(1);
});
