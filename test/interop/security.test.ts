import fs from 'node:fs/promises';
import { RPCClient } from 'ocpp-rpc';
import { expect, it, onTestFinished } from 'vitest';
import { requestOf } from '../certificates/flow-fixture.js';
import { until } from '../helpers/until.js';
import { dayMs } from '../pki/fixture.js';
import { secureFleet } from '../security/secure-fleet.js';

type Client = InstanceType<typeof RPCClient>;
type Answers = Readonly<Record<string, (params: Record<string, unknown>) => Record<string, unknown>>>;

/** A station of another maker, which has booted. */
async function foreign(
  endpoint: string,
  secrets: { password?: string | Buffer; wsOpts?: object },
  answers: Answers = {},
): Promise<Client> {
  const where = { endpoint: endpoint.replace(/\/$/, ''), identity: 'CP1', protocols: ['ocpp1.6'] };
  const options = { ...where, ...secrets, strictMode: true, reconnect: false };
  const client = new RPCClient(options as unknown as ConstructorParameters<typeof RPCClient>[0]);
  for (const [action, answer] of Object.entries(answers)) {
    client.handle(action, async ({ params }) => answer((params ?? {}) as Record<string, unknown>));
  }
  onTestFinished(async () => {
    await client.close().catch(() => undefined);
  });
  await client.connect();
  const boot = { chargePointVendor: 'Foreign', chargePointModel: 'X' };
  expect(await client.call('BootNotification', boot)).toMatchObject({ status: 'Accepted' });
  return client;
}

/** A whole session, from the card to the bill. */
async function charge(client: Client): Promise<void> {
  const timestamp = new Date().toISOString();
  const start = { connectorId: 1, idTag: 'T1', meterStart: 0, timestamp };
  const begun = (await client.call('StartTransaction', start)) as { transactionId: number };
  const { transactionId } = begun;
  await client.call('StopTransaction', { transactionId, meterStop: 1000, timestamp });
}

async function withKey(securityProfile: number) {
  const fleet = await secureFleet();
  const input = { id: 'CP1', generateAuthKey: true, securityProfile };
  const { item } = await fleet.server.fleet.run('station.create', input);
  await fleet.server.fleet.run('tag.create', { tag: 'T1' });
  return { ...fleet, password: item.authKey ?? '' };
}

it.each([1, 2])('ocpp-rpc charges with profile %i, and gets in with its new key only', async (profile) => {
  const { server, url, tlsUrl, ca, password } = await withKey(profile);
  const [endpoint, wsOpts] = profile === 1 ? [url, {}] : [tlsUrl, { ca }];
  let key = '';
  const client = await foreign(
    endpoint,
    { password, wsOpts },
    {
      ChangeConfiguration: ({ value }) => {
        key = String(value);
        return { status: 'Accepted' };
      },
    },
  );
  await charge(client);
  expect((await server.fleet.run('session.list', { stationId: 'CP1' })).items).toMatchObject([
    { state: 'ended' },
  ]);
  const targets = { stationIds: ['CP1'] };
  for await (const outcome of server.fleet.stream('station.rotate-key', { targets, timeoutMs: 30_000 })) {
    expect(outcome).toMatchObject({ ok: true, status: 'Accepted' });
  }
  await client.close();
  await foreign(endpoint, { password: Buffer.from(key, 'hex'), wsOpts });
  await expect(foreign(endpoint, { password, wsOpts })).rejects.toThrow('Unauthorized');
});

it('ocpp-rpc charges with profile 3, and has its certificate renewed', async () => {
  const { server, tlsUrl, ca } = await secureFleet();
  const { fleet } = server;
  await fleet.run('tag.create', { tag: 'T1' });
  await fleet.run('station.create', { id: 'CP1', securityProfile: 3 });
  const made = await fleet.run('certificate.issue-station', { stationId: 'CP1', validityMs: 300 * dayMs });
  const [cert, key] = await Promise.all(
    [made.certFile, made.keyFile].map((file) => fs.readFile(file ?? '', 'utf8')),
  );
  const request = await requestOf();
  const chains: string[] = [];
  const client: Client = await foreign(
    tlsUrl,
    { wsOpts: { ca, cert, key } },
    {
      ExtendedTriggerMessage: () => {
        void client.call('SignCertificate', { csr: request.csr });
        return { status: 'Accepted' };
      },
      CertificateSigned: ({ certificateChain }) => {
        chains.push(String(certificateChain));
        return { status: 'Accepted' };
      },
    },
  );
  await charge(client);
  const targets = { stationIds: ['CP1'] };
  const renewal = { targets, timeoutMs: 30_000, waitMs: 20_000 };
  for await (const outcome of fleet.stream('certificate.renew', renewal)) {
    expect(outcome).toMatchObject({ ok: true });
  }
  await until(() => chains.length === 1);
  await client.close();
  await fleet.run('certificate.revoke', { id: made.serial });
  await expect(foreign(tlsUrl, { wsOpts: { ca, cert, key } })).rejects.toThrow('Unauthorized');
  await foreign(tlsUrl, { wsOpts: { ca, cert: chains[0], key: request.key } });
  expect(await fleet.run('station.show', { id: 'CP1' })).toMatchObject({ shownProfile: 3 });
});
