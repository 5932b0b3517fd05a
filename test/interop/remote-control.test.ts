import { RPCClient } from 'ocpp-rpc';
import { expect, it, onTestFinished } from 'vitest';
import { triggerable } from '../../src/domain/station/trigger.js';
import type { BulkOutcome } from '../../src/operations/bulk.js';
import type { Input, StreamName } from '../../src/operations/fleet.js';
import { seededRandom } from '../../src/simulator/random.js';
import { VirtualStation } from '../../src/simulator/station.js';
import { lapse } from '../csms/remote-fixture.js';
import { TestServer } from '../helpers/test-server.js';

const timeoutMs = 30_000;

interface Client {
  connect(): Promise<unknown>;
  close(): Promise<unknown>;
  handle(action: string, handler: (call: { params: Record<string, unknown> }) => object): void;
  on(event: string, listener: (detail: unknown) => void): void;
}

type Name = Extract<StreamName, `remote.${string}`>;

/** What becomes of it at one station. */
async function outcomeOf<N extends Name>(
  server: TestServer,
  stationId: string,
  name: N,
  input: Omit<Input<N>, 'targets' | 'timeoutMs'>,
): Promise<BulkOutcome> {
  const asked = { targets: { stationIds: [stationId] }, timeoutMs, ...input } as unknown as Input<N>;
  for await (const outcome of server.fleet.stream(name, asked)) return outcome as BulkOutcome;
  throw new Error('nothing came of it');
}

const profile = {
  chargingProfilePurpose: 'TxProfile',
  chargingSchedule: {
    chargingRateUnit: 'A',
    chargingSchedulePeriod: [
      { startPeriod: 0, limit: 6.3 },
      { startPeriod: 3600, limit: 16, numberPhases: 1 },
    ],
  },
};

it('a strict station of another maker has no objection to any command', async () => {
  const server = await TestServer.start();
  await server.add('RDAM', { connectors: 2 });
  await server.addTag('TAG1');
  const endpoint = server.url.replace(/\/$/, '');
  const options = { endpoint, identity: 'RDAM', protocols: ['ocpp1.6'], strictMode: true, reconnect: false };
  const client = new RPCClient(options as ConstructorParameters<typeof RPCClient>[0]) as unknown as Client;
  const objections: unknown[] = [];
  const seen: { action: string; params: object }[] = [];
  for (const event of ['strictValidationFailure', 'badMessage'])
    client.on(event, (detail) => objections.push(detail));
  const accepted = { status: 'Accepted' };
  const answers: Record<string, object> = {
    GetConfiguration: { configurationKey: [], unknownKey: [] },
    ChangeAvailability: { status: 'Scheduled' },
    UnlockConnector: { status: 'Unlocked' },
    Reset: accepted,
    ClearCache: accepted,
    DataTransfer: { status: 'Accepted', data: 'ok' },
    TriggerMessage: accepted,
    RemoteStartTransaction: accepted,
  };
  for (const [action, answer] of Object.entries(answers)) {
    client.handle(action, ({ params }) => {
      seen.push({ action, params });
      return answer;
    });
  }
  await client.connect();
  onTestFinished(async () => {
    await client.close();
  });

  const ask = <N extends Name>(name: N, input: Omit<Input<N>, 'targets' | 'timeoutMs'>) =>
    outcomeOf(server, 'RDAM', name, input);
  // Strict mode has the schemas of OCPP 1.6 alone; the messages of the security extension are not in them.
  const triggers = Object.entries(triggerable).filter(([, { actions }]) => actions[0] === 'TriggerMessage');
  const outcomes = [
    await ask('remote.reset', { kind: 'soft' }),
    await ask('remote.reset', { kind: 'hard' }),
    await ask('remote.unlock', { connector: 2 }),
    await ask('remote.availability', { availability: 'inoperative' }),
    await ask('remote.availability', { availability: 'operative', connector: 1 }),
    await ask('remote.clear-cache', {}),
    await ask('remote.data-transfer', { vendor: 'com.example' }),
    await ask('remote.data-transfer', { vendor: 'com.example', messageId: 'm', data: '{"a": 1}' }),
    await ask('remote.broadcast', { action: 'ClearCache', payload: {} }),
  ];
  for (const [message] of triggers) outcomes.push(await ask('remote.trigger', { message }));
  outcomes.push(await ask('remote.trigger', { message: 'MeterValues', connector: 2 }));
  const start = { stationId: 'RDAM', connector: 1, tag: 'TAG1', profile, timeoutMs };
  expect(await server.fleet.run('remote.start', start)).toMatchObject({ status: 'Accepted' });

  expect(outcomes.filter(({ ok }) => !ok)).toEqual([]);
  expect(objections).toEqual([]);
  expect(seen.at(-1)).toEqual({
    action: 'RemoteStartTransaction',
    params: {
      connectorId: 1,
      idTag: 'TAG1',
      chargingProfile: {
        chargingProfileId: expect.any(Number),
        stackLevel: 0,
        chargingProfilePurpose: 'TxProfile',
        chargingProfileKind: 'Relative',
        chargingSchedule: profile.chargingSchedule,
      },
    },
  });
});

it('a virtual station does what it is told, and the waiting sees it', async () => {
  const server = await TestServer.start({ pingIntervalMs: 3_600_000 });
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
  const ask = <N extends Name>(name: N, input: Omit<Input<N>, 'targets' | 'timeoutMs'>) =>
    outcomeOf(server, 'SIM', name, input);

  expect(await ask('remote.clear-cache', {})).toMatchObject({ ok: true, status: 'Accepted' });
  expect(await ask('remote.unlock', { connector: 1 })).toMatchObject({ status: 'Unlocked' });
  expect(await ask('remote.data-transfer', { vendor: 'x' })).toMatchObject({ code: 'REFUSED' });
  for (const message of Object.keys(triggerable)) {
    const outcome = await ask('remote.trigger', { message });
    // It has no key of its own, hence nothing to sign.
    const { ok, status } = outcome;
    expect([message, ok || status === 'NotImplemented' || status === 'Rejected']).toEqual([message, true]);
  }
  expect(await ask('remote.trigger', { message: 'Heartbeat' })).toMatchObject({ status: 'Accepted' });
  const off = { availability: 'inoperative' as const, connector: 2, waitMs: 60_000 };
  expect(await ask('remote.availability', off)).toMatchObject({ ok: true, detail: { inForce: true } });
  await station.untilFlushed();
  const { connectors } = await server.fleet.run('station.show', { id: 'SIM' });
  expect(connectors[1]?.status).toBe('Unavailable');
  const resetting = ask('remote.reset', { kind: 'hard', waitMs: 600_000 });
  const reset = await lapse(server, resetting);
  expect(reset).toMatchObject({ ok: true, status: 'Accepted', detail: { back: 'booted' } });
});
