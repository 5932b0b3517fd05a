import type { AuthorizationStatus } from './charging/local-list.js';
import type { Reading } from './charging/meter.js';
import { randomVehicle, type VehicleOptions } from './charging/vehicle.js';
import type { ConnectorStatus, ErrorCode } from './connector.js';
import { childRandom, type Random } from './random.js';
import type { RegistrationStatus } from './registration.js';
import { StationCore } from './station-core.js';
import type { VirtualStationOptions } from './station-options.js';

/** One connector as it is now. */
export interface ConnectorView {
  readonly status: ConnectorStatus;
  readonly isPlugged: boolean;
  /** The tag of the running session; undefined when none runs. */
  readonly idTag: string | undefined;
  /** The central system's id of the running session; undefined until StartTransaction is answered. */
  readonly transactionId: number | undefined;
  /** Energy of the running session, Wh. */
  readonly sessionWh: number;
  readonly reading: Reading;
  /** State of charge of the car; undefined without one. */
  readonly socPercent: number | undefined;
  readonly isFull: boolean;
}

export interface StopOptions {
  /** `stop`: end sessions with reason Local and deliver everything; `drop`: hang up as it is. Default `stop`. */
  readonly sessions?: 'stop' | 'drop';
  /** How long to wait for the last answers; wall time. Default 10,000. */
  readonly timeoutMs?: number;
}

/**
 * A charging station that exists only here: a real OCPP 1.6J client over a real connection, driven by hand. Everything
 * the central system asks of it, it does by itself.
 *
 * ```ts
 * const station = new VirtualStation({ url, identity: 'SIM-001', clock, random: seededRandom(1) });
 * station.start();
 * await station.untilAccepted();
 * station.plugIn(1);
 * await station.presentTag(1, 'TAG-1');
 * await station.untilStatus(1, 'Charging');
 * station.unplug(1);
 * await station.stop();
 * ```
 */
export class VirtualStation {
  readonly #core: StationCore;
  readonly #random: Random;
  #hasStopped = false;

  /** @throws RangeError on an impossible number of connectors or speed */
  constructor(options: VirtualStationOptions) {
    const { connectors = 1 } = options;
    if (!Number.isInteger(connectors) || connectors < 1 || connectors > 100) {
      throw new RangeError('A station has 1 to 100 connectors');
    }
    this.#random = childRandom(options.random);
    this.#core = new StationCore(options);
  }

  get identity(): string {
    return this.#core.identity;
  }

  get isConnected(): boolean {
    return this.#core.connection.isOpen;
  }

  /** Connected and accepted. */
  get isOnline(): boolean {
    return this.#core.isOnline;
  }

  /** Whether `stop` was called. */
  get hasStopped(): boolean {
    return this.#hasStopped;
  }

  /** Energy of every running session so far, Wh. */
  get sessionsWh(): readonly number[] {
    return this.#core.transactions.running.map((connector) => this.connector(connector.id).sessionWh);
  }

  get registration(): RegistrationStatus {
    return this.#core.registration.status;
  }

  /** Whether cars may charge: accepted once, and not refused since; without a connection too. */
  get mayCharge(): boolean {
    return this.#core.registration.mayCharge;
  }

  /** Messages that the central system has yet to answer, those of the offline queue included. */
  get pendingMessages(): number {
    return this.#core.queue.size + this.#core.uplink.pending;
  }

  /** Whether a call waits for its answer right now. */
  get isCalling(): boolean {
    return this.#core.uplink.pending > 0;
  }

  /** @throws RangeError when there is no such connector */
  connector(id: number): ConnectorView {
    const connector = this.#connector(id);
    connector.advance();
    const reading = connector.read();
    const { status, isPlugged, transaction, vehicle } = connector;
    return {
      status,
      isPlugged,
      idTag: transaction?.idTag,
      transactionId: transaction?.transactionId,
      sessionWh: transaction === undefined ? 0 : reading.energyWh - transaction.meterStartWh,
      reading,
      socPercent: vehicle?.socPercent,
      isFull: vehicle?.isFull ?? false,
    };
  }

  /** Switches the station on: it connects, boots, and from now on looks after itself. */
  start(): void {
    this.#core.connect();
  }

  /** Drives a car up. @throws Error when one stands there already */
  plugIn(connectorId: number, vehicle: VehicleOptions = randomVehicle(this.#random)): void {
    this.#core.sessions.plugIn(this.#connector(connectorId), vehicle);
  }

  /** The car leaves; a session ends as StopTransactionOnEVSideDisconnect says. */
  unplug(connectorId: number): void {
    this.#core.sessions.unplug(this.#connector(connectorId));
  }

  /** Holds a tag to the reader, to start or to stop. Resolves with the verdict; never rejects. */
  presentTag(connectorId: number, idTag: string): Promise<AuthorizationStatus> {
    return this.#core.sessions.presentTag(this.#connector(connectorId), idTag);
  }

  /** Something breaks (or is mended, with `NoError`); a session ends with reason Other. */
  fault(connectorId: number, errorCode: ErrorCode): void {
    this.#core.sessions.fault(this.#connector(connectorId), errorCode);
  }

  /** The network is gone: no closing handshake, no attempt to connect. Sessions go on. */
  goOffline(): void {
    this.#core.hasNetwork = false;
    this.#core.connection.drop();
  }

  /** The network is back. */
  goOnline(): void {
    this.#core.hasNetwork = true;
    this.#core.connect();
  }

  /** The mains failed and came back: as after a hard reset, sessions end and the station boots. */
  async restart(): Promise<void> {
    await this.#core.reset('Hard');
  }

  /**
   * Resolves as soon as `reached` returns true; looks at every change of connection, registration, status or queue.
   * @throws the reason of `signal`, or an Error when the station stops first
   */
  until(reached: (station: VirtualStation) => boolean, signal?: AbortSignal): Promise<void> {
    return this.#core.until(() => reached(this), signal);
  }

  /** Connected and accepted. */
  untilAccepted(signal?: AbortSignal): Promise<void> {
    return this.#core.until(() => this.#core.isOnline, signal);
  }

  untilStatus(connectorId: number, status: ConnectorStatus, signal?: AbortSignal): Promise<void> {
    const connector = this.#connector(connectorId);
    return this.#core.until(() => connector.status === status, signal);
  }

  /** Resolves with the id of the running session once the central system has given it one. */
  async untilTransaction(connectorId: number, signal?: AbortSignal): Promise<number> {
    const connector = this.#connector(connectorId);
    await this.#core.until(() => connector.transaction?.transactionId !== undefined, signal);
    return connector.transaction?.transactionId ?? -1;
  }

  /** Everything is delivered and answered. */
  untilFlushed(signal?: AbortSignal): Promise<void> {
    return this.#core.until(() => this.#core.isOnline && this.#core.isFlushed, signal);
  }

  /** Switches the station off; afterwards it does nothing more. Whoever still waits for a milestone gets an error. */
  async stop(options: StopOptions = {}): Promise<void> {
    if (this.#hasStopped) return;
    this.#hasStopped = true;
    if (options.sessions !== 'drop') {
      this.#core.transactions.endAll('Local');
      for (const connector of this.#core.connectors) this.#core.sessions.unplug(connector);
      await this.#core.flush(options.timeoutMs ?? 10_000);
    }
    await this.#core.shutDown();
  }

  #connector(id: number): NonNullable<ReturnType<StationCore['connector']>> {
    const connector = this.#core.connector(id);
    if (connector === undefined) throw new RangeError(`Station ${this.identity} has no connector ${id}`);
    return connector;
  }
}
