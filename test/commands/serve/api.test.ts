import path from 'node:path';
import { expect, it } from 'vitest';
import Serve from '../../../commands/serve.js';
import { toApi } from '../../../src/cli/flags/api-flags.js';
import { runCommand } from '../../helpers/run-command.js';
import { temporaryDirectory } from '../../helpers/temporary-directory.js';

it.each([
  [['--api-tls-cert', 'cert.pem', '--api-port', '0'], /--api-tls-key/],
  [['--api-tls-key', 'key.pem', '--api-port', '0'], /--api-tls-cert/],
  [['--api-tls-cert', 'cert.pem', '--api-tls-key', 'key.pem'], /--api-port/],
  [['--api-insecure'], /--api-port/],
  [['--api-host', '127.0.0.1'], /--api-port/],
  [['--api-port', '0', '--api-insecure', '--api-tls-cert', 'c', '--api-tls-key', 'k'], /api-insecure/],
  [['--api-port', '65536'], /--api-port/],
  [['--api-port', '0', '--api-host', '0.0.0.0'], /would be plain HTTP.*--api-insecure/],
  [
    ['--api-port', '0', '--api-tls-cert', path.resolve('no/cert.pem'), '--api-tls-key', 'key.pem'],
    /The file of --api-tls-cert, .*no\/cert\.pem, cannot be read/,
  ],
  [
    ['--api-port', '0', '--tls-cert', path.resolve('no/cert.pem'), '--tls-key', 'key.pem'],
    /The file of --tls-cert, .*no\/cert\.pem, cannot be read/,
  ],
])('serve %j ends with 2 and says what is missing', async (argv, message) => {
  const env = { EVFLEET_DATA_DIR: await temporaryDirectory() };
  const { exitCode, stderr } = await runCommand(Serve, ['--port', '0', ...argv], { env, id: 'serve' });
  expect(stderr.replaceAll(/\s+/g, ' ')).toMatch(message);
  expect(exitCode).toBe(2);
});

const given = { 'api-port': 0, 'api-host': '0.0.0.0', 'api-insecure': false };
const own = { 'api-tls-cert': 'own.pem', 'api-tls-key': 'own.key' };

it.each([
  ['that of the server, if any', given, undefined],
  ['its own', { ...given, ...own }, 'own.pem'],
])('the certificate of the API is %s', (_, flags, cert) => {
  expect(toApi(flags).apiTls?.cert).toBe(cert);
});
