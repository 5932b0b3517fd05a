import { X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { TestAuthority, type TestIdentity } from '../helpers/certificates.js';
import { evfleet, serve } from '../helpers/program.js';
import { ScriptedStation } from '../helpers/scripted-station.js';
import { fingerprintOf, handshake } from '../server/tls/tls-bench.js';

const directory = mkdtempSync(join(tmpdir(), 'evfleet-tls-'));
const authority = new TestAuthority();
const files = { cert: join(directory, 'cert.pem'), key: join(directory, 'key.pem') };

afterAll(() => rmSync(directory, { recursive: true, force: true }));

function write({ cert, key }: TestIdentity): string {
  writeFileSync(files.cert, cert);
  writeFileSync(files.key, key, { mode: 0o600 });
  return new X509Certificate(cert).fingerprint256;
}

it('on SIGHUP the server shows its new certificate, and stations stay', async () => {
  const dataDir = join(directory, 'data');
  const before = write(authority.server());
  const tls = ['--tls-port', '0', '--tls-cert', files.cert, '--tls-key', files.key];
  const server = await serve({ dataDir }, { argv: [...tls, '--unknown-stations', 'accept'] });
  const url = String(server.tlsUrl);
  const shown = async () => {
    const socket = await handshake(Number(new URL(url).port), { ca: authority.cert });
    return fingerprintOf(socket);
  };
  const station = await ScriptedStation.connect(url, 'CP1', { ca: authority.cert });
  expect(await station.boot()).toMatchObject({ status: 'Accepted' });
  expect(await shown()).toBe(before);

  const after = write(authority.server());
  server.hangUp();
  await expect.poll(shown).toBe(after);
  expect(await station.call('Heartbeat', {})).toHaveProperty('currentTime');

  // What is wrong with the files changes nothing.
  writeFileSync(files.key, 'nonsense');
  server.hangUp();
  expect(await shown()).toBe(after);
  const { stdout } = await evfleet(['doctor', '--json'], { dataDir });
  expect(stdout).toContain(`The certificate ${files.cert} is good until`);

  const { code, stderr } = await server.kill('SIGTERM');
  expect(code).toBe(0);
  expect(stderr).toContain('the certificates have changed');
  expect(stderr).toContain('holds no private key');
});
