import type { BulkOutcome } from '../../src/operations/bulk.js';
import type { Fleet } from '../../src/operations/fleet.js';
import type { ScriptedStation } from '../helpers/scripted-station.js';
import { TestServer } from '../helpers/test-server.js';
import { until } from '../helpers/until.js';

/** How long a station may take to answer. */
export const timeoutMs = 30_000;

export const accept = () => ({ status: 'Accepted' });

export function start(fleet: Fleet, change: { connector?: number; tag?: string; waitMs?: number } = {}) {
  return fleet.run('remote.start', { stationId: 'CP1', tag: 'TAG1', timeoutMs: 30_000, ...change });
}

export function stop(fleet: Fleet, target: string, change: { connector?: number; waitMs?: number } = {}) {
  return fleet.run('remote.stop', { target, timeoutMs: 30_000, ...change });
}

export async function begin(
  server: TestServer,
  station: ScriptedStation,
  change: object = {},
): Promise<number> {
  const base = { connectorId: 1, idTag: 'TAG1', meterStart: 1000, timestamp: server.clock.iso() };
  return Number((await station.call('StartTransaction', { ...base, ...change })).transactionId);
}

export function end(server: TestServer, station: ScriptedStation, transactionId: number) {
  const stopped = { transactionId, meterStop: 2000, timestamp: server.clock.iso(), reason: 'Remote' };
  return station.call('StopTransaction', stopped);
}

/** Lets time pass until `work` is done. */
export async function lapse<T>(server: TestServer, work: Promise<T>): Promise<T> {
  let isDone = false;
  const done = work.finally(() => {
    isDone = true;
  });
  await until(() => {
    server.clock.advance(100);
    return isDone;
  });
  return done;
}

/** A station without a word for a call of ours. */
export async function mute() {
  const server = await TestServer.start({ pingIntervalMs: 3600_000 });
  const station = await server.connected('CP1');
  station.on('RemoteStartTransaction', () => 'silence').on('RemoteStopTransaction', () => 'silence');
  return { server, station };
}

/** What can be asked of many stations at once. */
export type ActionName =
  | 'remote.reset'
  | 'remote.unlock'
  | 'remote.availability'
  | 'remote.trigger'
  | 'remote.clear-cache'
  | 'remote.data-transfer';

/** A server and a station that is connected. */
export async function online(details: { connectors?: number } = { connectors: 2 }) {
  const server = await TestServer.start({ pingIntervalMs: 7_200_000 });
  return { server, station: await server.connected('CP1', details) };
}

/** What becomes of it at CP1. */
export async function ask(server: TestServer, name: ActionName, input: object = {}): Promise<BulkOutcome> {
  const targets = { stationIds: ['CP1'] };
  const asked = { targets, timeoutMs, ...input } as Parameters<typeof server.fleet.stream<ActionName>>[1];
  for await (const outcome of server.fleet.stream(name, asked)) return outcome;
  throw new Error('nothing came of it');
}
