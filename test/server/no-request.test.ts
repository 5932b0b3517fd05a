import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { expect, it, onTestFinished } from 'vitest';
import { answerNoRequest } from '../../src/server/no-request.js';

it('a station that speaks TLS to the plain port is told from one that sends rubbish', async () => {
  const warnings: string[] = [];
  const log = { info: () => undefined, warn: (text: string) => warnings.push(text), error: () => undefined };
  const server = createServer();
  server.on('clientError', (error, socket) => answerNoRequest(error, socket, log));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  await new Promise<void>((resolve) => {
    connectTls({ port, host: '127.0.0.1' }).once('error', () => resolve());
  });
  expect(warnings).toEqual([
    'refused: it speaks TLS (wss), but this port does not: use ws:// here, or serve --tls-port',
  ]);
});
