import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';

/** The baseline: a bare `ws` server that sends every message back. Nothing can answer faster with this library. */
const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false });
server.on('connection', (socket) => {
  socket.on('message', (data) => socket.send(data.toString()));
});
server.on('listening', () => {
  const { port } = server.address() as AddressInfo;
  process.stdout.write(`${JSON.stringify({ url: `ws://127.0.0.1:${port}/ocpp/`, pid: process.pid })}\n`);
});
process.on('SIGTERM', () => process.exit(0));
