import { readFileSync } from 'node:fs';
import tls from 'node:tls';

/** Agrees on TLS with a server as often as it is told, 16 at a time, and says how long that took. */
const [port, authority = '', count, resumes] = process.argv.slice(2);
const atOnce = 16;
const options = { host: '127.0.0.1', port: Number(port), ca: readFileSync(authority) };
let left = Number(count);

/** Those of TLS 1.3 come after the handshake. */
function ticket(): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const socket = tls.connect(options).once('error', reject);
    socket.once('session', (session) => {
      socket.destroy();
      resolve(session);
    });
  });
}

function handshake(session: Buffer | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = tls.connect({ ...options, ...(session && { session }) }).once('error', reject);
    socket.once('secureConnect', () => {
      if (socket.isSessionReused() !== (session !== undefined))
        reject(new Error('not what was to be measured'));
      socket.destroy();
      socket.once('close', () => resolve());
    });
  });
}

async function work(session: Buffer | undefined): Promise<void> {
  while (left > 0) {
    left -= 1;
    await handshake(session);
  }
}

const session = resumes === 'resumed' ? await ticket() : undefined;
const begunMs = performance.now();
await Promise.all(Array.from({ length: atOnce }, () => work(session)));
process.stdout.write(`${JSON.stringify({ tookMs: performance.now() - begunMs })}\n`);
