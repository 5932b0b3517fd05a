import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { FleetError } from '../domain/errors.js';
import type { Fleet } from '../operations/fleet.js';
import type { ServerChoice } from './remote/server-choice.js';

export interface OpenFleetOptions {
  readonly dataDir: string;
  readonly lockTimeoutMs: number;
  readonly signal: AbortSignal;
  /** A server elsewhere; then nothing of this machine's directory is touched. */
  readonly server?: ServerChoice;
  /** Called when there was no fleet in the directory, and one has been begun. */
  readonly onNew?: () => void;
}

/** The two ways to the fleet of this machine. */
export interface FleetOpeners {
  /** Undefined when nothing listens on the control socket. */
  connect(): Promise<Fleet | undefined>;
  /** @throws FleetError STORE_LOCKED when another process has the store for longer than `lockTimeoutMs` */
  openLocal(lockTimeoutMs: number): Promise<Fleet>;
}

/** A server that is just starting has the lock before it listens: look at the socket again this often. */
const LOCK_ATTEMPT_MS = 250;
/** Pause after an attempt that gave up earlier than that. */
const RETRY_DELAY_MS = 20;

/**
 * The server elsewhere when one is meant. Otherwise the running server when there is one, else the store itself, for at most `lockTimeoutMs` in turns.
 * @throws FleetError STORE_LOCKED when neither could be had in that time
 */
export async function openFleet(
  options: OpenFleetOptions,
  openers: FleetOpeners = productionOpeners(options),
): Promise<Fleet> {
  if (options.server) {
    const { openServerFleet } = await import('./remote/server-fleet.js');
    return openServerFleet(options.server, options.signal);
  }
  const deadlineMs = performance.now() + options.lockTimeoutMs;
  for (;;) {
    options.signal.throwIfAborted();
    const served = await openers.connect();
    if (served) return served;
    const leftMs = Math.max(0, deadlineMs - performance.now());
    try {
      return await openers.openLocal(Math.min(LOCK_ATTEMPT_MS, leftMs));
    } catch (error) {
      const locked = error instanceof FleetError && error.code === 'STORE_LOCKED';
      if (!locked || performance.now() >= deadlineMs) throw error;
    }
    await pause(RETRY_DELAY_MS, options.signal);
  }
}

/** The server that would be asked, when there is one: the one elsewhere that is meant, or the one that runs here. */
export async function servedFleet(options: OpenFleetOptions): Promise<Fleet | undefined> {
  return options.server ? openFleet(options) : productionOpeners(options).connect();
}

/** What to say when a stream ended because the server did. */
export function serverStopped(server: ServerChoice | undefined): FleetError {
  if (!server) {
    return new FleetError('SERVER_UNREACHABLE', 'The server has stopped.', {
      suggestions: ['evfleet serve'],
    });
  }
  return new FleetError('SERVER_UNREACHABLE', `The connection to ${server.url} has ended.`, {
    suggestions: [`evfleet whoami --server ${server.url}`],
  });
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await delay(ms, undefined, { signal });
  } catch {
    // The timer reports an AbortError; the reason of the signal says more.
    signal.throwIfAborted();
  }
}

function productionOpeners({ dataDir, signal, onNew }: OpenFleetOptions): FleetOpeners {
  return {
    // Both ways are heavy to load, and no run takes both.
    async connect() {
      const { connectFleet } = await import('./remote/http-fleet.js');
      return connectFleet({ socketPath: join(dataDir, 'control.sock'), signal });
    },
    async openLocal(lockTimeoutMs) {
      const { compileBriefly } = await import('./brief-process.js');
      compileBriefly();
      const { openLocalFleet } = await import('../server/local-fleet.js');
      const isNew = !existsSync(join(dataDir, 'journal'));
      const fleet = await openLocalFleet({ dataDir, lockTimeoutMs, signal });
      if (isNew) onNew?.();
      return fleet;
    },
  };
}
