import type { LoadOptions } from './load-options.js';
import { RawSocket, type RawSocketOptions } from './raw-socket.js';
import {
  calls,
  MeterScript,
  MixedScript,
  meterStartWh,
  type Script,
  tagOf,
  transactionIn,
} from './workload.js';

export interface LoadStation {
  readonly socket: RawSocket;
  readonly script: Script;
}

const connectingAtOnce = 50;

/** Ports that one source address gives away to one destination; the rest of the stations take the next one. */
const stationsPerAddress = 20_000;

export function socketOptions(url: string, index: number): RawSocketOptions {
  const { hostname: host, port, pathname } = new URL(url);
  const addresses = Math.floor(index / stationsPerAddress);
  return {
    host,
    port: Number(port),
    path: `${pathname}${tagOf(index)}`,
    ...(addresses > 0 && { localAddress: `127.0.0.${addresses + 1}` }),
  };
}

/** Stations that have booted and begun a session. */
export async function connectStations(options: LoadOptions): Promise<LoadStation[]> {
  const { url, isEcho, workload } = options;
  return inParallel(options.stations, connectingAtOnce, async (index) => {
    const socket = await RawSocket.open(socketOptions(url, index));
    await socket.ask(calls.boot);
    const answer = await socket.ask(calls.start(tagOf(index), meterStartWh));
    const transaction = isEcho ? index + 1 : transactionIn(answer);
    if (transaction === 0) throw new Error(`StartTransaction was not accepted: ${answer}`);
    const Script = workload === 'mixed' ? MixedScript : MeterScript;
    return { socket, script: new Script({ index, transaction, isEcho }) };
  });
}

/** Calls `make` for 0 to `count` - 1, some at once; the results are in order. */
export async function inParallel<T>(
  count: number,
  atOnce: number,
  make: (index: number) => Promise<T>,
): Promise<T[]> {
  const results = new Array<T>(count);
  let next = 0;
  const work = async () => {
    while (next < count) {
      const index = next;
      next += 1;
      results[index] = await make(index);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return results;
}
