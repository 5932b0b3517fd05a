import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import tls from 'node:tls';

/** The baseline: what Node itself takes to agree on TLS, with the same certificate. */
const [cert = '', key = ''] = process.argv.slice(2);
const server = tls.createServer({ cert: readFileSync(cert), key: readFileSync(key), minVersion: 'TLSv1.2' });
server.on('secureConnection', (socket) => {
  socket.on('error', () => undefined);
  socket.resume();
});
server.on('tlsClientError', () => undefined);
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  process.stdout.write(`${JSON.stringify({ tlsUrl: `tls://127.0.0.1:${port}/`, pid: process.pid })}\n`);
});
process.on('SIGTERM', () => process.exit(0));
