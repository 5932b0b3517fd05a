import { randomUUID } from 'node:crypto';
import type { InboundCall } from '../ocpp/inbound-calls.js';
import { readIdTagInfo } from './answers.js';
import { Background } from './background.js';
import { Authorization } from './charging/authorization.js';
import { ChargingProfiles } from './charging/charging-profiles.js';
import type { IdTagInfo } from './charging/local-list.js';
import { Metering } from './charging/metering.js';
import { Reservations } from './charging/reservations.js';
import { Sessions } from './charging/sessions.js';
import { TransactionQueue } from './charging/transaction-queue.js';
import { Transactions } from './charging/transactions.js';
import { Configuration } from './configuration.js';
import type { ConfigurationKey } from './configuration-keys.js';
import { securityEventOf } from './connect-failure.js';
import { Connection, type Handled } from './connection.js';
import { Connector } from './connector.js';
import { FileTransfers } from './files/file-transfers.js';
import { dispatch } from './handlers/dispatch.js';
import { Milestones } from './milestones.js';
import type { StationObserver } from './observer.js';
import { between } from './random.js';
import { Registration } from './registration.js';
import { firstProfile, StationSecurity } from './security/station-security.js';
import { StationLog } from './station-log.js';
import {
  bootInformation,
  DEFAULT_OUTLET,
  type FirmwareFailure,
  type VirtualStationOptions,
} from './station-options.js';
import type { StationParts } from './station-parts.js';
import { StationTime } from './station-time.js';
import { StatusReports } from './status-reports.js';
import { Timers } from './timers.js';
import { Uplink } from './uplink.js';

/** Simulated time between switching off and the first attempt to connect. */
const RESTART_MS = { Soft: 5_000, Hard: 10_000 };
/** A soft reset does not wait longer for its last messages; wall time. */
const FLUSH_TIMEOUT_MS = 10_000;

/** All parts of one station, wired together. What people do to a station is in station.ts. */
export class StationCore implements StationParts {
  readonly identity: string;
  readonly observer: StationObserver;
  readonly time: StationTime;
  readonly timers: Timers;
  readonly log: StationLog;
  readonly milestones = new Milestones();
  readonly background: Background;
  readonly configuration: Configuration;
  readonly connection: Connection;
  readonly uplink: Uplink;
  readonly queue: TransactionQueue;
  readonly authorization: Authorization;
  readonly reservations: Reservations;
  readonly profiles: ChargingProfiles;
  readonly connectors: readonly Connector[];
  readonly statuses: StatusReports;
  readonly metering: Metering;
  readonly transactions: Transactions;
  readonly sessions: Sessions;
  readonly transfers: FileTransfers;
  readonly security: StationSecurity;
  readonly serialNumber: string;
  readonly registration: Registration;
  isOperative = true;
  firmwareVersion: string;
  readonly firmwareFailure: FirmwareFailure | undefined;
  /** False: the network is gone, and connecting is of no use. */
  hasNetwork = true;
  readonly #stop = new AbortController();
  #isRestarting = false;

  constructor(options: VirtualStationOptions) {
    const { clock, random } = options;
    const outlet = options.outlet ?? DEFAULT_OUTLET;
    const onChange = this.milestones.check;
    this.identity = options.identity;
    this.observer = options.observer ?? {};
    this.firmwareVersion = options.boot?.firmwareVersion ?? '1.0.0';
    this.firmwareFailure = options.firmwareFailure;
    this.time = new StationTime(clock, options.speed ?? 1);
    this.timers = new Timers(clock);
    this.log = new StationLog(this.time);
    this.background = new Background((error) => {
      // What is interrupted by switching off is not a defect.
      if (!this.stopping.aborted) this.observer.unexpected?.(error);
    });
    this.configuration = new Configuration(
      {
        NumberOfConnectors: String(options.connectors ?? 1),
        SecurityProfile: String(firstProfile(options)),
        ...options.configuration,
      },
      (key, value) => this.#configured(key, value),
    );
    this.security = new StationSecurity(this, options);
    this.connection = new Connection({
      identity: options.identity,
      clock,
      random,
      newId: options.newId ?? randomUUID,
      backOff: options.backOff ?? {},
      url: () => this.security.url,
      tls: () => this.security.tls,
      password: () => this.security.password,
      callTimeoutMs: () => this.configuration.integer('MessageTimeout') * 1_000,
      pingIntervalMs: () => this.configuration.integer('WebSocketPingInterval') * 1_000,
      handle: (call) => this.#handle(call),
      onOpen: () => this.#connected(),
      onClose: (code, reason) => this.#disconnected(code, reason),
      onAnswer: (latencyMs) => this.observer.answered?.(latencyMs),
      onFailure: (failure, attempts) => {
        const event = securityEventOf(failure);
        if (event !== undefined) this.security.events.tellOnce(event);
        this.observer.connectFailed?.(failure, attempts);
      },
    });
    this.uplink = new Uplink({
      clock,
      connection: this.connection,
      background: this.background,
      observer: this.observer,
      log: this.log,
      onChange: this.milestones.checkSoon,
    });
    this.queue = new TransactionQueue({
      timers: this.timers,
      isReady: () => this.isOnline,
      attempts: () => this.configuration.integer('TransactionMessageAttempts'),
      retryIntervalMs: () => this.configuration.integer('TransactionMessageRetryInterval') * 1_000,
      onChange,
      background: this.background.run,
    });
    this.authorization = new Authorization({
      configuration: this.configuration,
      time: this.time,
      isOnline: () => this.isOnline,
      ask: (idTag) => this.#ask(idTag),
    });
    this.reservations = new Reservations(this.time, this.timers, (id) => this.statuses.refresh(id));
    this.profiles = new ChargingProfiles({
      maxStackLevel: this.configuration.integer('ChargeProfileMaxStackLevel'),
      maxPeriods: this.configuration.integer('ChargingScheduleMaxPeriods'),
      maxInstalled: this.configuration.integer('MaxChargingProfilesInstalled'),
    });
    this.connectors = Array.from({ length: options.connectors ?? 1 }, (_none, index) => {
      return new Connector({
        id: index + 1,
        outlet,
        random,
        time: this.time,
        energyWh: options.energyWh ?? Math.floor(between(random, 10_000, 5_000_000)),
        isReserved: (id) => this.reservations.on(id) !== undefined,
        limit: (connector) =>
          this.profiles.limit(connector.profileTarget, this.time.now(), this.transactions.running.length),
      });
    });
    this.statuses = new StatusReports(this, onChange);
    this.metering = new Metering(this);
    this.transactions = new Transactions(this);
    this.sessions = new Sessions(this);
    this.transfers = new FileTransfers(this);
    const boot = bootInformation(options, outlet);
    this.serialNumber = boot.chargePointSerialNumber ?? this.identity;
    this.registration = new Registration(this, boot, onChange);
    this.metering.armClock();
  }

