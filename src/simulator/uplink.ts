import type { Clock } from '../domain/clock.js';
import { CallTimeoutError, PeerClosedError } from '../ocpp/call-errors.js';
import type { Payload } from '../ocpp/frame.js';
import { RpcError } from '../ocpp/rpc-error.js';
import type { ActionSentBy, Request16 } from '../ocpp/v16/actions.js';
import { checkRequest } from '../ocpp/v16/validate.js';
import type { Background } from './background.js';
import type { Connection } from './connection.js';
import type { StationObserver } from './observer.js';
import type { StationLog } from './station-log.js';

export type StationAction = ActionSentBy<'station'>;

export interface UplinkOptions {
  readonly clock: Clock;
  readonly connection: Connection;
  readonly background: Background;
  readonly observer: StationObserver;
  readonly log: StationLog;
  onChange(): void;
}

/** The station's calls to the central system, counted and timed. */
export class Uplink {
  readonly #options: UplinkOptions;
  #pending = 0;
  #lastSentMs = 0;

  constructor(options: UplinkOptions) {
    this.#options = options;
  }

  /** Calls that were made and not answered yet. */
  get pending(): number {
    return this.#pending;
  }

  /** When the last call was made; wall time, ms since the epoch, 0 = never. */
  get lastSentMs(): number {
    return this.#lastSentMs;
  }

  /**
   * Sends a call, having checked it strictly.
   * @throws RpcError, CallTimeoutError, PeerClosedError, CallQueueFullError, InvalidPayloadError (a defect here)
   */
  async call<Action extends StationAction>(action: Action, payload: Request16<Action>): Promise<Payload> {
    const { clock, connection, observer, log } = this.#options;
    this.#pending += 1;
    this.#lastSentMs = clock.now();
    if (connection.isOpen) observer.messageSent?.();
    try {
      const answer = await connection.call(action, checkRequest(action, payload));
      log.add(`${action} answered`);
      connection.proveAlive();
      return answer;
    } catch (error) {
      log.add(`${action} failed: ${failureKind(error)}`);
      observer.callFailed?.(action, failureKind(error));
      throw error;
    } finally {
      this.#pending -= 1;
      this.#options.onChange();
    }
  }

  /** Sends what needs no answer; a failure is counted and otherwise of no consequence. */
  notify<Action extends StationAction>(action: Action, payload: Request16<Action>): void {
    this.#options.background.run(this.call(action, payload).catch(() => undefined));
  }
}

function failureKind(error: unknown): string {
  if (error instanceof RpcError) return `CALLERROR ${error.code}`;
  if (error instanceof CallTimeoutError) return 'timeout';
  if (error instanceof PeerClosedError) return 'connection lost';
  return error instanceof Error ? error.name : 'unknown';
}
