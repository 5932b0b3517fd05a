import { createHash } from 'node:crypto';
import type { Fleet, Input } from '../../src/operations/fleet.js';
import type { ScriptedStation } from '../helpers/scripted-station.js';
import { TestServer } from '../helpers/test-server.js';
import { until } from '../helpers/until.js';

export const imageName = { vendor: 'Acme', model: 'Box', version: '2.0.0' };

const signedBy = {
  signature: 'c2lnbmF0dXJl',
  certificate: '-----BEGIN CERTIFICATE-----\nQUJD\n-----END CERTIFICATE-----',
};

/** Uploads an image as the command does. */
export async function upload(
  fleet: Fleet,
  {
    bytes = Buffer.from('firmware image'),
    fileName = 'acme-2.0.0.bin',
    signed = false,
    ...name
  }: {
    bytes?: Buffer;
    fileName?: string;
    signed?: boolean;
    vendor?: string;
    model?: string;
    version?: string;
  } = {},
) {
  const named = { ...imageName, ...name };
  const { uploadId } = await fleet.run('firmware.begin', named);
  await fleet.run('firmware.append', { uploadId, offset: 0, data: bytes.toString('base64') });
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return fleet.run('firmware.finish', { uploadId, ...named, fileName, sha256, ...(signed && signedBy) });
}

/** A server with an image, and stations of its kind that run 1.0.0, connected and booted. */
export async function fleetOf(
  ids: readonly string[],
  { signed = false }: { signed?: boolean } = {},
): Promise<{ server: TestServer; stations: Map<string, ScriptedStation> }> {
  const server = await TestServer.start({ pingIntervalMs: 86_400_000 });
  await upload(server.fleet, { signed });
  const stations = new Map<string, ScriptedStation>();
  for (const id of ids) {
    await server.add(id);
    stations.set(id, await connected(server, id));
  }
  return { server, stations };
}

/** The station connects and boots. */
export async function connected(server: TestServer, id: string, version = '1.0.0'): Promise<ScriptedStation> {
  const station = await server.connect(id);
  station.on('UpdateFirmware', () => ({})).on('SignedUpdateFirmware', () => ({ status: 'Accepted' }));
  await station.boot({ firmwareVersion: version });
  return station;
}

type Wanted = Partial<Omit<Input<'firmware.update'>, 'targets'>>;

/** Outcomes of an update of these stations; time goes by until it has ended. */
export function update(server: TestServer, ids: readonly string[], change: Wanted = {}) {
  return lapse(server, gather(server, ids, change));
}

export async function gather(server: TestServer, ids: readonly string[], change: Wanted = {}) {
  const targets = { stationIds: [...ids] };
  const wanted = { targets, version: '2.0.0', timeoutMs: 30_000, ...change };
  const outcomes = [];
  for await (const outcome of server.fleet.stream('firmware.update', wanted)) outcomes.push(outcome);
  return outcomes;
}

/** Lets time pass until `work` is done. */
export async function lapse<T>(server: TestServer, work: Promise<T>, stepMs = 100): Promise<T> {
  let isDone = false;
  const done = work.finally(() => {
    isDone = true;
  });
  // Whoever waits below learns of it.
  done.catch(() => undefined);
  await until(() => {
    if (!isDone) server.clock.advance(stepMs);
    return isDone;
  });
  return done;
}

/** The stations of a rollout, by id. */
export async function statesOf(server: TestServer, of: number | string = 1): Promise<Record<string, string>> {
  const { items } = await server.fleet.run('firmware.status', { of: String(of) });
  return Object.fromEntries(items.map(({ stationId, state }) => [stationId, state]));
}

/** Time goes by in such steps until the stations of the rollout are in these states. */
export async function untilStates(
  server: TestServer,
  expected: Record<string, string>,
  stepMs = 1000,
): Promise<void> {
  let isOver = false;
  const reached = async (): Promise<void> => {
    while (!isOver && JSON.stringify(await statesOf(server)) !== JSON.stringify(expected));
  };
  await lapse(server, reached(), stepMs).finally(() => {
    isOver = true;
  });
}

/** What the fleet knows of one station of the rollout. */
export async function targetOf(server: TestServer, id: string) {
  const { items } = await server.fleet.run('firmware.status', { of: id });
  const [newest] = items;
  if (!newest) throw new Error(`${id} was never updated`);
  return newest;
}

export function report(station: ScriptedStation, status: string): Promise<unknown> {
  return station.call('FirmwareStatusNotification', { status });
}

/** The reports of an update that goes well, and the boot after it. */
export async function install(server: TestServer, station: ScriptedStation, id: string, version = '2.0.0') {
  for (const status of ['Downloading', 'Downloaded', 'Installing', 'Installed'])
    await report(station, status);
  await station.leave();
  return connected(server, id, version);
}
