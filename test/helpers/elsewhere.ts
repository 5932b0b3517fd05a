import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { TestAuthority } from './certificates.js';
import { evfleet, type ServeProcess, serve } from './program.js';

export interface Elsewhere {
  readonly server: ServeProcess;
  /** Of its API. */
  readonly url: string;
  readonly dataDir: string;
  /** That of an admin on another machine: server, key and authority, and where that machine's own fleet would be. */
  readonly env: Readonly<Record<string, string>> & { readonly XDG_DATA_HOME: string };
}

export const admin = { email: 'ada@example.com', password: 'correct horse 1' };

/** A server with a certificate of its own, and what one needs to know to be its admin from elsewhere. */
export async function serveElsewhere(directory: string): Promise<Elsewhere> {
  mkdirSync(directory, { recursive: true });
  const file = (name: string) => join(directory, name);
  const authority = new TestAuthority();
  const { cert, key } = authority.server();
  writeFileSync(file('ca.pem'), authority.cert);
  writeFileSync(file('cert.pem'), cert);
  writeFileSync(file('key.pem'), key, { mode: 0o600 });
  const dataDir = file('elsewhere');
  const person = ['user', 'create', admin.email, '--role', 'admin', '--password-stdin'];
  await evfleet(person, { dataDir, stdin: admin.password });
  const made = await evfleet(['api-key', 'create', '--user', admin.email], { dataDir });
  const tls = ['--api-tls-cert', file('cert.pem'), '--api-tls-key', file('key.pem')];
  const server = await serve({ dataDir }, { argv: ['--api-port', '0', ...tls] });
  const url = String(server.apiUrl);
  const env = {
    EVFLEET_SERVER: url,
    EVFLEET_API_KEY: made.stdout.trim(),
    EVFLEET_SERVER_CA: file('ca.pem'),
    XDG_DATA_HOME: file('data-of-this-machine'),
  };
  return { server, url, dataDir, env };
}
