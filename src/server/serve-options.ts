import type { WatchClock } from '../alarms/watch.js';
import type { CsmsOptions } from '../csms/csms-options.js';
import type { FleetError } from '../domain/errors.js';
import type { Log } from '../domain/log.js';
import type { Files } from '../store/files.js';
import type { RecoveryReport } from '../store/store-options.js';
import type { ApiOptions } from './api/api-options.js';
import type { FilePorts, FileServerOptions } from './files/file-servers.js';
import type { StationPortOptions } from './station-ports.js';

export interface ServeOptions
  extends Pick<
      CsmsOptions,
      | 'unknownStations'
      | 'minSecurityProfile'
      | 'heartbeatIntervalS'
      | 'pingIntervalMs'
      | 'maxConnections'
      | 'maxPending'
      | 'maxEnrolled'
      | 'maxMessageRate'
      | 'maxMessageBytes'
      | 'maxUnsentBytes'
      | 'maxAdmissions'
      | 'maxWaitingAdmissions'
    >,
    StationPortOptions,
    Omit<FileServerOptions, 'tls'>,
    ApiOptions {
  readonly dataDir: string;
  readonly lockTimeoutMs: number;
  /** Called once stations can connect, and waited for before the ready file is written. */
  readonly onReady?: (server: ReadyServer) => Promise<void>;
  /** Written last: JSON with `pid`, `url`, `tlsUrl`, `controlSocket`, `apiUrl`. One that a killed server left is removed at the start. */
  readonly readyFile?: string;
  readonly log: Log;
  readonly clock?: WatchClock;
  readonly storeFiles?: Files;
  readonly signal?: AbortSignal;
  /** A program that has the requests of stations signed elsewhere: csr-command.ts. */
  readonly csrCommand?: string;
  /** Of the program, for the metrics. */
  readonly version?: string;
}

/** A server that stations can connect to. */
export interface ReadyServer {
  /** Stations connect to this with their id appended: `ws://127.0.0.1:9220/ocpp/`. */
  readonly url: string;
  /** The same in TLS; null: not at all. */
  readonly tlsUrl: string | null;
  readonly controlSocket: string;
  /** Where the fleet is administered from elsewhere; null: nowhere. */
  readonly apiUrl: string | null;
  /** Where stations' files are moved. */
  readonly filePorts: FilePorts;
  readonly recovery: RecoveryReport;
  /** In the topology. */
  readonly stations: number;
}

export interface RunningServer extends ReadyServer {
  /** Resolves when the disk failed: nothing can be made durable any more, so the server has to stop. */
  readonly failed: Promise<FleetError>;
  /** Looks at the files of all certificates now; what is wrong with them gets into the log. */
  reload(): Promise<void>;
  /** Commands that wait for something first, then stations, then the other commands, then the store. */
  close(): Promise<void>;
}
