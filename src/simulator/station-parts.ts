import type { Background } from './background.js';
import type { Authorization } from './charging/authorization.js';
import type { ChargingProfiles } from './charging/charging-profiles.js';
import type { Metering } from './charging/metering.js';
import type { Reservations } from './charging/reservations.js';
import type { Sessions } from './charging/sessions.js';
import type { TransactionQueue } from './charging/transaction-queue.js';
import type { Transactions } from './charging/transactions.js';
import type { Configuration } from './configuration.js';
import type { Connector } from './connector.js';
import type { FileTransfers } from './files/file-transfers.js';
import type { StationObserver } from './observer.js';
import type { Registration } from './registration.js';
import type { StationSecurity } from './security/station-security.js';
import type { StationLog } from './station-log.js';
import type { FirmwareFailure } from './station-options.js';
import type { StationTime } from './station-time.js';
import type { StatusReports } from './status-reports.js';
import type { Timers } from './timers.js';
import type { Uplink } from './uplink.js';

/** What the parts of one station know of each other. Complete once the station is built; not before. */
export interface StationParts {
  readonly identity: string;
  readonly time: StationTime;
  readonly timers: Timers;
  readonly background: Background;
  readonly observer: StationObserver;
  readonly configuration: Configuration;
  readonly connectors: readonly Connector[];
  readonly authorization: Authorization;
  readonly reservations: Reservations;
  readonly profiles: ChargingProfiles;
  readonly uplink: Uplink;
  readonly queue: TransactionQueue;
  readonly registration: Registration;
  readonly statuses: StatusReports;
  readonly metering: Metering;
  readonly transactions: Transactions;
  readonly sessions: Sessions;
  readonly transfers: FileTransfers;
  readonly log: StationLog;
  readonly security: StationSecurity;
  /** By which certificates call it. */
  readonly serialNumber: string;
  /** Aborts when the station is switched off. */
  readonly stopping: AbortSignal;
  readonly isConnected: boolean;
  /** Connected and accepted: messages may be sent. */
  readonly isOnline: boolean;
  /** False: connector 0 is out of order. */
  isOperative: boolean;
  /** Version that BootNotification tells; a firmware update changes it. */
  firmwareVersion: string;
  readonly firmwareFailure: FirmwareFailure | undefined;
  connector(id: number): Connector | undefined;
  /** Resolves once `reached` returns true. @throws when the station stops first, or the signal's reason */
  until(reached: () => boolean, signal?: AbortSignal): Promise<void>;
  /** Stops transactions, disconnects and boots again. */
  reset(kind: 'Soft' | 'Hard'): Promise<void>;
  /** Connects again, for instance because the password changed. */
  reconnect(): void;
}
