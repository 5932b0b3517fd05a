import fs from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  readSimulatedSecrets,
  type SimulatedSecretsValues,
} from '../../../src/cli/flags/simulated-secrets.js';
import { failure } from '../../helpers/failure.js';
import { temporaryDirectory } from '../../helpers/temporary-directory.js';
import { authority, dayMs } from '../../pki/fixture.js';

const none: SimulatedSecretsValues = { 'password-stdin': false };
const { signal } = new AbortController();

async function fileWith(text: string): Promise<string> {
  const file = path.join(await temporaryDirectory(), 'file');
  await fs.writeFile(file, text);
  return file;
}

async function keysFrom(text: string, ids: string[]) {
  const secrets = await readSimulatedSecrets({ ...none, 'auth-key-file': await fileWith(text) }, ids, signal);
  return ids.map((id) => secrets(id).password);
}

/** A directory with the certificates of two stations, and their authority. */
async function provisioned() {
  const { pki, ca, dataDir } = await authority();
  for (const stationId of ['S1', 'S 2']) {
    const file = path.join(dataDir, encodeURIComponent(stationId));
    const names = { certFile: `${file}.pem`, keyFile: `${file}.key` };
    const rest = { organization: 'Acme', keyType: 'ecdsa', validityMs: dayMs, replace: false } as const;
    await pki.issueStation({ ...rest, ...names, stationId });
  }
  return { directory: dataDir, ca };
}

describe('--auth-key-file', () => {
  it.each([
    ['one key for all', 'secret-of-all-1\n', ['secret-of-all-1', 'secret-of-all-1']],
    ['a key for each', 'S1 first-key\nS2\tsecond-key\n', ['first-key', 'second-key']],
    ['more than are needed', 'S3 x\r\nS2 second\r\n\r\nS1 first\r\n', ['first', 'second']],
  ])('%s', async (_, text, keys) => {
    expect(await keysFrom(text, ['S1', 'S2'])).toEqual(keys);
  });

  it.each([
    ['has no line for one of them', 'S1 first-secret\n', '--auth-key-file has no line for S2.'],
    [
      'has a line that is none',
      'S1 first-secret\nsecond-secret\n',
      'Line 2 of --auth-key-file is not an id, a space and a key.',
    ],
  ])('that %s is refused, and its keys are not told', async (_, text, message) => {
    const error = await failure(keysFrom(text, ['S1', 'S2']), 'USAGE');
    expect(error.message).toBe(message);
    expect(JSON.stringify(error.suggestions)).not.toContain('secret');
  });
});

describe('--client-cert', () => {
  it('as a directory has a certificate and a key for each station', async () => {
    const { directory, ca } = await provisioned();
    const file = await fileWith(ca.pem);
    const flags = { ...none, ca: file, 'client-cert': directory };
    const secrets = await readSimulatedSecrets(flags, ['S1', 'S 2'], signal);
    expect(secrets('S1').ca).toBe(ca.pem);
    expect(secrets('S1').certificate?.cert).toContain('BEGIN CERTIFICATE');
    expect(secrets('S 2').certificate?.key).toContain('PRIVATE KEY');
    expect(secrets('S 2').certificate).not.toEqual(secrets('S1').certificate);
  });

  it('with a key is for one station, and has to fit it', async () => {
    const { directory } = await provisioned();
    const cert = path.join(directory, 'S1.pem');
    const read = (keyOf: string, ids: string[]) => {
      const flags = { ...none, 'client-cert': cert, 'client-key': path.join(directory, `${keyOf}.key`) };
      return readSimulatedSecrets(flags, ids, signal);
    };
    expect((await read('S1', ['S1']))('S1').certificate).toBeDefined();
    const several = await failure(read('S1', ['S1', 'S2']), 'USAGE');
    expect(several.message).toBe('--client-key is for one station; these are several.');
    const other = await failure(read('S%202', ['S1']), 'USAGE');
    expect(other.message).toMatch(
      /^.*S1\.pem and its key are not a certificate and its private key \(PEM\)\.$/,
    );
  });

  it('and --ca name the file that is missing or none', async () => {
    const missing = failure(
      readSimulatedSecrets({ ...none, 'client-cert': '/nowhere' }, ['S1'], signal),
      'USAGE',
    );
    expect((await missing).message).toBe('--client-cert cannot read /nowhere/S1.pem: it does not exist.');
    const ca = await fileWith('no certificate');
    const error = await failure(readSimulatedSecrets({ ...none, ca }, ['S1'], signal), 'USAGE');
    expect(error.message).toBe('--ca names a file without a certificate (PEM) that can be read.');
  });
});
