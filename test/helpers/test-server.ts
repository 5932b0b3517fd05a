import fs from 'node:fs/promises';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import { connectFleet } from '../../src/cli/remote/http-fleet.js';
import type { Fleet } from '../../src/operations/fleet.js';
import { startServer } from '../../src/server/serve.js';
import type { RunningServer, ServeOptions } from '../../src/server/serve-options.js';
import { CheckedFleet } from './checked-fleet.js';
import { FakeClock } from './fake-clock.js';
import { RecordingLog } from './recording-log.js';
import { ScriptedStation, type StationOptions } from './scripted-station.js';
import { temporaryDirectory } from './temporary-directory.js';

/** A server on a free port with its own directory, its clock, its log and a client, all gone after the test. */
export class TestServer {
  readonly clock: FakeClock;
  readonly log = new RecordingLog();
  readonly dataDir: string;
  #options: Partial<ServeOptions>;
  #running: RunningServer | undefined;
  #fleet: Fleet | undefined;

  private constructor(dataDir: string, clock: FakeClock, options: Partial<ServeOptions>) {
    this.dataDir = dataDir;
    this.clock = clock;
    this.#options = options;
  }

  static async start(
    options: Partial<ServeOptions> & { readonly clock?: FakeClock } = {},
  ): Promise<TestServer> {
    const dataDir = options.dataDir ?? (await temporaryDirectory());
    const server = new TestServer(dataDir, options.clock ?? new FakeClock(), options);
    onTestFinished(() => server.stop());
    await server.resume();
    return server;
  }

  get running(): RunningServer {
    if (!this.#running) throw new Error('the server is stopped');
    return this.#running;
  }

  get url(): string {
    return this.running.url;
  }

  get fleet(): Fleet {
    if (!this.#fleet) throw new Error('the server is stopped');
    return this.#fleet;
  }

  /** Starts it again after `stop`, on another port and perhaps another directory. */
  async resume(dataDir = this.dataDir): Promise<void> {
    this.#running = await startServer({
      lockTimeoutMs: 0,
      host: '127.0.0.1',
      port: 0,
      unknownStations: 'reject',
      log: this.log,
      clock: this.clock,
      ...this.#options,
      dataDir,
    });
    this.#fleet = await this.newFleet();
  }

  /** Another client of the control API. */
  async newFleet(signal = new AbortController().signal): Promise<Fleet> {
    const fleet = await connectFleet({ socketPath: this.running.controlSocket, signal });
    if (!fleet) throw new Error('nobody listens on the control socket');
    return new CheckedFleet(fleet);
  }

  async stop(): Promise<void> {
    const [fleet, running] = [this.#fleet, this.#running];
    this.#fleet = undefined;
    this.#running = undefined;
    await fleet?.close();
    if (!running) return;
    const closing = running.close();
    // Stations that do not say goodbye are cut off by the clock, which stands still otherwise.
    const nudge = setInterval(() => this.clock.advance(1000), 20);
    await closing.finally(() => clearInterval(nudge));
  }

  async restart(): Promise<void> {
    await this.stop();
    await this.resume();
  }

  /** What a killed process leaves behind: a copy of the directory as it is now. */
  async copyAsKilled(): Promise<string> {
    const copy = await temporaryDirectory();
    for (const name of await fs.readdir(this.dataDir)) {
      if (name.endsWith('.sock')) continue;
      await fs.cp(path.join(this.dataDir, name), path.join(copy, name), { recursive: true });
    }
    return copy;
  }

  connect(id: string, options: StationOptions = {}): Promise<ScriptedStation> {
    return ScriptedStation.connect(this.url, id, options);
  }

  /** Adds a station with one connector, or `connectors`. */
  async add(id: string, details: { connectors?: number; registration?: 'pending' | 'rejected' } = {}) {
    return (await this.fleet.run('station.create', { id, ...details })).item;
  }

  async addTag(tag: string, details: { expiresAt?: number; parent?: string } = {}): Promise<void> {
    await this.fleet.run('tag.create', { tag, ...details });
  }

  /** A station that is in the topology, with tag `TAG1`, and connected. */
  async connected(id: string, details: { connectors?: number } = {}): Promise<ScriptedStation> {
    await this.add(id, details);
    await this.fleet.run('tag.create', { tag: 'TAG1', ifExists: 'skip' });
    return this.connect(id);
  }

  async sessions(filter: { stationId?: string } = {}) {
    return (await this.fleet.run('session.list', filter)).items;
  }

  /** The session with this transaction id. */
  session(transactionId: unknown) {
    return this.fleet.run('session.show', { id: String(transactionId) });
  }
}
