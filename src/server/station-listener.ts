import http from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Csms } from '../csms/csms.js';
import { FleetError } from '../domain/errors.js';
import type { Log } from '../domain/log.js';

/** How long a client may take to send its request: slow ones must not collect. */
const handshakeTimeoutMs = 10_000;

/** The HTTP server that stations connect to. Anything but a WebSocket upgrade is told what belongs here. */
export async function listenForStations(
  csms: Csms,
  { host, port, log }: { host: string; port: number; log: Log },
): Promise<{ server: http.Server; address: AddressInfo }> {
  const server = http.createServer(
    {
      headersTimeout: handshakeTimeoutMs,
      requestTimeout: handshakeTimeoutMs,
      connectionsCheckingInterval: 2000,
    },
    (_request, response) => {
      response.writeHead(426, {
        'Content-Type': 'text/plain; charset=utf-8',
        Upgrade: 'websocket',
        Connection: 'close',
      });
      response.end('OCPP stations connect here by WebSocket: /ocpp/<station id>, subprotocol ocpp1.6\n');
    },
  );
  server.on('upgrade', (request, socket, head) => csms.upgrade(request, socket, head));
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(listenError(error, host, port)));
    server.listen(port, host, resolve);
  });
  // A failed accept (no file descriptors left) is no reason to stop serving those who are connected.
  server.on('error', (error) => log.warn(`a connection could not be accepted: ${error.message}`));
  return { server, address: server.address() as AddressInfo };
}

function listenError(error: NodeJS.ErrnoException, host: string, port: number): Error {
  if (error.code === 'EADDRINUSE') {
    return new FleetError('PORT_IN_USE', `Port ${port} on ${host} is in use by another program.`, {
      cause: error,
      suggestions: [`evfleet serve --port ${port + 1}`, `ss -ltnp 'sport = :${port}'`],
    });
  }
  if (error.code === 'EACCES') {
    return new FleetError('NOT_ALLOWED', `This user may not listen on port ${port}.`, {
      cause: error,
      suggestions: ['Choose a port above 1023 with --port.'],
    });
  }
  if (['EADDRNOTAVAIL', 'ENOTFOUND', 'EAI_AGAIN'].includes(error.code ?? '')) {
    return new FleetError('USAGE', `${host} is not an address of this machine.`, {
      cause: error,
      suggestions: ['--host 127.0.0.1 listens to this machine only, --host 0.0.0.0 to all networks.'],
    });
  }
  return error;
}
