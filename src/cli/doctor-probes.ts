import net from 'node:net';
import { isLoopback, loopbackOf, type Probe } from '../domain/address-checks.js';
import type { ServerFacts } from '../domain/server-facts.js';

/** How long a port of this machine may take to say something. */
const probeTimeoutMs = 3000;
/** Ports of a range that are tried, evenly spread. */
const portsMax = 128;

export interface ProbeOptions {
  readonly signal: AbortSignal;
  readonly timeoutMs?: number;
}

/** Asks the port that stations connect to for what it answers to a browser, if it can be asked on this machine alone. */
export async function probeStations(
  { host, stationPort }: Pick<ServerFacts, 'host' | 'stationPort'>,
  options: ProbeOptions,
): Promise<Probe> {
  const local = loopbackOf(host);
  if (local === undefined) return 'not-tried';
  // 426: Upgrade Required, which is what WebSocket is for (RFC 9110 §15.5.22).
  return ask({ host: local, port: stationPort, says: get(local), expects: /^HTTP\/1\.1 426 / }, options);
}

/** Asks an address that stations are told, if it is one of this machine; no other is ever contacted. */
export async function probeAddress(address: string, options: ProbeOptions): Promise<Probe> {
  const { protocol, hostname, port } = new URL(address);
  if (!isLoopback(hostname)) return 'not-tried';
  const host = hostname.replace(/^\[|\]$/g, '');
  switch (protocol) {
    case 'http:':
      return ask({ host, port: Number(port || 80), says: get(hostname), expects: /^HTTP\/1\.\d / }, options);
    case 'ftp:':
      return ask({ host, port: Number(port || 21), says: '', expects: /^220[ -]/ }, options);
    default:
      return 'not-tried';
  }
}

function get(host: string): string {
  return `GET / HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`;
}

/** Long enough for the status line or greeting that is expected. */
const answerMaxBytes = 1024;

function ask(
  { host, port, says, expects }: { host: string; port: number; says: string; expects: RegExp },
  { signal, timeoutMs = probeTimeoutMs }: ProbeOptions,
): Promise<Probe> {
  return new Promise((resolve, reject) => {
    let heard = '';
    const socket = net.connect({ host, port, signal });
    const end = (probe: Probe) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(probe);
    };
    const timer = setTimeout(() => end('no-answer'), timeoutMs);
    socket.setEncoding('latin1');
    socket.once('connect', () => socket.write(says));
    socket.on('data', (chunk) => {
      heard += String(chunk);
      if (expects.test(heard)) end('answered');
      else if (heard.includes('\n') || heard.length > answerMaxBytes) end('no-answer');
    });
    socket.on('error', () => {
      if (!signal.aborted) return end('no-answer');
      clearTimeout(timer);
      reject(signal.reason);
    });
    socket.once('close', () => end('no-answer'));
  });
}

/** How many of a range of ports can be listened on: each only for a moment, one after the other. */
export async function probePorts(
  host: string,
  { first, last }: { readonly first: number; readonly last: number },
  { maxPorts = portsMax }: { maxPorts?: number } = {},
): Promise<{ tried: number; free: number }> {
  if (first === 0) return { tried: 0, free: 0 };
  const step = Math.ceil((last - first + 1) / maxPorts);
  let tried = 0;
  let free = 0;
  for (let port = first; port <= last; port += step) {
    tried += 1;
    if (await canListen(host, port)) free += 1;
  }
  return { tried, free };
}

function canListen(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = net.createServer((socket) => socket.destroy());
    server.once('error', () => resolve(false));
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(true)));
  });
}
