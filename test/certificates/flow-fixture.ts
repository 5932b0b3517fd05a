import fs from 'node:fs/promises';
import path from 'node:path';
import type { ServeOptions } from '../../src/server/serve-options.js';
import type { ScriptedStation } from '../helpers/scripted-station.js';
import { TestServer } from '../helpers/test-server.js';
import { until } from '../helpers/until.js';
import { dayMs, makeRequest, presentClock } from '../pki/fixture.js';

/** A fleet with an authority of its own. */
export async function startFleet(options: Omit<Partial<ServeOptions>, 'clock'> = {}): Promise<TestServer> {
  const server = await TestServer.start({ clock: presentClock(), pingIntervalMs: 40 * dayMs, ...options });
  if (options.csrCommand === undefined) {
    await server.fleet.run('certificate.ca-create', { name: 'Acme CA', organization: 'Acme' });
  }
  return server;
}

const keys = new Map<string, string>();

/** A station that shows its key. */
export async function connectWithKey(server: TestServer, id = 'CP1'): Promise<ScriptedStation> {
  const name = `${server.dataDir} ${id}`;
  if (!keys.has(name)) {
    const { item } = await server.fleet.run('station.create', { id, generateAuthKey: true });
    keys.set(name, item.authKey ?? '');
  }
  const credentials = Buffer.from(`${id}:${keys.get(name)}`).toString('base64');
  return server.connect(id, { headers: { authorization: `Basic ${credentials}` } });
}

/** A request as the station makes it. */
export function requestOf(commonName = 'CP1', organization: string | null = 'Acme') {
  return makeRequest([...(organization === null ? [] : [{ O: [organization] }]), { CN: [commonName] }]);
}

/** The chains that the station was sent, oldest first. */
export function chainsAt(station: ScriptedStation): string[] {
  return station.calls
    .filter(({ action }) => action === 'CertificateSigned')
    .map(({ payload }) => String(payload.certificateChain));
}

export async function certificates(server: TestServer, filter: { stationId?: string } = {}) {
  return (await server.fleet.run('certificate.list', filter)).items;
}

/** Kinds and details of what happened to certificates, oldest first. */
export async function certificateEvents(server: TestServer) {
  const { items } = await server.fleet.run('event.list', {});
  return items
    .filter(({ kind }) => kind.startsWith('certificate.'))
    .map(({ kind, detail }) => ({ kind, ...(detail as object) }));
}

export async function eventKinds(server: TestServer): Promise<string[]> {
  return (await certificateEvents(server)).map(({ kind }) => kind.slice('certificate.'.length));
}

/** Lets time pass, a little at a time, until something holds. */
export function passUntil(server: TestServer, check: () => boolean | Promise<boolean>, stepMs = 5000) {
  return until(async () => {
    if (await check()) return true;
    server.clock.advance(stepMs);
    return false;
  });
}

/** A program for `--csr-command`. */
export async function program(dataDir: string, script: string): Promise<string> {
  const file = path.join(dataDir, 'sign.sh');
  await fs.writeFile(file, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return file;
}
