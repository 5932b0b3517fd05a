import { RPCClient } from 'ocpp-rpc';
import { expect, it, onTestFinished } from 'vitest';
import { seededRandom } from '../../src/simulator/random.js';
import { VirtualStation } from '../../src/simulator/station.js';
import { TestServer } from '../helpers/test-server.js';
import { until } from '../helpers/until.js';
import { gather, lapse, statesOf, upload } from './fixture.js';

it.each([
  { protocol: 'http', signed: false },
  { protocol: 'http', signed: true },
  { protocol: 'ftp', signed: true },
] as const)(
  'virtual stations fetch the image, install it and boot with it, wave by wave: %o',
  async (way) => {
    const server = await TestServer.start({ pingIntervalMs: 86_400_000, ftpPort: 0 });
    const { signed } = way;
    const bytes = Buffer.alloc(300_000, 7);
    await upload(server.fleet, { vendor: 'evfleet', model: 'Virtual AC', bytes, signed });
    const ids = ['S1', 'S2', 'S3'];
    const unexpected: unknown[] = [];
    for (const [index, identity] of ids.entries()) {
      await server.add(identity);
      const station = new VirtualStation({
        url: server.url,
        identity,
        clock: server.clock,
        random: seededRandom(index),
        boot: { firmwareVersion: '1.0.0' },
        configuration: { WebSocketPingInterval: '0' },
        observer: { unexpected: (error) => unexpected.push(error) },
      });
      onTestFinished(() => station.stop({ sessions: 'drop' }));
      station.start();
      await station.untilAccepted();
    }
    const outcomes = await lapse(server, gather(server, ids, { wait: true, canary: 1, ...way }));
    expect(outcomes.map(({ stationId, ok, message }) => [stationId, ok, message]).sort()).toEqual(
      ids.map((id) => [id, true, `${id} runs 2.0.0 now, before it was 1.0.0.`]),
    );
    const versions = (await server.fleet.run('station.list', {})).items.map((one) => one.firmwareVersion);
    expect(versions).toEqual(['2.0.0', '2.0.0', '2.0.0']);
    expect(unexpected).toEqual([]);
  },
);

type Params = Record<string, unknown>;

/** The little of the package's client that is used here. */
interface Client {
  connect(): Promise<unknown>;
  close(): Promise<unknown>;
  call(action: string, params: Params): Promise<Params>;
  handle(action: string, handler: (call: { params: Params }) => Params): void;
  on(event: string, listener: (detail: unknown) => void): void;
}

it.each([
  ['UpdateFirmware', 'FirmwareStatusNotification', false],
  ['SignedUpdateFirmware', 'SignedFirmwareStatusNotification', true],
] as const)(
  'a strict station of another maker has no objection to %s',
  async (action, notification, signed) => {
    const server = await TestServer.start({ pingIntervalMs: 86_400_000 });
    await upload(server.fleet, { signed });
    await server.add('RDAM 1');
    const endpoint = server.url.replace(/\/$/, '');
    const options = {
      endpoint,
      identity: 'RDAM 1',
      protocols: ['ocpp1.6'],
      strictMode: true,
      reconnect: false,
    };
    const client = new RPCClient(options as ConstructorParameters<typeof RPCClient>[0]) as unknown as Client;
    const objections: unknown[] = [];
    for (const event of ['strictValidationFailure', 'badMessage']) {
      client.on(event, (detail) => objections.push(detail));
    }
    const asked: Params[] = [];
    client.handle(action, ({ params }) => {
      asked.push(params);
      return signed ? { status: 'Accepted' } : {};
    });
    await client.connect();
    onTestFinished(async () => {
      await client.close();
    });
    const boot = { chargePointVendor: 'Acme', chargePointModel: 'Box' };
    await client.call('BootNotification', { ...boot, firmwareVersion: '1.0.0' });
    const patience = { retries: 2, retryIntervalS: 60 };
    const outcomes = await lapse(server, gather(server, ['RDAM 1'], { signed, ...patience }));
    expect(outcomes).toMatchObject([{ ok: true }]);
    await until(() => asked.length === 1);
    for (const status of ['Downloading', 'Downloaded', 'Installing', 'Installed']) {
      await client.call(notification, { status, ...(signed && { requestId: 1 }) });
    }
    await client.call('BootNotification', { ...boot, firmwareVersion: '2.0.0' });
    expect(await statesOf(server)).toEqual({ 'RDAM 1': 'succeeded' });
    expect(objections).toEqual([]);
  },
);
