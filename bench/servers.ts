import type { ChildProcess } from 'node:child_process';
import { setMaxListeners } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openLocalFleet } from '../src/server/local-fleet.js';
import { firstJson, startNode, stop } from './measure.js';
import { tagOf } from './workload.js';

/** The servers that are measured, each in a process of its own. */
export const serverNames = { echo: 'bare ws echo server', rpc: 'ocpp-rpc, strict', evfleet: 'evfleet serve' };
export type ServerName = keyof typeof serverNames;

export interface BenchServer {
  readonly url: string;
  readonly pid: number;
  /** Undefined for the baselines. */
  readonly controlSocket?: string;
  stop(): Promise<void>;
}

interface Ready {
  readonly url: string;
  readonly tlsUrl: string | null;
  readonly pid: number;
  readonly controlSocket: string;
}

const here = fileURLToPath(new URL('.', import.meta.url));
const program = fileURLToPath(new URL('../../bin/run.js', import.meta.url));
const env = { ...process.env, NODE_ENV: 'production' };

export async function startServer(name: ServerName, stations: number): Promise<BenchServer> {
  if (name !== 'evfleet') {
    const child = startNode(join(here, name === 'echo' ? 'echo-server.js' : 'ocpp-rpc-server.js'), [], {
      env,
    });
    return { ...(await firstJson<{ url: string; pid: number }>(child)), stop: () => stop(child) };
  }
  const dataDir = mkdtempSync(join(tmpdir(), 'evfleet-bench-'));
  const remove = () => rmSync(dataDir, { recursive: true, force: true });
  try {
    await createFleet(dataDir, stations);
    const { ready, child } = await startEvfleet(dataDir, 0);
    return { ...ready, stop: () => stop(child).finally(remove) };
  } catch (error) {
    remove();
    throw error;
  }
}

/** A directory with so many stations in the topology, and a tag for each of them. */
export async function createFleet(dataDir: string, stations: number): Promise<void> {
  const { signal } = new AbortController();
  setMaxListeners(0, signal);
  const fleet = await openLocalFleet({ dataDir, lockTimeoutMs: 0, signal });
  const ids = Array.from({ length: stations }, (_, index) => tagOf(index));
  await Promise.all(ids.map((tag) => fleet.run('tag.create', { tag })));
  await Promise.all(ids.map((id) => fleet.run('station.create', { id })));
  await fleet.close();
}

export async function startEvfleet(
  dataDir: string,
  port: number,
  more: readonly string[] = [],
): Promise<{ child: ChildProcess; ready: Ready }> {
  const argv = ['serve', '--port', String(port), '--data-dir', dataDir, '--json', '--log-level', 'error'];
  const child = startNode(program, [...argv, ...more], { env });
  return { child, ready: await firstJson<Ready>(child) };
}
