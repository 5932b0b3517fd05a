import { once } from 'node:events';
import fs from 'node:fs/promises';
import path from 'node:path';
import tls from 'node:tls';
import { onTestFinished } from 'vitest';
import { TestAuthority, type TestIdentity } from '../../helpers/certificates.js';
import { ScriptedStation, type StationOptions } from '../../helpers/scripted-station.js';
import { temporaryDirectory } from '../../helpers/temporary-directory.js';
import { TestServer } from '../../helpers/test-server.js';

export const authority = new TestAuthority();
export const ecdsa = authority.server();
export const rsa = authority.server({ rsaBits: 2048 });

/** A server that stations reach in TLS, with a certificate of each kind. */
export class TlsBench {
  readonly server: TestServer;
  readonly #directory: string;

  private constructor(server: TestServer, directory: string) {
    this.server = server;
    this.#directory = directory;
  }

  static async begin(
    options: Parameters<typeof TestServer.start>[0] = {},
    identities: readonly TestIdentity[] = [ecdsa, rsa],
  ): Promise<TlsBench> {
    const directory = await temporaryDirectory();
    for (const [n, identity] of identities.entries()) await write(directory, n, identity);
    const tls = identities.map((_, n) => filesOf(directory, n));
    // The clock stands still while certificates go by the true time.
    const server = await TestServer.start({ tls, tlsPort: 0, pingIntervalMs: 86_400_000, ...options });
    return new TlsBench(server, directory);
  }

  get url(): string {
    return this.server.running.tlsUrl ?? '';
  }

  get port(): number {
    return Number(new URL(this.url).port);
  }

  /** The first certificate is another one from now on. */
  renew(identity: TestIdentity): Promise<void> {
    return write(this.#directory, 0, identity);
  }

  write(n: number, part: 'cert' | 'key', text: string): Promise<void> {
    return fs.writeFile(filesOf(this.#directory, n)[part], text);
  }

  connect(id: string, options: StationOptions = {}): Promise<ScriptedStation> {
    return ScriptedStation.connect(this.url, id, { ca: authority.cert, ...options });
  }

  /** A client of TLS that has agreed with the server. */
  async handshake(options: tls.ConnectionOptions = {}): Promise<tls.TLSSocket> {
    return handshake(this.port, options);
  }
}

/** @throws the error of whichever side did not agree */
export async function handshake(port: number, options: tls.ConnectionOptions = {}): Promise<tls.TLSSocket> {
  const socket = tls.connect({ host: '127.0.0.1', port, ca: authority.cert, ...options });
  onTestFinished(() => void socket.destroy());
  await once(socket, 'secureConnect');
  socket.on('error', () => undefined);
  return socket;
}

export function fingerprintOf(socket: tls.TLSSocket): string {
  return socket.getPeerCertificate().fingerprint256;
}

function filesOf(directory: string, n: number): { cert: string; key: string } {
  return { cert: path.join(directory, `cert${n}.pem`), key: path.join(directory, `key${n}.pem`) };
}

async function write(directory: string, n: number, { cert, key }: TestIdentity): Promise<void> {
  const files = filesOf(directory, n);
  await fs.writeFile(files.cert, cert);
  await fs.writeFile(files.key, key, { mode: 0o600 });
}
