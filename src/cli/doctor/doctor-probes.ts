import net from 'node:net';
import tls from 'node:tls';
import { isLoopback, loopbackOf, type Probe } from '../../domain/check/address-checks.js';
import type { ServerFacts } from '../../domain/check/server-facts.js';

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
  { host, url, stationPort }: Pick<ServerFacts, 'host' | 'url' | 'stationPort'>,
  options: ProbeOptions,
): Promise<Probe> {
  const local = loopbackOf(host);
  if (local === undefined) return 'not-tried';
  // 426: Upgrade Required, which is what WebSocket is for (RFC 9110 §15.5.22).
  const isTls = url.startsWith('wss:');
  return ask(
    { host: local, port: stationPort, isTls, says: get(local), expects: /^HTTP\/1\.1 426 / },
    options,
  );
}

/** Asks an address that stations are told, if it is one of this machine; no other is ever contacted. */
export async function probeAddress(address: string, options: ProbeOptions): Promise<Probe> {
  const { protocol, hostname, port } = new URL(address);
  if (!isLoopback(hostname)) return 'not-tried';
  const host = hostname.replace(/^\[|\]$/g, '');
  switch (protocol) {
    case 'http:':
      return ask({ host, port: Number(port || 80), says: get(hostname), expects: /^HTTP\/1\.\d / }, options);
    case 'https:':
      return ask(
        { host, port: Number(port || 443), isTls: true, says: get(hostname), expects: /^HTTP\/1\.\d / },
        options,
      );
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

interface Question {
  readonly host: string;
  readonly port: number;
  readonly isTls?: boolean;
  readonly says: string;
  readonly expects: RegExp;
}

function ask(
  { host, port, isTls = false, says, expects }: Question,
  { signal, timeoutMs = probeTimeoutMs }: ProbeOptions,
): Promise<Probe> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    let heard = '';
    // Whether it answers is asked, of this machine; whether stations trust its certificate cannot be seen from here.
    const socket = isTls
      ? tls.connect({ host, port, rejectUnauthorized: false })
      : net.connect({ host, port });
    const end = (probe: Probe) => {
      clearTimeout(timer);
      signal.removeEventListener('abort', giveUp);
      socket.destroy();
      resolve(probe);
    };
    const giveUp = () => {
      reject(signal.reason);
      end('no-answer');
    };
    signal.addEventListener('abort', giveUp, { once: true });
    const timer = setTimeout(() => end('no-answer'), timeoutMs);
    socket.setEncoding('latin1');
    socket.once(isTls ? 'secureConnect' : 'connect', () => socket.write(says));
    socket.on('data', (chunk) => {
      heard += String(chunk);
      if (expects.test(heard)) end('answered');
      else if (heard.includes('\n') || heard.length > answerMaxBytes) end('no-answer');
    });
    socket.on('error', () => end('no-answer'));
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
