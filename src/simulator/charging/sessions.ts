import type { Connector, ErrorCode, Permission } from '../connector.js';
import type { StationParts } from '../station-parts.js';
import type { ChargingProfile } from './charging-schedule.js';
import type { AuthorizationStatus } from './local-list.js';
import { sameTag } from './reservations.js';
import type { Transaction } from './transaction.js';
import { Vehicle, type VehicleOptions } from './vehicle.js';

/** What people at the station, and the central system in their place, do: cables, tags, remote starts. */
export class Sessions {
  readonly #station: StationParts;
  readonly #remoteProfiles = new Map<number, ChargingProfile>();

  constructor(station: StationParts) {
    this.#station = station;
  }

  plugIn(connector: Connector, vehicle: VehicleOptions): void {
    if (connector.isPlugged) throw new Error(`A car is plugged in at connector ${connector.id} already`);
    connector.plugIn(new Vehicle(vehicle));
    this.#station.timers.clear(timeoutOf(connector));
    if (connector.permission !== undefined && this.canBegin(connector)) {
      this.#begin(connector, connector.permission);
    }
    this.#station.statuses.refresh(connector.id);
  }

  unplug(connector: Connector): void {
    if (!connector.isPlugged) return;
    if (this.#station.configuration.flag('StopTransactionOnEVSideDisconnect')) {
      this.#station.transactions.end(connector, 'EVDisconnected');
    }
    connector.unplug();
    this.#station.statuses.refresh(connector.id);
  }

  /** Holds a tag to the reader: starts a session, or stops the one that runs. Resolves with the verdict. */
  async presentTag(connector: Connector, idTag: string): Promise<AuthorizationStatus> {
    const running = connector.transaction;
    if (running !== undefined) return this.#stop(connector, running, idTag);
    if (!this.canBegin(connector)) return 'Invalid';
    const verdict = await this.#station.authorization.authorize(idTag);
    const { status, parentIdTag } = verdict;
    if (status !== 'Accepted') {
      this.#station.observer.sessionRefused?.(connector.id, status);
      return status;
    }
    if (!this.#station.reservations.admits(connector.id, idTag, parentIdTag)) return 'Invalid';
    return this.#permit(connector, { idTag, ...(parentIdTag === undefined ? {} : { parentIdTag }) })
      ? 'Accepted'
      : 'Invalid';
  }

  /** Whether a session could begin here, for whomever a reservation admits. */
  canBegin(connector: Connector): boolean {
    return connector.isFree && this.#station.registration.mayCharge && this.#station.queue.hasRoom;
  }

  /** The connector that a remote start without one should use: rather one where a car waits. */
  bestFor(idTag: string): Connector | undefined {
    const free = this.#station.connectors.filter(
      (one) => this.canBegin(one) && this.#station.reservations.admits(one.id, idTag, undefined),
    );
    return free.find((one) => one.isPlugged && one.status === 'Preparing') ?? free[0];
  }

  /** Does what an accepted RemoteStartTransaction promised, as far as the tag allows. */
  async remoteStart(
    connector: Connector,
    idTag: string,
    profile: ChargingProfile | undefined,
  ): Promise<void> {
    if (profile !== undefined) this.#remoteProfiles.set(connector.id, profile);
    if (this.#station.configuration.flag('AuthorizeRemoteTxRequests')) {
      await this.presentTag(connector, idTag);
    } else if (this.canBegin(connector)) {
      this.#permit(connector, { idTag });
    }
    if (connector.permission === undefined) this.#remoteProfiles.delete(connector.id);
  }

  fault(connector: Connector, errorCode: ErrorCode): void {
    connector.advance();
    connector.errorCode = errorCode;
    if (errorCode !== 'NoError') this.#station.transactions.end(connector, 'Other');
    this.#station.statuses.refresh(connector.id);
  }

  /** Forgets tags that wait for a cable, as a restart does. */
  forgetPermissions(): void {
    for (const connector of this.#station.connectors) {
      this.#station.timers.clear(timeoutOf(connector));
      connector.permission = undefined;
    }
    this.#remoteProfiles.clear();
  }

  async #stop(connector: Connector, running: Transaction, idTag: string): Promise<AuthorizationStatus> {
    if (sameTag(running.idTag, idTag)) {
      this.#station.transactions.end(connector, 'Local', idTag);
      return 'Accepted';
    }
    const { status, parentIdTag } = await this.#station.authorization.authorize(idTag);
    const sameFamily =
      parentIdTag !== undefined &&
      running.parentIdTag !== undefined &&
      sameTag(parentIdTag, running.parentIdTag);
    if (status !== 'Accepted') return status;
    if (!sameFamily) return 'Invalid';
    if (connector.transaction === running) this.#station.transactions.end(connector, 'Local', idTag);
    return 'Accepted';
  }

  /** Starts at once when a car is there, else waits for the cable until ConnectionTimeOut; simulated time. */
  #permit(connector: Connector, permission: Permission): boolean {
    // Much may have happened while the central system was asked.
    if (!this.canBegin(connector)) return false;
    if (connector.isPlugged) {
      this.#begin(connector, permission);
      return true;
    }
    const { timers, time, configuration, statuses } = this.#station;
    connector.permission = permission;
    timers.set(timeoutOf(connector), time.wallMs(configuration.integer('ConnectionTimeOut') * 1_000), () => {
      connector.permission = undefined;
      this.#remoteProfiles.delete(connector.id);
      statuses.refresh(connector.id);
    });
    statuses.refresh(connector.id);
    return true;
  }

  #begin(connector: Connector, permission: Permission): void {
    const profile = this.#remoteProfiles.get(connector.id);
    this.#remoteProfiles.delete(connector.id);
    this.#station.transactions.begin(connector, {
      ...permission,
      ...(profile === undefined ? {} : { profile }),
    });
  }
}

function timeoutOf(connector: Connector): string {
  return `cable ${connector.id}`;
}
