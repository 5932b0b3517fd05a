import { RPCClient } from 'ocpp-rpc';
import { expect, it, onTestFinished } from 'vitest';
import { TestServer } from '../helpers/test-server.js';

type Params = Record<string, unknown>;

/** The little of the package's client that is used here; its own types do not cover `handle` by name. */
interface Client {
  connect(): Promise<unknown>;
  close(): Promise<unknown>;
  call(action: string, params: Params): Promise<Params>;
  handle(action: string, handler: (call: { params: Params }) => Params): void;
  on(event: string, listener: (detail: unknown) => void): void;
}

/** A foreign station that checks all that we send against the official schemas. */
async function foreignStation(server: TestServer, identity: string) {
  const endpoint = server.url.replace(/\/$/, '');
  const options = { endpoint, identity, protocols: ['ocpp1.6'], strictMode: true, reconnect: false };
  const client = new RPCClient(options as ConstructorParameters<typeof RPCClient>[0]) as unknown as Client;
  const objections: unknown[] = [];
  for (const event of ['strictValidationFailure', 'badMessage']) {
    client.on(event, (detail) => objections.push(detail));
  }
  await client.connect();
  onTestFinished(async () => {
    await client.close();
  });
  return { client, objections };
}

it('a strict station of another maker has no objection to a whole day of charging', async () => {
  const server = await TestServer.start();
  await server.add('RDAM 1', { connectors: 2 });
  const soon = server.clock.now() + 3600_000;
  await server.addTag('TAG1', { parent: 'FAMILY', expiresAt: soon });
  const { client, objections } = await foreignStation(server, 'RDAM 1');

  const boot = await client.call('BootNotification', { chargePointVendor: 'Foreign', chargePointModel: 'X' });
  expect(boot).toMatchObject({ status: 'Accepted', interval: 300 });
  const status = (connectorId: number, state: string) =>
    client.call('StatusNotification', { connectorId, errorCode: 'NoError', status: state });
  for (const connector of [0, 1, 2]) await status(connector, 'Available');
  await client.call('Heartbeat', {});
  await client.call('DataTransfer', { vendorId: 'foreign', messageId: 'm', data: '{}' });
  await client.call('FirmwareStatusNotification', { status: 'Installed' });
  await client.call('DiagnosticsStatusNotification', { status: 'Idle' });
  for (const idTag of ['TAG1', 'NOBODY']) await client.call('Authorize', { idTag });

  let transactionId = 0;
  const energy = (value: number, context: string) => [
    {
      timestamp: server.clock.iso(),
      sampledValue: [
        { value: String(value), context, measurand: 'Energy.Active.Import.Register', unit: 'Wh' },
        { value: '7400', context, measurand: 'Power.Active.Import', unit: 'W' },
      ],
    },
  ];
  const charge = async (): Promise<void> => {
    await status(1, 'Preparing');
    const start = { connectorId: 1, idTag: 'TAG1', meterStart: 1000, timestamp: server.clock.iso() };
    const begun = await client.call('StartTransaction', start);
    expect(begun).toMatchObject({ idTagInfo: { status: 'Accepted', parentIdTag: 'FAMILY' } });
    transactionId = Number(begun.transactionId);
    await status(1, 'Charging');
    for (const value of [2000, 3000]) {
      const meterValue = energy(value, 'Sample.Periodic');
      await client.call('MeterValues', { connectorId: 1, transactionId, meterValue });
    }
  };
  const finish = async (): Promise<void> => {
    const transactionData = energy(4000, 'Transaction.End');
    const stop = {
      transactionId,
      meterStop: 4000,
      timestamp: server.clock.iso(),
      reason: 'Remote',
      idTag: 'TAG1',
    };
    await client.call('StopTransaction', { ...stop, transactionData });
    await status(1, 'Available');
  };
  const underWay: Promise<void>[] = [];
  client.handle('RemoteStartTransaction', () => {
    underWay.push(charge());
    return { status: 'Accepted' };
  });
  client.handle('RemoteStopTransaction', () => {
    underWay.push(finish());
    return { status: 'Accepted' };
  });

  const waiting = { timeoutMs: 30_000, waitMs: 60_000 };
  const started = await server.fleet.run('remote.start', {
    stationId: 'RDAM 1',
    connector: 1,
    tag: 'TAG1',
    ...waiting,
  });
  expect(started.session).toMatchObject({ transactionId: 1, authentication: 'remote' });
  await Promise.all(underWay);
  const stopped = await server.fleet.run('remote.stop', { target: 'RDAM 1', ...waiting });
  expect(stopped.session).toMatchObject({ state: 'ended', stopReason: 'Remote', energyKwh: 3 });
  await Promise.all(underWay);

  await client.call('StopTransaction', { transactionId: -1, meterStop: 1, timestamp: server.clock.iso() });
  expect(objections).toEqual([]);
  expect(server.log.find(/understood all the same|handler-failed/)).toEqual([]);
  expect((await server.fleet.run('session.samples', { id: '1' })).total).toBe(3);
});

it('two cars with one tag at strict stations: ConcurrentTx at the second start, never at Authorize', async () => {
  const server = await TestServer.start();
  await server.fleet.run('tag.create', { tag: 'ONE', maxActive: 1 });
  const timestamp = server.clock.iso();
  const start = { connectorId: 1, idTag: 'ONE', meterStart: 0, timestamp };
  const told: unknown[] = [];
  const refused: unknown[] = [];
  for (const id of ['CP1', 'CP2']) {
    await server.add(id);
    const { client, objections } = await foreignStation(server, id);
    await client.call('BootNotification', { chargePointVendor: 'Foreign', chargePointModel: 'X' });
    told.push((await client.call('Authorize', { idTag: 'ONE' })).idTagInfo);
    const { transactionId, idTagInfo } = await client.call('StartTransaction', start);
    told.push(idTagInfo);
    if (id === 'CP2') {
      // As a station does that was told so.
      const stop = { transactionId, meterStop: 0, timestamp, reason: 'DeAuthorized' };
      expect(await client.call('StopTransaction', stop)).toEqual({});
    }
    refused.push(...objections);
  }
  const [accepted, concurrent] = [{ status: 'Accepted' }, { status: 'ConcurrentTx' }];
  expect(told).toEqual([accepted, accepted, accepted, concurrent]);
  expect(refused).toEqual([]);
  expect(await server.sessions()).toMatchObject([
    { stationId: 'CP2', tag: 'ONE', state: 'ended', stopReason: 'DeAuthorized', energyKwh: 0 },
    { stationId: 'CP1', tag: 'ONE', state: 'active' },
  ]);
});
