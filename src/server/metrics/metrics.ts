import { Registry } from 'prom-client';
import { alarmKinds } from '../../domain/alarm/alarm.js';
import type { Clock } from '../../domain/clock.js';
import type { Log } from '../../domain/log.js';
import type { Registration } from '../../domain/model.js';
import type { Store } from '../../domain/repositories.js';
import type { StoreFigures } from '../../store/store-options.js';
import { ConnectionCounts } from './connection-counts.js';
import { EventLoopLag } from './event-loop-lag.js';
import { FleetCounts } from './fleet-counts.js';
import { FrameCounts } from './frame-counts.js';
import { addCounter, addGauge, type Labels, LatencyHistogram } from './instruments.js';
import { cpuSeconds, openFiles, openFilesMax, startTimeS } from './process-figures.js';

/** A connection as far as it is counted. */
interface Line {
  readonly registration: Registration;
  readonly pendingCalls: number;
  readonly pendingAnswers: number;
}

export interface MetricsOptions {
  readonly store: Store & { readonly figures: StoreFigures };
  readonly live: { connections(): Iterable<Line> };
  readonly clock: Clock;
  readonly log: Log;
  readonly version: string;
}

/** The server in numbers, for Prometheus; what they mean is in docs/metrics.md. */
export class Metrics {
  /** To be told of frames and connections from the beginning. */
  readonly frames = new FrameCounts();
  readonly connections = new ConnectionCounts();
  readonly #lag = new EventLoopLag();
  readonly #registry = new Registry();

  start(options: MetricsOptions): void {
    this.#lag.start();
    this.#addServer(options);
    this.#addConnections(options);
    this.#addFleet(options);
    this.#addMessages(options);
    this.#addStore(options);
    this.#addProcess();
  }

  close(): void {
    this.#lag.close();
  }

  /** In the text format of Prometheus. */
  text(): Promise<string> {
    return this.#registry.metrics();
  }

