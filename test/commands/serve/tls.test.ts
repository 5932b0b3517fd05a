import path from 'node:path';
import { expect, it } from 'vitest';
import Serve from '../../../commands/serve.js';
import { runCommand } from '../../helpers/run-command.js';
import { temporaryDirectory } from '../../helpers/temporary-directory.js';

it.each([
  [['--tls-cert', 'cert.pem'], /--tls-key/],
  [['--tls-key', 'key.pem'], /--tls-cert/],
  [['--file-tls-port', '0'], /--tls-cert/],
  [['--tls-port', '0'], /--tls-cert/],
  [['--tls-only'], /--tls-port/],
  [['--tls-client-ca', 'ca.pem'], /--tls-port/],
  [['--tls-legacy-ciphers'], /--tls-cert/],
  [['--host', '0.0.0.0'], /plain WebSocket.*--ws-insecure/s],
  [['--tls-cert', 'cert.pem', '--tls-key', 'key.pem'], /there is no port that would use it/],
  [
    ['--tls-cert', 'a.pem', '--tls-cert', 'b.pem', '--tls-key', 'a.key', '--tls-port', '0'],
    /Each --tls-cert has its --tls-key/,
  ],
  [
    ['--tls-cert', path.resolve('no/cert.pem'), '--tls-key', 'key.pem', '--file-tls-port', '0'],
    /The file of --tls-cert, .*no\/cert\.pem, cannot be read/,
  ],
])('serve %j ends with 2 and says what is missing', async (argv, message) => {
  const env = { EVFLEET_DATA_DIR: await temporaryDirectory() };
  const { exitCode, stderr } = await runCommand(Serve, ['--port', '0', ...argv], { env, id: 'serve' });
  expect(stderr).toMatch(message);
  expect(exitCode).toBe(2);
});
