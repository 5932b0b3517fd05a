import { randomUUID } from 'node:crypto';
import { expect, it, onTestFinished } from 'vitest';
import { ConnectedStations } from '../../src/csms/connected-stations.js';
import { Csms } from '../../src/csms/csms.js';
import { RefusedStations } from '../../src/csms/refused-stations.js';
import { SessionChanges } from '../../src/csms/session-changes.js';
import { newStation } from '../../src/domain/new-entities.js';
import type { MeterStore, Store } from '../../src/domain/repositories.js';
import { listenForStations } from '../../src/server/station-listener.js';
import { FleetStore } from '../../src/store/fleet-store.js';
import { FakeClock } from '../helpers/fake-clock.js';
import { RecordingLog } from '../helpers/recording-log.js';
import { ScriptedStation } from '../helpers/scripted-station.js';
import { temporaryDirectory } from '../helpers/temporary-directory.js';
import { until } from '../helpers/until.js';

/** Holds back what passes while it is closed. */
class Gate {
  waiting = 0;
  #opened = Promise.resolve();
  #open = (): void => undefined;

  close(): void {
    this.#opened = new Promise((resolve) => {
      this.#open = resolve;
    });
  }

  open(): void {
    this.#open();
  }

  async pass<T>(value: T): Promise<T> {
    this.waiting += 1;
    await this.#opened;
    this.waiting -= 1;
    return value;
  }
}

/** A central system whose store tells the results of reads and writes when a test lets it. */
async function gated() {
  const clock = new FakeClock();
  const now = () => clock.now();
  const store = await FleetStore.open({
    directory: await temporaryDirectory(),
    command: 'test',
    lockTimeoutMs: 0,
    now,
  });
  const [reads, writes] = [new Gate(), new Gate()];
  const slow: MeterStore = {
    read: async (work) => reads.pass(await store.read(work)),
    write: async (work) => writes.pass(await store.write(work)),
    addSamples: async (...samples) => writes.pass(await store.addSamples(...samples)),
  };
  const log = new RecordingLog();
  const csms = new Csms({ store: slow, clock, newId: randomUUID, log, unknownStations: 'reject' });
  await csms.start();
  const { server, address } = await listenForStations(csms, { host: '127.0.0.1', port: 0, log });
  onTestFinished(async () => {
    server.close();
    await csms.close();
    await store.close();
  });
  const station = newStation({ uuid: randomUUID(), id: 'CP1', createdAt: clock.now() });
  await store.write((r) => r.stations.insert(station));
  return { csms, store, station, reads, writes, url: `ws://127.0.0.1:${address.port}/ocpp/` };
}

it('a station that is rejected while it connects feels it', async () => {
  const { csms, store, station, reads, url } = await gated();
  reads.close();
  const connecting = ScriptedStation.connect(url, 'CP1');
  await until(() => reads.waiting === 1);
  await store.write((r) => r.stations.update(station.uuid, { registration: 'rejected' }));
  reads.open();
  const connected = await connecting;
  await until(() => csms.live.isOnline(station.uuid));
  await until(async () => (await connected.ask('Heartbeat', {})).error?.code === 'SecurityError');
});

it('a station that is deleted while it connects is sent away', async () => {
  const { store, station, reads, url } = await gated();
  reads.close();
  const connecting = ScriptedStation.connect(url, 'CP1');
  await until(() => reads.waiting === 1);
  await store.write((r) => r.stations.delete(station.uuid));
  reads.open();
  expect(await (await connecting).closed).toEqual({ code: 1008, reason: 'the station was deleted' });
});

it('a station that gives up while its admission is decided leaves nothing behind', async () => {
  const { csms, store, reads, url } = await gated();
  const other = newStation({ uuid: randomUUID(), id: 'CP2', createdAt: 0 });
  await store.write((r) => r.stations.insert(other));
  reads.close();
  const connecting = ScriptedStation.connect(url, 'CP1', { handshakeTimeout: 50 });
  connecting.catch(() => undefined);
  await until(() => reads.waiting === 1);
  await expect(connecting).rejects.toThrow('handshake has timed out');
  reads.open();
  // Decided on later than the one that gave up, whose end is only seen once it is read.
  await (await ScriptedStation.connect(url, 'CP2')).call('Authorize', { idTag: 'A' });
  await until(() => csms.live.size === 1, 'the end of the other');
  expect(csms.live.isOnline(other.uuid)).toBe(true);
});

it('no call reaches a station between its boot and our answer to that', async () => {
  const { csms, station, writes, url } = await gated();
  const connected = await ScriptedStation.connect(url, 'CP1');
  connected.on('Reset', () => ({ status: 'Accepted' }));
  // Behind it nothing of the connecting is left to be written.
  await connected.call('Authorize', { idTag: 'A' });
  writes.close();
  const boot = connected.boot();
  await until(() => writes.waiting > 0);
  const call = csms.live.call(station, 'Reset', { type: 'Soft' }, { timeoutMs: 30_000 });
  writes.open();
  await Promise.all([boot, call]);
  expect(connected.frames.map(([type]) => type)).toEqual([3, 3, 2]);
});

it('an answer waits until what it says is on the disk', async () => {
  const { writes, url } = await gated();
  const connected = await ScriptedStation.connect(url, 'CP1');
  await connected.call('Authorize', { idTag: 'A' });
  writes.close();
  const answer = connected.ask('Authorize', { idTag: 'A' });
  await until(() => writes.waiting > 0);
  expect(connected.frames).toHaveLength(1);
  writes.open();
  expect(await answer).toEqual({ payload: { idTagInfo: { status: 'Invalid' } } });
});

it('who waits for a session and gives up is told so, not that time is up', async () => {
  const clock = new FakeClock();
  const store: Store = {
    read: () => Promise.reject(new Error('not needed')),
    write: () => Promise.reject(new Error('not needed')),
  };
  const changes = new SessionChanges();
  const refused = new RefusedStations({ store, now: () => clock.now() });
  const live = new ConnectedStations({ store, clock, changes, refused, log: new RecordingLog() });
  const abort = new AbortController();
  let checked = 0;
  const check = async () => {
    checked += 1;
    return undefined;
  };
  const waiting = live.waitFor(check, { timeoutMs: 1000, signal: abort.signal });
  await until(() => checked === 1);
  changes.notify();
  await until(() => checked === 2);
  abort.abort(new Error('Ctrl-C'));
  await expect(waiting).rejects.toThrow('Ctrl-C');
  expect(clock.pending).toBe(0);
  const lapsing = live.waitFor(check, { timeoutMs: 1000 });
  clock.advance(1000);
  expect(await lapsing).toBeUndefined();
});
