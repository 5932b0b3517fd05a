import type { ConnectFailure } from './connect-failure.js';
import { LatencyHistogram } from './latency-histogram.js';
import type { StationObserver } from './observer.js';
import type { VirtualStation } from './station.js';

/** Stations that are not in service for one common reason. */
export interface Unreachable {
  /** Stable: `HTTP 404`, `ECONNREFUSED`, `subprotocol`, `Pending`, `Rejected` … */
  readonly reason: string;
  /** For people: what it means. */
  readonly description: string;
  readonly stations: number;
  /** A few identities. */
  readonly examples: readonly string[];
}

export interface SimulationSnapshot {
  /** Wall time since the beginning. */
  readonly elapsedMs: number;
  readonly stations: number;
  readonly connected: number;
  /** Connected and accepted by the central system. */
  readonly accepted: number;
  /** Connectors with a running session. */
  readonly charging: number;
  /** Sessions that the central system accepted. */
  readonly sessionsStarted: number;
  /** Sessions that came to an end, those that were refused after their start included. */
  readonly sessionsEnded: number;
  /** Tags that were turned down, before or after the session began. */
  readonly sessionsRefused: number;
  readonly energyKwh: number;
  /** Calls and answers. */
  readonly messagesSent: number;
  /** Failed calls by kind: `CALLERROR <code>`, `timeout`, `connection lost` … */
  readonly errors: Readonly<Record<string, number>>;
  readonly unreachable: readonly Unreachable[];
}

export interface SimulationSummary extends SimulationSnapshot {
  /** Time to the central system's answers, wall time. */
  readonly latency: { readonly medianMs: number; readonly p99Ms: number; readonly answers: number };
}

/** Error codes come from outside: beyond this many kinds they are counted together. */
const MAX_ERROR_KINDS = 30;
const MAX_EXAMPLES = 3;

const NOT_ACCEPTED = new Map([
  ['None', 'connected, but BootNotification is not answered'],
  ['Pending', 'the central system has not accepted the station yet'],
  ['Rejected', 'the central system rejects the station'],
]);

/** Counts what happens at all stations of a simulation. */
export class FleetStatistics {
  readonly #latencies = new LatencyHistogram();
  readonly #errors = new Map<string, number>();
  readonly #failures = new Map<string, ConnectFailure>();
  readonly #startedMs: number;
  #sessionsStarted = 0;
  #sessionsEnded = 0;
  #sessionsRefused = 0;
  #endedWh = 0;
  #messagesSent = 0;

  constructor(startedMs: number) {
    this.#startedMs = startedMs;
  }

  /** What to tell one station to report to. */
  observer(identity: string): StationObserver {
    return {
      connected: () => {
        this.#failures.delete(identity);
      },
      connectFailed: (failure) => {
        this.#failures.set(identity, failure);
      },
      messageSent: () => {
        this.#messagesSent += 1;
      },
      answered: (latencyMs) => this.#latencies.add(latencyMs),
      callFailed: (_action, kind) => this.#count(kind),
      sessionStarted: () => {
        this.#sessionsStarted += 1;
      },
      sessionEnded: (_connectorId, energyWh) => {
        this.#sessionsEnded += 1;
        this.#endedWh += energyWh;
      },
      sessionRefused: () => {
        this.#sessionsRefused += 1;
      },
      unexpected: (error) =>
        this.#count(`simulator: ${error instanceof Error ? error.message : String(error)}`),
    };
  }

  /** A station leaves because it never got into service: its reason is kept. */
  gaveUp(station: VirtualStation): void {
    const why = this.#whyNot(station);
    if (why !== undefined) this.#failures.set(station.identity, why);
  }

  snapshot(stations: readonly VirtualStation[], nowMs: number): SimulationSnapshot {
    const sessions = stations.flatMap((station) => station.sessionsWh);
    const energyWh = sessions.reduce((sum, one) => sum + one, this.#endedWh);
    return {
      elapsedMs: nowMs - this.#startedMs,
      stations: stations.length,
      connected: stations.filter((station) => station.isConnected).length,
      accepted: stations.filter((station) => station.isOnline).length,
      charging: sessions.length,
      sessionsStarted: this.#sessionsStarted,
      sessionsEnded: this.#sessionsEnded,
      sessionsRefused: this.#sessionsRefused,
      energyKwh: Math.round(energyWh) / 1_000,
      messagesSent: this.#messagesSent,
      errors: Object.fromEntries(this.#errors),
      unreachable: this.#unreachable(stations),
    };
  }

  latency(): SimulationSummary['latency'] {
    return {
      medianMs: this.#latencies.quantile(0.5),
      p99Ms: this.#latencies.quantile(0.99),
      answers: this.#latencies.count,
    };
  }

  #count(kind: string): void {
    const known = this.#errors.has(kind) || this.#errors.size < MAX_ERROR_KINDS;
    const name = known ? kind : 'other';
    this.#errors.set(name, (this.#errors.get(name) ?? 0) + 1);
  }

  #unreachable(stations: readonly VirtualStation[]): Unreachable[] {
    const groups = new Map<string, { description: string; identities: string[] }>();
    for (const station of stations) {
      const why = this.#whyNot(station);
      if (why === undefined) continue;
      const group = groups.get(why.reason) ?? { description: why.description, identities: [] };
      group.identities.push(station.identity);
      groups.set(why.reason, group);
    }
    return [...groups].map(([reason, { description, identities }]) => ({
      reason,
      description,
      stations: identities.length,
      examples: identities.slice(0, MAX_EXAMPLES),
    }));
  }

  #whyNot(station: VirtualStation): ConnectFailure | undefined {
    const failure = this.#failures.get(station.identity);
    if (failure !== undefined || !station.isConnected) return failure;
    const { registration: reason } = station;
    const description = NOT_ACCEPTED.get(reason);
    return description === undefined ? undefined : { reason, description };
  }
}
