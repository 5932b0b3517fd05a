import { generateKeyPairSync } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { loadTls } from '../../../src/server/tls/tls-files.js';
import { TestAuthority } from '../../helpers/certificates.js';
import { failure } from '../../helpers/failure.js';
import { RecordingLog } from '../../helpers/recording-log.js';
import { temporaryDirectory } from '../../helpers/temporary-directory.js';
import { writeIdentity } from '../files/file-bench.js';

const authority = new TestAuthority();
const identity = authority.server();
const now = Date.now();

async function load(parts: { cert?: string; key?: string; mode?: number } = {}) {
  const directory = await temporaryDirectory();
  const files = await writeIdentity(directory, { ...identity, ...parts });
  if (parts.mode !== undefined) await fs.chmod(files.key, parts.mode);
  const log = new RecordingLog();
  const loading = loadTls([files], { now, log });
  return { files, log, loading };
}

function otherKey(passphrase?: string): string {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const lock = passphrase === undefined ? {} : { cipher: 'aes-256-cbc', passphrase };
  return String(privateKey.export({ type: 'pkcs8', format: 'pem', ...lock }));
}

it('a certificate with those behind it, and its key, are taken without a word', async () => {
  const { loading, log } = await load({ cert: identity.cert + authority.cert });
  expect((await loading).identity).toMatchObject({ minVersion: 'TLSv1.2', key: [identity.key] });
  expect(log.lines).toEqual([]);
});

it.each<[string, { cert?: string; key?: string }, RegExp]>([
  [
    'the key of another certificate',
    { key: otherKey() },
    /key\.pem is not that of the certificate .*cert\.pem/,
  ],
  ['a key with a passphrase', { key: otherKey('secret') }, /key\.pem is protected by a passphrase/],
  ['no key', { key: 'nothing' }, /key\.pem holds no private key \(PEM\)/],
  ['no certificate', { cert: identity.key }, /cert\.pem holds no certificate \(PEM\)/],
  ['a broken chain', { cert: `${identity.cert}-----BEGIN CERTIFICATE-----\nAAAA\n` }, /cannot be used/],
])('%s is refused, and the file named', async (_, parts, message) => {
  const error = await failure((await load(parts)).loading, 'USAGE');
  expect(error.message).toMatch(message);
  expect(error.message).not.toContain(identity.key);
});

it.each(['cert', 'key'] as const)('a file of --tls-%s that is not there is named', async (which) => {
  const directory = await temporaryDirectory();
  const files = await writeIdentity(directory, identity);
  const missing = { ...files, [which]: path.join(directory, 'missing.pem') };
  const { message } = await failure(loadTls([missing], { now, log: new RecordingLog() }), 'USAGE');
  expect(message).toMatch(new RegExp(`^The file of --tls-${which}, .*missing\\.pem, cannot be read: ENOENT`));
});

it('a key that everybody can read is taken with a warning', async () => {
  const { loading, log } = await load({ mode: 0o644 });
  await loading;
  expect(log.find(/open to every user/)).toMatchObject([{ level: 'warn' }]);
  const group = await load({ mode: 0o640 });
  await group.loading;
  expect(group.log.lines).toEqual([]);
});

it('a certificate that has expired, or does not count yet, is taken with a warning', async () => {
  const old = await load(authority.server({ from: now - 3 * 86_400_000, until: now - 60_000 }));
  await old.loading;
  expect(old.log.find(/has expired/)).toMatchObject([{ level: 'warn' }]);
  const early = await load(authority.server({ from: now + 60_000, until: now + 86_400_000 }));
  await early.loading;
  expect(early.log.find(/counts from/)).toMatchObject([{ level: 'warn' }]);
});