  #addServer({ version }: MetricsOptions): void {
    const registry = this.#registry;
    addGauge(registry, {
      name: 'evfleet_build_info',
      help: 'Always 1; the labels say what is running.',
      labels: ['version', 'node'],
      read: () => [[{ version, node: process.version }, 1]],
    });
    // Both come from one look at the event loop, which begins anew with every scrape.
    let lag = { maxS: 0, p99S: 0 };
    addGauge(registry, {
      name: 'evfleet_event_loop_lag_max_seconds',
      help: 'Longest delay of the event loop since the last scrape.',
      read: () => {
        lag = this.#lag.take();
        return lag.maxS;
      },
    });
    addGauge(registry, {
      name: 'evfleet_event_loop_lag_p99_seconds',
      help: '99th percentile of the delays of the event loop since the last scrape.',
      read: () => lag.p99S,
    });
  }

  #addConnections({ live }: MetricsOptions): void {
    const registry = this.#registry;
    addGauge(registry, {
      name: 'evfleet_connections',
      help: 'Stations that are connected.',
      read: () => [...live.connections()].length,
    });
    addCounter(registry, {
      name: 'evfleet_connections_opened_total',
      help: 'Connections of stations that were admitted.',
      read: () => this.connections.opens,
    });
    addCounter(registry, {
      name: 'evfleet_connections_refused_total',
      help: 'Clients that were not let in, by reason.',
      labels: ['reason'],
      read: () => [...this.connections.refusals].map(([reason, count]) => [{ reason }, count]),
    });
    addCounter(registry, {
      name: 'evfleet_tls_handshakes_failed_total',
      help: 'Clients on the TLS port of the stations that did not agree on TLS, by reason.',
      labels: ['reason'],
      read: () => [...this.connections.handshakeFailures].map(([reason, count]) => [{ reason }, count]),
    });
    addCounter(registry, {
      name: 'evfleet_connections_closed_total',
      help: 'Connections that ended, by WebSocket close code and by who ended them.',
      labels: ['code', 'initiator'],
      read: () =>
        [...this.connections.closes()].map(({ code, initiator, count }) => [{ code, initiator }, count]),
    });
  }

  #addFleet({ store, live, clock, log }: MetricsOptions): void {
    const registry = this.#registry;
    const fleet = new FleetCounts({ store, clock, log });
    addGauge(registry, {
      name: 'evfleet_stations',
      help: 'Stations of the topology, by registration and whether they are connected.',
      labels: ['registration', 'online'],
      read: async () => {
        const count = await fleet.read();
        const online = countBy(live.connections(), ({ registration }) => registration);
        return count?.stations.flatMap(({ registration, stations }): [Labels, number][] => {
          const connected = online.get(registration) ?? 0;
          return [
            [{ registration, online: 'true' }, connected],
            // Counted a moment apart.
            [{ registration, online: 'false' }, Math.max(0, stations - connected)],
          ];
        });
      },
    });
    addGauge(registry, {
      name: 'evfleet_sessions',
      help: 'Charging sessions that run, and those that somebody should look at.',
      labels: ['state'],
      read: async () => {
        const count = await fleet.read();
        return (
          count && [
            [{ state: 'active' }, count.activeSessions],
            [{ state: 'suspect' }, count.suspectSessions],
          ]
        );
      },
    });
    addGauge(registry, {
      name: 'evfleet_alarms_open',
      help: 'Alarms that are open, by kind.',
      labels: ['kind'],
      read: async () => {
        const count = await fleet.read();
        const open = new Map(count?.alarms.map(({ kind, alarms }) => [kind, alarms]));
        // Zero says that there is none; without a count nobody knows.
        return count && alarmKinds.map((kind): [Labels, number] => [{ kind }, open.get(kind) ?? 0]);
      },
    });
  }

  #addMessages({ live }: MetricsOptions): void {
    const registry = this.#registry;
    addCounter(registry, {
      name: 'evfleet_messages_total',
      help: 'OCPP frames, by direction, action, and call, result or error code.',
      labels: ['direction', 'action', 'result'],
      read: () =>
        [...this.frames.counts()].map(({ direction, action, result, count }) => [
          { direction, action, result },
          count,
        ]),
    });
    new LatencyHistogram(registry, {
      name: 'evfleet_answer_duration_seconds',
      help: 'Time from a call to its answer, by who answered.',
      read: () => this.frames.latencies(),
    });
    const queues = [
      ['evfleet_inbox_messages', 'Calls of stations that wait or are handled', 'pendingAnswers'],
      ['evfleet_outgoing_calls', 'Calls to stations that wait or are not answered yet', 'pendingCalls'],
    ] as const;
    for (const [name, help, length] of queues) {
      addGauge(registry, {
        name,
        help: `${help}, all connections together.`,
        read: () => [...live.connections()].reduce((sum, line) => sum + line[length], 0),
      });
      addGauge(registry, {
        name: `${name}_max`,
        help: `${help}, on the connection that has most.`,
        read: () => [...live.connections()].reduce((max, line) => Math.max(max, line[length]), 0),
      });
    }
  }

  #addStore({ store }: MetricsOptions): void {
    const registry = this.#registry;
    const counters = [
      ['evfleet_journal_syncs_total', 'Times that the journal was written to disk and synced.', 'syncs'],
      ['evfleet_journal_records_total', 'Commits that those syncs made durable.', 'syncedRecords'],
      ['evfleet_journal_written_bytes_total', 'Bytes appended to the journal.', 'writtenBytes'],
    ] as const;
    for (const [name, help, figure] of counters) {
      addCounter(registry, { name, help, read: () => store.figures[figure] });
    }
    addCounter(registry, {
      name: 'evfleet_journal_sync_seconds_total',
      help: 'Time spent waiting for the disk to sync.',
      read: () => store.figures.syncMs / 1000,
    });
    addCounter(registry, {
      name: 'evfleet_store_transactions_total',
      help: 'Transactions of the store; failed ones were rolled back.',
      labels: ['kind'],
      read: () => {
        const { reads, writes, failedWrites } = store.figures;
        return [
          [{ kind: 'read' }, reads],
          [{ kind: 'write' }, writes],
          [{ kind: 'failed' }, failedWrites],
        ];
      },
    });
    addGauge(registry, {
      name: 'evfleet_journal_size_bytes',
      help: 'Journal that is not part of the snapshot yet.',
      read: () => store.figures.journalBytes,
    });
    addGauge(registry, {
      name: 'evfleet_snapshot_size_bytes',
      help: 'Size of evfleet.db.',
      read: () => store.figures.snapshotBytes,
    });
  }

  #addProcess(): void {
    const registry = this.#registry;
    addCounter(registry, {
      name: 'process_cpu_seconds_total',
      help: 'Processor time used, all threads.',
      read: cpuSeconds,
    });
    const gauges: [
      name: string,
      help: string,
      read: () => number | undefined | Promise<number | undefined>,
    ][] = [
      ['process_resident_memory_bytes', 'Resident memory.', () => process.memoryUsage.rss()],
      ['process_start_time_seconds', 'Start, in seconds since 1970.', () => startTimeS],
      ['process_open_fds', 'Open file descriptors.', openFiles],
      ['process_max_fds', 'File descriptors that may be open.', openFilesMax],
      ['nodejs_heap_size_used_bytes', 'Objects of JavaScript.', () => process.memoryUsage().heapUsed],
      ['nodejs_heap_size_total_bytes', 'Memory kept for them.', () => process.memoryUsage().heapTotal],
      ['nodejs_external_memory_bytes', 'Buffers, and the database.', () => process.memoryUsage().external],
    ];
    for (const [name, help, read] of gauges) addGauge(registry, { name, help, read });
  }
}

function countBy<T, K>(items: Iterable<T>, keyOf: (item: T) => K): Map<K, number> {
  const counts = new Map<K, number>();
  for (const item of items) counts.set(keyOf(item), (counts.get(keyOf(item)) ?? 0) + 1);
  return counts;
}
