import type { Clock } from '../domain/clock.js';
import { FleetError } from '../domain/errors.js';
import type { Log } from '../domain/log.js';
import type { Station as StoredStation } from '../domain/model.js';
import type { Store } from '../domain/repositories.js';
import { isConsent } from '../domain/station/consent.js';
import { profileOf, requiredProfile, type ShownSecurity } from '../domain/station/security-profile.js';
import { CallQueueFullError, CallTimeoutError, PeerClosedError } from '../ocpp/call-errors.js';
import { RpcError } from '../ocpp/rpc-error.js';
import { InvalidPayloadError } from '../ocpp/v16/validate.js';
import type { LastRefusal, RefusedStations } from './refused-stations.js';
import { noteAnswer, type StationAnswer } from './rules/note-answer.js';
import { expectProfile } from './rules/raise-profile.js';
import type { SessionChanges } from './session-changes.js';
import type { StationConnection } from './station-connection.js';
import { hashesOf } from './station-credentials.js';
import { call16 } from './v16/adapter.js';
import { checkCall16 } from './v16/check-call.js';

interface Station {
  readonly uuid: string;
  readonly id: string;
}

/** How long a station may take to say whether it boots again. */
const bootRequestTimeoutMs = 30_000;

/** The stations that are connected now, by uuid: one connection each, the newest. */
export class ConnectedStations {
  readonly #connections = new Map<string, StationConnection>();
  /** Told to go, for a newer one of the same station, and not gone yet. */
  readonly #replaced = new Set<StationConnection>();
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #changes: SessionChanges;
  readonly #log: Log;
  readonly #minSecurityProfile: number;
  readonly #refused: RefusedStations;
  #emptied: (() => void) | undefined;

  constructor({
    store,
    clock,
    changes,
    refused,
    log,
    minSecurityProfile = 0,
  }: {
    store: Store;
    clock: Clock;
    changes: SessionChanges;
    refused: RefusedStations;
    log: Log;
    minSecurityProfile?: number;
  }) {
    this.#minSecurityProfile = minSecurityProfile;
    this.#refused = refused;
    this.#log = log;
    this.#store = store;
    this.#clock = clock;
    this.#changes = changes;
  }

  /** Without those that were replaced. */
  get size(): number {
    return this.#connections.size;
  }

  connections(): IterableIterator<StationConnection> {
    return this.#connections.values();
  }

  /** The newest connection wins: the old one is usually dead already (field trap 2). */
  add(connection: StationConnection): void {
    const old = this.#connections.get(connection.station.uuid);
    this.#connections.set(connection.station.uuid, connection);
    if (old) {
      this.#replaced.add(old);
      old.close(1008, 'replaced by a newer connection');
    }
    this.#changes.notifyStation(connection.station.uuid);
  }

