import { setMaxListeners } from 'node:events';
import type { Clock } from '../domain/clock.js';
import { Driver } from './charging/driver.js';
import type { Outlet } from './charging/outlet.js';
import { TagPool } from './charging/tag-pool.js';
import type { ConfigurationKey } from './configuration-keys.js';
import { FleetStatistics, type SimulationSnapshot, type SimulationSummary } from './fleet-statistics.js';
import { childRandom, seededRandom } from './random.js';
import type { StationSecrets } from './security/tls-settings.js';
import { VirtualStation } from './station.js';
import { sleep } from './timers.js';

export interface SimulationOptions {
  /** Endpoint of the central system, without an identity. */
  readonly url: string;
  readonly stations: number;
  /** Per station. */
  readonly connectors: number;
  /** Identities are the prefix and a number: `SIM-001`. Default `SIM-`. */
  readonly idPrefix?: string;
  /** Sessions per connector; undefined = until aborted. */
  readonly sessions?: number;
  /** How many times faster the physical world runs; see StationTime. */
  readonly speed: number;
  /** Tags that drivers hold to the readers; at least one. */
  readonly tags: readonly string[];
  /** HTTP Basic password of every station. */
  readonly password?: string;
  /** Where stations connect from security profile 2 on; else at `url`. */
  readonly secureUrl?: string;
  /** What one station proves itself with; asked for once. Default: `password` alone. */
  secretsOf?(identity: string): StationSecrets;
  /** Same seed, same cars and the same habits. Default 1. */
  readonly seed?: number;
  /** Wall time after which the simulation ends as if aborted. */
  readonly durationMs?: number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly outlet?: Outlet;
  readonly configuration?: Readonly<Partial<Record<ConfigurationKey, string>>>;
  onProgress?(snapshot: SimulationSnapshot): void;
  /** Default 1,000. */
  readonly progressIntervalMs?: number;
  /** At the end, `stop` running sessions (reason Local) or `drop` them as a power cut does. Default `stop`. */
  readonly onAbort?: 'stop' | 'drop';
  /** A station that never got through gives up after so many attempts. Default 5. */
  readonly connectAttempts?: number;
  /** With `sessions`, a station that was not accepted so long after its start gives up. Default 60,000. */
  readonly patienceMs?: number;
}

/** Stations that come up per second: a fleet after a power cut, not a flood. */
const STATIONS_PER_SECOND = 50;

/**
 * Runs virtual stations with drivers against a central system. Resolves when all sessions are over, when the time is
 * up, when no station can connect, or after an abort; never rejects for what the central system does.
 *
 * @throws RangeError on impossible options
 */
export async function runSimulation(options: SimulationOptions): Promise<SimulationSummary> {
  const simulation = new Simulation(options);
  return simulation.run();
}

/** The identity of the station with this index, counted from 0. */
export function stationIdentity(prefix: string, index: number, stations: number): string {
  return `${prefix}${String(index + 1).padStart(Math.max(3, String(stations).length), '0')}`;
}

class Simulation {
  readonly #options: SimulationOptions;
  readonly #statistics: FleetStatistics;
  readonly #stations: readonly VirtualStation[];
  readonly #drivers: readonly (readonly Driver[])[];
  readonly #end = new AbortController();
  /** Stations that give up before the end are on their way out here. */
  readonly #leaving: Promise<void>[] = [];

