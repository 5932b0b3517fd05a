import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createPki } from '../src/pki/pki.js';
import { newSecret, systemClock } from '../src/server/system.js';
import { cpuSeconds, firstJson, loadCpu, median, startNode, stop } from './measure.js';
import { line, section, verdict } from './report.js';
import { startEvfleet } from './servers.js';

const ratioMin = 0.8;
const here = fileURLToPath(new URL('.', import.meta.url));
const dayMs = 86_400_000;

interface Side {
  readonly child: ChildProcess;
  readonly port: string;
}

/** How many clients a second agree on TLS with `serve`, and with Node alone; anew, and with a ticket of before. */
export async function benchTls({ quick }: { quick: boolean }): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), 'evfleet-bench-'));
  const sides: Side[] = [];
  try {
    const { certFile, keyFile, authority } = await certificate(dataDir);
    const bareChild = startNode(join(here, 'tls-server.js'), [certFile, keyFile]);
    const bare = sideOf(bareChild, (await firstJson<{ tlsUrl: string }>(bareChild)).tlsUrl);
    sides.push(bare);
    const tls = ['--tls-port', '0', '--tls-cert', certFile, '--tls-key', keyFile];
    const { child, ready } = await startEvfleet(dataDir, 0, tls);
    const evfleet = sideOf(child, ready.tlsUrl ?? '');
    sides.push(evfleet);
    for (const kind of ['full', 'resumed'] as const) {
      section(`TLS handshakes, ${kind === 'full' ? 'anew' : 'resumed with a ticket'} (TLS 1.3, ECDSA P-256)`);
      const figures = await measure(bare, evfleet, { authority, kind, count: quick ? 500 : 2000, runs: 5 });
      line('bare Node TLS server', `${figures.bare.perS.toFixed(0)} /s`);
      line('evfleet serve', `${figures.evfleet.perS.toFixed(0)} /s`);
      const ratio = figures.evfleet.perS / figures.bare.perS;
      line('ratio', ratio.toFixed(2), verdict(ratio >= ratioMin, `at least ${ratioMin}`));
      // The client works as hard as the server, and both share a machine: this is the server alone.
      line('bare, processor time of each', `${figures.bare.cpuMs.toFixed(2)} ms`);
      line('evfleet serve, the same', `${figures.evfleet.cpuMs.toFixed(2)} ms`);
      line('ratio', (figures.bare.cpuMs / figures.evfleet.cpuMs).toFixed(2));
    }
  } finally {
    for (const { child } of sides) await stop(child);
    rmSync(dataDir, { recursive: true, force: true });
  }
}

/** In turns, so that whatever else the machine does meets both. */
async function measure(
  bare: Side,
  evfleet: Side,
  options: { authority: string; kind: 'full' | 'resumed'; count: number; runs: number },
) {
  const runs = { bare: [] as Figures[], evfleet: [] as Figures[] };
  // The first of each warms it up.
  for (let run = 0; run <= options.runs; run += 1) {
    const pair = { bare: await figuresOf(bare, options), evfleet: await figuresOf(evfleet, options) };
    if (run === 0) continue;
    runs.bare.push(pair.bare);
    runs.evfleet.push(pair.evfleet);
  }
  return { bare: medianOf(runs.bare), evfleet: medianOf(runs.evfleet) };
}

interface Figures {
  /** Handshakes. */
  readonly perS: number;
  /** Of the server, for each of them. */
  readonly cpuMs: number;
}

async function figuresOf(
  { child, port }: Side,
  { authority, kind, count }: { authority: string; kind: string; count: number },
): Promise<Figures> {
  const before = cpuSeconds(child.pid);
  const argv = [port, authority, String(count), kind];
  const client = startNode(join(here, 'tls-client.js'), argv, { cpu: loadCpu });
  const { tookMs } = await firstJson<{ tookMs: number }>(client);
  return {
    perS: (count / tookMs) * 1000,
    cpuMs: ((cpuSeconds(child.pid) - before) / count) * 1000,
  };
}

function medianOf(runs: readonly Figures[]): Figures {
  return {
    perS: median(runs.map(({ perS }) => perS)),
    cpuMs: median(runs.map(({ cpuMs }) => cpuMs)),
  };
}

function sideOf(child: ChildProcess, tlsUrl: string): Side {
  return { child, port: new URL(tlsUrl).port };
}

async function certificate(dataDir: string) {
  const pki = createPki({ dataDir, clock: systemClock, newSecret });
  const term = { organization: null, keyType: 'ecdsa', validityMs: dayMs } as const;
  await pki.create({ ...term, commonName: 'Bench' });
  const files = await pki.issueServer({ ...term, hosts: ['127.0.0.1'], replace: false });
  return { ...files, authority: join(dataDir, 'pki', 'ca.pem') };
}
