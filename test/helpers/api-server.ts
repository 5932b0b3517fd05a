import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import http, { type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import https from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import { TestAuthority, type TestIdentity } from './certificates.js';
import { temporaryDirectory } from './temporary-directory.js';

export const testKey = `evf_abcdefghijkl_${'S3cret'.repeat(7)}x`;

interface Asked {
  readonly path: string;
  readonly authorization: string | undefined;
  readonly input: unknown;
  readonly socket: Socket;
}

type Reply = (asked: Asked, response: ServerResponse) => void;

/** A server that answers as the API does what a test has it answer; gone after the test. */
export interface ApiServer {
  readonly url: string;
  /** PEM file of the authority that its certificate is from. */
  readonly caFile: string;
  readonly asked: Asked[];
  /** Connections so far. */
  readonly connections: () => number;
}

export async function apiServer(
  reply: Reply,
  {
    isPlain = false,
    identity,
  }: { isPlain?: boolean; identity?: (authority: TestAuthority) => TestIdentity } = {},
): Promise<ApiServer> {
  const authority = new TestAuthority();
  const caFile = path.join(await temporaryDirectory(), 'ca.pem');
  writeFileSync(caFile, authority.cert);
  const asked: Asked[] = [];
  const listener: RequestListener = async (request, response) => {
    const { url = '', headers, socket } = request;
    const question = {
      path: url,
      authorization: headers.authorization,
      input: await inputOf(request),
      socket,
    };
    asked.push(question);
    reply(question, response);
  };
  const server = isPlain
    ? http.createServer(listener)
    : https.createServer({ ...(identity ?? ((from) => from.server()))(authority) }, listener);
  let connections = 0;
  server.on(isPlain ? 'connection' : 'secureConnection', () => {
    connections += 1;
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const url = `${isPlain ? 'http' : 'https'}://127.0.0.1:${port}`;
  return { url, caFile, asked, connections: () => connections };
}

/** An answer as the API gives it. */
export function answer(response: ServerResponse, output: unknown): void {
  response.setHeader('content-type', 'application/json; charset=utf-8').end(JSON.stringify(output));
}

/** A failure as the API tells it. */
export function refuse(
  response: ServerResponse,
  status: number,
  code: string,
  {
    detail = 'No.',
    retryAfter,
    suggestions = [],
  }: { detail?: string; retryAfter?: number; suggestions?: string[] } = {},
): void {
  if (retryAfter !== undefined) response.setHeader('retry-after', String(retryAfter));
  const problem = { type: `urn:evfleet:error:${code}`, title: code, status, detail, code, suggestions };
  response.writeHead(status, { 'content-type': 'application/problem+json' }).end(JSON.stringify(problem));
}

async function inputOf(request: IncomingMessage): Promise<unknown> {
  let text = '';
  for await (const chunk of request) text += chunk;
  return text === '' ? undefined : JSON.parse(text);
}