  constructor(options: SimulationOptions) {
    const { clock, stations, connectors, tags, seed = 1, speed, sessions } = options;
    if (!Number.isInteger(stations) || stations < 1) throw new RangeError('A simulation needs stations');
    const random = seededRandom(seed);
    const pool = new TagPool(tags, childRandom(random));
    this.#options = options;
    this.#statistics = new FleetStatistics(clock.now());
    this.#stations = Array.from({ length: stations }, (_none, index) =>
      this.#station(stationIdentity(options.idPrefix ?? 'SIM-', index, stations), childRandom(random)),
    );
    // One waiter per connector and station is no leak.
    setMaxListeners(0, this.#end.signal);
    this.#drivers = this.#stations.map((station) =>
      Array.from({ length: connectors }, (_none, index) => {
        const habits = childRandom(random);
        return new Driver({
          station,
          connectorId: index + 1,
          tags: pool,
          random: habits,
          clock,
          speed,
          sessions,
          signal: this.#end.signal,
        });
      }),
    );
  }

  async run(): Promise<SimulationSummary> {
    const { clock, signal, durationMs } = this.#options;
    const end = (): void => this.#end.abort();
    const cancelEnd = durationMs === undefined ? undefined : clock.schedule(durationMs, end);
    const stopProgress = this.#reportProgress();
    signal.addEventListener('abort', end, { once: true });
    if (signal.aborted) end();
    try {
      await Promise.all(this.#stations.map((station, index) => this.#live(station, index)));
    } finally {
      signal.removeEventListener('abort', end);
      cancelEnd?.();
      stopProgress();
    }
    const last = this.#snapshot();
    // All stations hanging up at the same moment says nothing about how they were served.
    const latency = this.#statistics.latency();
    await this.#shutDown();
    const { connected, accepted, unreachable } = last;
    // Counts of the very end, but the connections as they were before hanging up.
    return { ...this.#snapshot(), connected, accepted, unreachable, latency };
  }

  /** One station with its drivers, from its place in the ramp to its last session. */
  async #live(station: VirtualStation, index: number): Promise<void> {
    const { clock, sessions, patienceMs = 60_000 } = this.#options;
    await sleep(clock, (index * 1_000) / STATIONS_PER_SECOND, this.#end.signal);
    if (this.#end.signal.aborted) return;
    station.start();
    const cancel =
      sessions === undefined
        ? undefined
        : clock.schedule(patienceMs, () => {
            if (!station.mayCharge) this.#giveUp(station);
          });
    await Promise.all((this.#drivers[index] ?? []).map((driver) => driver.run()));
    cancel?.();
  }

  #station(identity: string, random: ReturnType<typeof childRandom>): VirtualStation {
    const { url, secureUrl, clock, connectors, outlet, configuration, speed } = this.#options;
    const { secretsOf, password } = this.#options;
    const { connectAttempts = 5 } = this.#options;
    const observer = this.#statistics.observer(identity);
    let wasConnected = false;
    const station: VirtualStation = new VirtualStation({
      url,
      identity,
      clock,
      random,
      connectors,
      speed,
      ...(secureUrl === undefined ? {} : { secureUrl }),
      ...(secretsOf?.(identity) ?? { password }),
      ...(outlet === undefined ? {} : { outlet }),
      ...(configuration === undefined ? {} : { configuration }),
      observer: {
        ...observer,
        connected: () => {
          wasConnected = true;
          observer.connected?.();
        },
        connectFailed: (failure, attempts) => {
          observer.connectFailed?.(failure, attempts);
          if (!wasConnected && attempts >= connectAttempts) this.#giveUp(station);
        },
      },
    });
    return station;
  }

  #giveUp(station: VirtualStation): void {
    if (station.hasStopped) return;
    this.#statistics.gaveUp(station);
    this.#leaving.push(station.stop({ sessions: 'drop' }));
  }

  #reportProgress(): () => void {
    const { clock, onProgress, progressIntervalMs = 1_000 } = this.#options;
    if (onProgress === undefined) return () => undefined;
    let cancel = (): void => undefined;
    const report = (): void => {
      onProgress(this.#snapshot());
      cancel = clock.schedule(progressIntervalMs, report);
    };
    report();
    return () => cancel();
  }

  #snapshot(): SimulationSnapshot {
    return this.#statistics.snapshot(this.#stations, this.#options.clock.now());
  }

  async #shutDown(): Promise<void> {
    const { onAbort = 'stop' } = this.#options;
    this.#end.abort();
    await Promise.all(this.#stations.map((station) => station.stop({ sessions: onAbort })));
    await Promise.all(this.#leaving);
  }
}
