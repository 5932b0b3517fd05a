import { RPCClient } from 'ocpp-rpc';
import { expect, it, onTestFinished } from 'vitest';
import { itemsOf } from '../../src/operations/batches.js';
import type { BulkOutcome } from '../../src/operations/bulk.js';
import { seededRandom } from '../../src/simulator/random.js';
import { VirtualStation } from '../../src/simulator/station.js';
import { TestServer } from '../helpers/test-server.js';
import { until } from '../helpers/until.js';

const timeoutMs = 30_000;

async function only(items: AsyncIterable<readonly BulkOutcome[]>): Promise<BulkOutcome | undefined> {
  for await (const item of itemsOf(items)) return item;
  return undefined;
}

function tools(server: TestServer, stationId: string) {
  const where = { targets: { stationIds: [stationId] }, timeoutMs };
  return {
    set: (profile: Record<string, unknown>, place: { connector?: number } = {}) =>
      only(server.fleet.batches('profile.set', { ...where, ...place, profile })),
    clear: (criteria: object) => only(server.fleet.batches('profile.clear', { ...where, ...criteria })),
    limits: async (connector: number, duration = 3600) => {
      const input = { stationId, connector, duration, unit: 'A' as const, timeoutMs };
      const { periods } = await server.fleet.run('profile.schedule', input);
      return periods.map(({ limit }) => limit);
    },
    list: async () =>
      (await server.fleet.run('profile.list', { stationId })).items.map(({ purpose }) => purpose),
  };
}

function amperes(chargingProfilePurpose: string, ...limits: number[]): Record<string, unknown> {
  const chargingSchedulePeriod = limits.map((limit, at) => ({ startPeriod: at * 600, limit }));
  return { chargingProfilePurpose, chargingSchedule: { chargingRateUnit: 'A', chargingSchedulePeriod } };
}

it('a virtual station charges as it is told, and says what its profiles come to', async () => {
  const server = await TestServer.start({ pingIntervalMs: 86_400_000 });
  await server.add('SIM', { connectors: 2 });
  await server.addTag('TAG1');
  const station = new VirtualStation({
    url: server.url,
    identity: 'SIM',
    connectors: 2,
    clock: server.clock,
    random: seededRandom(1),
    configuration: { WebSocketPingInterval: '0' },
  });
  onTestFinished(() => station.stop({ sessions: 'drop' }));
  station.start();
  await station.untilAccepted();
  await station.untilFlushed();
  const { set, clear, limits, list } = tools(server, 'SIM');

  expect(await limits(1)).toEqual([32]);
  expect(await set(amperes('TxDefaultProfile', 16, 10))).toMatchObject({ status: 'Accepted' });
  expect(await set(amperes('ChargePointMaxProfile', 13))).toMatchObject({ status: 'Accepted' });
  expect(await set(amperes('TxProfile', 7.5))).toMatchObject({ code: 'NOT_FOUND' });

  station.plugIn(1);
  await server.fleet.run('remote.start', { stationId: 'SIM', connector: 1, tag: 'TAG1', timeoutMs });
  await until(async () => (await server.sessions()).length === 1);
  expect(await limits(1)).toEqual([13, 10]);
  expect(await set(amperes('TxProfile', 7.5))).toMatchObject({ status: 'Accepted' });
  expect(await limits(1)).toEqual([7.5]);
  expect(await list()).toEqual(['TxDefaultProfile', 'ChargePointMaxProfile', 'TxProfile']);

  await server.fleet.run('remote.stop', { target: 'SIM', timeoutMs });
  await until(async () => (await server.sessions())[0]?.state === 'ended');
  expect(await list()).toEqual(['TxDefaultProfile', 'ChargePointMaxProfile']);
  expect(await clear({ purpose: 'TxProfile' })).toMatchObject({ status: 'Unknown', ok: true });
  expect(await clear({ everyProfile: true })).toMatchObject({ status: 'Accepted' });
  expect([await list(), await limits(1)]).toEqual([[], [32]]);

  const tooHigh = { ...amperes('TxDefaultProfile', 6), stackLevel: 1_000_000 };
  expect(await set(tooHigh)).toMatchObject({
    code: 'USAGE',
    message: expect.stringContaining('ChargeProfileMaxStackLevel'),
  });
});

interface Client {
  connect(): Promise<unknown>;
  close(): Promise<unknown>;
  handle(action: string, handler: (call: { params: Record<string, unknown> }) => object): void;
  on(event: string, listener: (detail: unknown) => void): void;
}

it('a strict station of another maker has no objection to any profile', async () => {
  const server = await TestServer.start();
  await server.add('RDAM', { connectors: 2 });
  const endpoint = server.url.replace(/\/$/, '');
  const options = { endpoint, identity: 'RDAM', protocols: ['ocpp1.6'], strictMode: true, reconnect: false };
  const client = new RPCClient(options as ConstructorParameters<typeof RPCClient>[0]) as unknown as Client;
  const objections: unknown[] = [];
  const seen: string[] = [];
  for (const event of ['strictValidationFailure', 'badMessage'])
    client.on(event, (detail) => objections.push(detail));
  const answers: Record<string, object> = {
    GetConfiguration: { configurationKey: [], unknownKey: [] },
    SetChargingProfile: { status: 'Accepted' },
    ClearChargingProfile: { status: 'Accepted' },
    GetCompositeSchedule: { status: 'Accepted' },
  };
  for (const [action, answer] of Object.entries(answers)) {
    client.handle(action, () => {
      seen.push(action);
      return answer;
    });
  }
  await client.connect();
  onTestFinished(async () => {
    await client.close();
  });
  const { set, clear, limits } = tools(server, 'RDAM');
  const outcomes = [
    await set(amperes('ChargePointMaxProfile', 32, 20)),
    await set(amperes('TxDefaultProfile', 0.3, 1.4, 6.1), { connector: 2 }),
    await set({
      ...amperes('TxDefaultProfile'),
      stackLevel: 3,
      recurrencyKind: 'Weekly',
      validFrom: server.clock.iso(),
      validTo: '2099-12-31T23:59:59+01:00',
      chargingSchedule: {
        duration: 86_400,
        startSchedule: '2026-05-04T00:00+02:00',
        chargingRateUnit: 'W',
        minChargingRate: 1.5,
        chargingSchedulePeriod: [{ startPeriod: 0, limit: 11_000, numberPhases: 3 }],
      },
    }),
    await clear({ id: 1 }),
    await clear({ connector: 2, purpose: 'TxDefaultProfile', stackLevel: 0 }),
    await clear({ everyProfile: true }),
  ];
  expect(outcomes.map((outcome) => outcome?.status)).toEqual(Array(6).fill('Accepted'));
  expect(await limits(0)).toEqual([]);
  expect(objections).toEqual([]);
  expect(new Set(seen)).toEqual(new Set(Object.keys(answers)));
});
