import { X509Certificate } from 'node:crypto';
import tls from 'node:tls';
import { expect, it, onTestFinished } from 'vitest';
import { until } from '../../helpers/until.js';
import { authority, ecdsa, fingerprintOf, rsa, TlsBench } from './tls-bench.js';

const renewed = authority.server();

function fingerprint({ cert }: { cert: string }): string {
  return new X509Certificate(cert).fingerprint256;
}

async function shown(bench: TlsBench): Promise<string> {
  return fingerprintOf(await bench.handshake());
}

it('under load: two hundred stations go on, new ones see the new certificate', async () => {
  const bench = await TlsBench.begin({ unknownStations: 'accept' });
  const stations = await Promise.all(Array.from({ length: 200 }, (_, n) => bench.connect(`CP${n}`)));
  await Promise.all(stations.map((station) => station.boot()));
  let isOver = false;
  let answers = 0;
  const work = stations.map(async (station) => {
    while (!isOver) {
      await station.call('Heartbeat', {});
      answers += 1;
    }
  });
  const seen = new Set<string>();
  for (const identity of [renewed, ecdsa, renewed]) {
    await bench.renew(identity);
    await bench.server.running.reload();
    const before = answers;
    expect(await shown(bench)).toBe(fingerprint(identity));
    seen.add(fingerprint(identity));
    await until(() => answers > before + 200, 'stations that go on');
  }
  isOver = true;
  await Promise.all(work);
  expect(seen.size).toBe(2);
  expect(stations.filter(({ socket }) => socket.readyState === socket.OPEN)).toHaveLength(200);
  expect((await bench.connect('CP-new')).socket.readyState).toBe(1);
});

it('is noticed within a minute', async () => {
  const bench = await TlsBench.begin();
  await bench.renew(renewed);
  expect(await shown(bench)).toBe(fingerprint(ecdsa));
  bench.server.clock.advance(60_000);
  await until(() => bench.server.log.find(/certificates have changed/).length === 1, 'the new one');
  expect(await shown(bench)).toBe(fingerprint(renewed));
  const { certificates } = await bench.server.fleet.run('server.info', {});
  expect(certificates.map(({ keyType }) => keyType)).toEqual(['ecdsa', 'rsa']);
  expect(certificates[0]?.validTo).toBe(
    new Date(Date.parse(new X509Certificate(renewed.cert).validTo)).toISOString(),
  );
});

it.each([
  ['half of a pair', 'cert', renewed.cert, /key0\.pem is not that of the certificate/],
  ['nonsense', 'cert', 'nonsense', /cert0\.pem holds no certificate/],
  ['an empty key', 'key', '', /key0\.pem holds no private key/],
] as const)('%s changes nothing, and is said once', async (_, part, text, message) => {
  const bench = await TlsBench.begin();
  await bench.write(0, part, text);
  for (let minute = 0; minute < 3; minute += 1) {
    bench.server.clock.advance(60_000);
    await until(() => bench.server.log.find(message).length === 1, 'the complaint');
  }
  expect(bench.server.log.find(message)).toMatchObject([{ level: 'warn' }]);
  expect(await shown(bench)).toBe(fingerprint(ecdsa));
  await bench.server.running.reload();
  expect(bench.server.log.find(message)).toHaveLength(2);
});

it('also files and the API show the new one', async () => {
  const bench = await TlsBench.begin({ fileTlsPort: 0, ftpPort: 0, apiPort: 0 });
  const { filePorts, apiUrl } = bench.server.running;
  const ports = [bench.port, Number(filePorts.https), Number(new URL(String(apiUrl)).port)];
  expect(apiUrl).toMatch(/^https:/);
  await bench.renew(renewed);
  await bench.server.running.reload();
  for (const port of ports) {
    const socket = tls.connect({ host: '127.0.0.1', port, ca: authority.cert });
    onTestFinished(() => void socket.destroy());
    await new Promise((resolve) => socket.once('secureConnect', resolve));
    expect(fingerprintOf(socket)).toBe(fingerprint(renewed));
  }
});

it.each(['TLSv1.2', 'TLSv1.3'] as const)(
  'who comes back in %s resumes its session, until the certificates change',
  async (version) => {
    const bench = await TlsBench.begin();
    const client = { minVersion: version, maxVersion: version };
    const first = await bench.handshake(client);
    const session = version === 'TLSv1.2' ? first.getSession() : await ticketOf(first);
    expect((await bench.handshake({ ...client, session })).isSessionReused()).toBe(true);
    await bench.renew(renewed);
    await bench.server.running.reload();
    expect((await bench.handshake({ ...client, session })).isSessionReused()).toBe(false);
  },
);

it('the keys of tickets last half a day', async () => {
  const bench = await TlsBench.begin({}, [rsa]);
  const client = { maxVersion: 'TLSv1.2' } as const;
  const session = (await bench.handshake(client)).getSession();
  const isResumed = async () => (await bench.handshake({ ...client, session })).isSessionReused();
  bench.server.clock.advance(11 * 3_600_000);
  expect(await isResumed()).toBe(true);
  for (let minute = 0; minute < 2; minute += 1) {
    bench.server.clock.advance(3_600_000);
    await bench.server.running.reload();
  }
  expect(await isResumed()).toBe(false);
});

it('a ticket of another server, or of before a restart, opens nothing', async () => {
  const [one, other] = [await TlsBench.begin({}, [rsa]), await TlsBench.begin({}, [rsa])];
  const client = { maxVersion: 'TLSv1.2' } as const;
  const session = (await one.handshake(client)).getSession();
  expect((await other.handshake({ ...client, session })).isSessionReused()).toBe(false);
});

/** TLS 1.3 tells it after the handshake. */
function ticketOf(socket: tls.TLSSocket): Promise<Buffer> {
  return new Promise((resolve) => socket.once('session', resolve));
}