  /** False when another connection has taken its place. */
  remove(connection: StationConnection): boolean {
    this.#replaced.delete(connection);
    const isCurrent = this.#connections.get(connection.station.uuid) === connection;
    if (isCurrent) this.#connections.delete(connection.station.uuid);
    if (this.#isEmpty) this.#emptied?.();
    return isCurrent;
  }

  /** Resolves when all are gone, those included that have been told before that they were replaced. */
  async closeAll(code: number, reason: string): Promise<void> {
    if (this.#isEmpty) return;
    const emptied = new Promise<void>((resolve) => {
      this.#emptied = resolve;
    });
    for (const connection of this.#connections.values()) connection.close(code, reason);
    await emptied;
  }

  get #isEmpty(): boolean {
    return this.#connections.size === 0 && this.#replaced.size === 0;
  }

  isOnline(stationUuid: string): boolean {
    return this.#connections.has(stationUuid);
  }

  connectionId(stationUuid: string): string | undefined {
    return this.#connections.get(stationUuid)?.uuid;
  }

  /** The `Host` that the station named when it connected: where it reaches this server. */
  hostOf(stationUuid: string): string | undefined {
    return this.#connections.get(stationUuid)?.host;
  }

  /** Something that concerns the station happened beside its connection. */
  changed(stationUuid: string): void {
    this.#changes.notifyStation(stationUuid);
  }

  lastSeenAt(stationUuid: string): number | undefined {
    return this.#connections.get(stationUuid)?.lastSeenAt;
  }

  disconnect(stationUuid: string, reason: string, code = 1008): void {
    this.#connections.get(stationUuid)?.close(code, reason);
  }

  shownSecurity(stationUuid: string): ShownSecurity | undefined {
    return this.#connections.get(stationUuid)?.shown;
  }

  lastRefusal(stationUuid: string): LastRefusal | undefined {
    return this.#refused.lastOf(stationUuid);
  }

  async stationChanged({ uuid, id }: Station): Promise<void> {
    const station = await this.#store.read((r) => r.stations.findById(id));
    const connection = this.#connections.get(uuid);
    if (!connection) return;
    // Deleted and perhaps created anew under another uuid: this connection belongs to a station that is no more.
    if (station?.uuid !== uuid) {
      connection.close(1008, 'the station was deleted');
      return;
    }
    if (!this.#isSecureEnough(station, connection.shown)) {
      this.#log.info('disconnected: it shows less than it has to by now', { station: id });
      connection.close(1008, 'the station has to show more than it did: key, TLS or certificate');
      return;
    }
    const wasPending = connection.registration === 'pending';
    connection.stationChanged(station);
    if (wasPending && station.registration === 'accepted') void this.#askToBoot(connection);
  }

  /** A key that was replaced or taken away since it was shown is worth nothing. */
  #isSecureEnough(station: StoredStation, shown: ShownSecurity): boolean {
    const isKeyGood = shown.keyHash !== null && hashesOf(station).includes(shown.keyHash);
    const shownNow = { ...shown, keyHash: isKeyGood ? shown.keyHash : null };
    return profileOf(shownNow) >= requiredProfile(station, this.#minSecurityProfile);
  }

  /**
   * A station that waits for its acceptance asks again after a while; asked for it, it does so at once. Many cannot be
   * asked, and one that was rejected must not be (OCPP 1.6 §4.2).
   */
  async #askToBoot({ station, protocol }: StationConnection): Promise<void> {
    const request = { requestedMessage: 'BootNotification' };
    const options = { timeoutMs: bootRequestTimeoutMs };
    await this.call(station, 'TriggerMessage', request, options).catch((error: unknown) => {
      const why = error instanceof Error ? error.message : String(error);
      this.#log.info('accepted, boots when it asks again', { station: station.id, protocol, why });
    });
  }

  checkCall(action: string, payload: Record<string, unknown>): void {
    checkCall16(action, payload);
  }

  async call(
    station: Station,
    action: string,
    payload: Record<string, unknown>,
    { by, ...options }: { timeoutMs: number; signal?: AbortSignal; by?: string },
  ): Promise<Record<string, unknown>> {
    const connection = this.#connections.get(station.uuid);
    if (!connection) throw new FleetError('STATION_OFFLINE', `Station ${station.id} is not connected.`);
    try {
      const answer = await call16(action, payload, (name, checked) =>
        connection.call(name, checked, { ...options, queueTimeoutMs: options.timeoutMs }),
      );
      const status = typeof answer.status === 'string' ? answer.status : null;
      await this.#noteAnswer(station, { action, payload, by, status });
      return answer;
    } catch (error) {
      const isMissing = error instanceof CallTimeoutError || error instanceof PeerClosedError;
      if (error instanceof RpcError) {
        await this.#noteAnswer(station, { action, payload, by, status: error.code });
      } else if (isMissing || options.signal?.aborted) {
        // Given up by a person, it may have been sent, and be acted on, all the same.
        const missing = isMissing ? error.message : `${action} was interrupted before an answer came`;
        await this.#noteAnswer(station, { action, payload, by, missing }).catch((why: unknown) =>
          // Most likely this server is stopping; the error to tell of is the other one.
          this.#log.warn(`an unanswered call was not written down: ${why}`, { station: station.id }),
        );
      }
      throw translate(error, station.id, action);
    }
  }

  #noteAnswer(station: Station, answer: StationAnswer): Promise<void> {
    const receivedAt = this.#clock.now();
    const { action, payload } = answer;
    return this.#store.write(async (r) => {
      await noteAnswer({ r, station, receivedAt }, answer);
      const isYes = 'status' in answer && answer.status !== null && isConsent(action, answer.status);
      if (isYes && action === 'ChangeConfiguration') await expectProfile({ r, station }, payload);
    });
  }

  async waitFor<T>(
    check: () => Promise<T | undefined>,
    {
      timeoutMs,
      signal,
      stationUuid,
    }: { timeoutMs: number; signal?: AbortSignal; stationUuid?: string | undefined },
  ): Promise<T | undefined> {
    let isOver = false;
    let changed = false;
    let wake = (): void => undefined;
    const stop = (): void => {
      isOver = true;
      wake();
    };
    const unsubscribe = this.#changes.subscribe(() => {
      changed = true;
      wake();
    }, stationUuid);
    const cancel = this.#clock.schedule(timeoutMs, stop);
    signal?.addEventListener('abort', stop);
    try {
      for (;;) {
        changed = false;
        const value = await check();
        signal?.throwIfAborted();
        if (value !== undefined || isOver) return value;
        if (!changed) {
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        }
      }
    } finally {
      unsubscribe();
      cancel();
      signal?.removeEventListener('abort', stop);
    }
  }
}

/** From the vocabulary of the wire to that of the application. */
function translate(error: unknown, stationId: string, action: string): unknown {
  if (error instanceof RpcError) {
    return new FleetError('REFUSED', `${stationId} refused ${action}: ${error.message}.`, { cause: error });
  }
  if (error instanceof CallTimeoutError) {
    const more = `${Math.ceil((2 * error.timeoutMs) / 1000)}s`;
    return new FleetError('TIMED_OUT', `${stationId}: ${error.message}.`, {
      cause: error,
      suggestions: [
        `Give it more time with --timeout ${more}; a late answer is still acted on by the station.`,
      ],
    });
  }
  if (error instanceof PeerClosedError) {
    return new FleetError('STATION_OFFLINE', `${stationId} went offline: ${error.message}.`, {
      cause: error,
    });
  }
  if (error instanceof CallQueueFullError) {
    return new FleetError('CONFLICT', `${stationId} is busy: ${error.message}.`, { cause: error });
  }
  if (error instanceof InvalidPayloadError)
    return new FleetError('USAGE', `${error.message}.`, { cause: error });
  return error;
}
