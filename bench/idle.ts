import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { JsonLines, loadCpu, residentBytes, startNode, stop, waitS } from './measure.js';
import { line, section, verdict } from './report.js';
import { scrape } from './scrape.js';
import { createFleet, startEvfleet, startServer } from './servers.js';

export interface IdleOptions {
  readonly stations: number;
  /** How long the garbage of connecting has to go before memory is looked at: two rounds of pings by default. */
  readonly settleS: number;
}

interface Memory {
  readonly before: number;
  readonly connected: number;
}

const loadProgram = fileURLToPath(new URL('load-idle.js', import.meta.url));
const perStationMaxBytes = 25_000;
const backMaxS = 30;
const connectMaxS = 120;
/** What a process opens besides the sockets of stations. */
const otherFiles = 500;

/** What idle stations cost, and how long all of them are gone when the server is killed. */
export async function benchIdle({ stations: wanted, settleS }: IdleOptions): Promise<void> {
  const stations = Math.min(wanted, openFilesMax() - otherFiles);
  section(`${stations} idle stations`);
  if (stations < wanted) line('', '', `only so many files may be open here (ulimit -Hn), not ${wanted}`);
  const echo = await benchEcho(stations, settleS);
  printMemory('bare ws echo server', echo);
  const { memory, heapBytes, restart } = await benchEvfleet(stations, settleS);
  printMemory('evfleet serve', memory);
  line('', '', `of which ${(heapBytes / 1e6).toFixed(0)} MB are objects of JavaScript`);
  line('', '', `resident memory ${settleS} s after the last of them had booted`);

  const perStation = (memory.connected - echo.connected) / stations;
  const grown = (memory.connected - memory.before - (echo.connected - echo.before)) / stations;
  const target = `at most ${perStationMaxBytes / 1000} kB`;
  line(
    'whole process above the bare ws server, per station',
    kB(perStation),
    verdict(perStation <= perStationMaxBytes, `${target} with 10,000`),
  );
  line('grown by more than it, per station', kB(grown), verdict(grown <= perStationMaxBytes, target));
  line('after kill -9: listening again after', `${restart.readyS.toFixed(1)} s`);
  line(
    'after kill -9: all stations back after',
    restart.backS === undefined ? 'never' : `${restart.backS.toFixed(1)} s`,
    `${verdict((restart.backS ?? Number.POSITIVE_INFINITY) <= backMaxS, `at most ${backMaxS} s`)}; ` +
      `${(restart.attempts / stations).toFixed(1)} attempts each, back-off from 1 s, doubling, with jitter`,
  );
}

async function benchEcho(stations: number, settleS: number): Promise<Memory> {
  const server = await startServer('echo', 0);
  await waitS(1);
  const before = residentBytes(server.pid);
  const load = startIdle(server.url, stations);
  await load.lines.next(connectMaxS);
  await waitS(settleS);
  const connected = residentBytes(server.pid);
  await stop(load.child);
  await server.stop();
  return { before, connected };
}

async function benchEvfleet(stations: number, settleS: number) {
  const dataDir = mkdtempSync(join(tmpdir(), 'evfleet-bench-'));
  try {
    await createFleet(dataDir, stations);
    const first = await startEvfleet(dataDir, 0);
    const { url, pid, controlSocket } = first.ready;
    await waitS(1);
    const before = residentBytes(pid);
    const load = startIdle(url, stations);
    await load.lines.next(connectMaxS);
    await waitS(settleS);
    const memory: Memory = { before, connected: residentBytes(pid) };
    const heapBytes = await scrape(controlSocket, 'nodejs_heap_size_used_bytes');

    const killedAt = performance.now();
    const sinceKillS = () => (performance.now() - killedAt) / 1000;
    await stop(first.child, 'SIGKILL');
    const second = await startEvfleet(dataDir, Number(new URL(url).port));
    const readyS = sinceKillS();
    const back = await load.lines.next<{ attempts: number }>(connectMaxS).catch(() => undefined);
    const restart = { readyS, backS: back && sinceKillS(), attempts: back?.attempts ?? Number.NaN };
    await stop(load.child);
    await stop(second.child);
    return { memory, heapBytes, restart };
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}

function startIdle(url: string, stations: number) {
  const child = startNode(loadProgram, [url, String(stations)], { cpu: loadCpu });
  return { child, lines: new JsonLines(child) };
}

/** Node raises its limit to the hard one by itself. */
function openFilesMax(): number {
  try {
    const hard = /^Max open files\s+\S+\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1];
    return hard === undefined ? Number.POSITIVE_INFINITY : Number(hard);
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}

function printMemory(what: string, { before, connected }: Memory): void {
  line(what, `${(connected / 1e6).toFixed(0)} MB`, `${(before / 1e6).toFixed(0)} MB without stations`);
}

function kB(bytes: number): string {
  return `${(bytes / 1000).toFixed(1)} kB`;
}