  get isConnected(): boolean {
    return this.connection.isOpen;
  }

  get isOnline(): boolean {
    return this.connection.isOpen && this.registration.status === 'Accepted';
  }

  get stopping(): AbortSignal {
    return this.#stop.signal;
  }

  connector(id: number): Connector | undefined {
    return this.connectors[id - 1];
  }

  until(reached: () => boolean, signal?: AbortSignal): Promise<void> {
    return this.milestones.until(reached, signal);
  }

  connect(): void {
    if (this.hasNetwork && !this.#isRestarting && !this.stopping.aborted) this.connection.open();
  }

  reconnect(): void {
    if (!this.connection.isOpen) return;
    this.background.run(this.connection.close(1000, 'new credentials').then(() => this.connect()));
  }

  async reset(kind: 'Soft' | 'Hard'): Promise<void> {
    if (this.#isRestarting || this.stopping.aborted) return;
    this.#isRestarting = true;
    this.transactions.endAll(kind === 'Soft' ? 'SoftReset' : 'HardReset');
    this.sessions.forgetPermissions();
    // A hard reset does not wait: its StopTransaction leaves after the boot (OCPP 1.6 §5.14).
    if (kind === 'Soft') {
      await this.flush(FLUSH_TIMEOUT_MS);
      await this.connection.close(1000, 'soft reset');
    } else {
      this.connection.drop();
    }
    this.registration.restarted();
    this.configuration.rebooted();
    await this.time.wait(this.time.wallMs(RESTART_MS[kind]), this.stopping);
    this.#isRestarting = false;
    this.connect();
  }

  /** Waits until everything that can be delivered is delivered and answered, at most `timeoutMs` of wall time. */
  async flush(timeoutMs: number): Promise<boolean> {
    const timeout = new AbortController();
    this.timers.set('flush', timeoutMs, () => timeout.abort());
    try {
      await this.until(() => this.isFlushed || !this.isOnline, timeout.signal);
    } catch {
      return false;
    } finally {
      this.timers.clear('flush');
    }
    return this.isFlushed;
  }

  get isFlushed(): boolean {
    return this.queue.size === 0 && this.uplink.pending === 0;
  }

  /** Switches the station off for good: no timer, no connection, no work remains. */
  async shutDown(): Promise<void> {
    this.#stop.abort();
    await this.connection.close(1000, 'station switched off');
    this.timers.clearAll();
    this.milestones.end(new Error(`Station ${this.identity} was switched off`));
    await this.background.idle();
    this.timers.clearAll();
  }

  #handle(call: InboundCall): Promise<Handled> {
    this.log.add(`${call.action} received`);
    this.observer.messageSent?.();
    // The answer is a promise, so that whatever is thrown becomes a CALLERROR.
    return Promise.resolve().then(() => dispatch(call, this));
  }

  #connected(): void {
    this.log.add('connected');
    this.observer.connected?.();
    this.registration.connected();
    this.milestones.check();
  }

  #disconnected(code: number, reason: string): void {
    this.log.add(`disconnected with code ${code}`);
    this.registration.disconnected();
    this.observer.disconnected?.(code, reason);
    this.milestones.check();
  }

  /** Some keys mean something to a part that runs already. */
  #configured(key: ConfigurationKey, value: string): void {
    if (key === 'HeartbeatInterval') this.registration.armHeartbeat();
    if (key === 'ClockAlignedDataInterval') this.metering.armClock();
    if (key === 'MeterValueSampleInterval') {
      for (const connector of this.transactions.running) this.metering.armSampling(connector);
    }
    if (key === 'AuthorizationKey') this.security.takeKey(value);
  }

  async #ask(idTag: string): Promise<IdTagInfo> {
    const answer = await this.uplink.call('Authorize', { idTag });
    return readIdTagInfo(answer) ?? { status: 'Invalid' };
  }
}
