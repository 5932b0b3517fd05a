import type http from 'node:http';
import type { Socket } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import type { Clock } from '../../domain/clock.js';
import type { Log } from '../../domain/log.js';
import { plainAddress } from '../../domain/network.js';
import { Handshakes } from '../handshakes.js';
import type { ApiLimits } from './api-options.js';

/**
 * The connections to the API. Those that have shown no key cannot take the place of others; those that do not
 * read what they asked for are cut off; nobody's key takes all the places.
 */
export class ApiSockets {
  readonly #strangers: Handshakes;
  readonly #log: Log;
  readonly #all = new Set<Socket>();
  /** The connection beneath that of TLS, by its two ends. */
  readonly #byPeer = new Map<string, Socket>();
  /** Those of each person who has shown a key on them, oldest first. */
  readonly #byUser = new Map<string, Set<Socket>>();
  /** Who showed a key last. */
  readonly #userOf = new Map<Socket, string>();
  readonly #perUserMax: number;
  /** Answers that are being made, by the same. */
  readonly #answering = new Map<string, Set<http.ServerResponse>>();
  #answered = (): void => undefined;

  constructor(
    { strangersMax, connectionsPerUserMax }: Pick<ApiLimits, 'strangersMax' | 'connectionsPerUserMax'>,
    log: Log,
  ) {
    this.#perUserMax = connectionsPerUserMax;
    this.#strangers = new Handshakes(strangersMax);
    this.#log = log;
  }

  watch(server: http.Server): void {
    server.on('connection', (socket: Socket) => this.#opened(socket));
    server.on('timeout', (socket: Socket) => this.#silent(socket));
  }

  /** Somebody with a key is at the other end. Of too many of theirs, the oldest that waits for nothing goes. */
  known(socket: Socket, user: string): void {
    const raw = this.#byPeer.get(peerOf(socket));
    if (!raw) return;
    this.#strangers.end(raw);
    if (this.#userOf.get(raw) === user) return;
    // One behind a proxy may be of one person after the other.
    this.#forgetUserOf(raw);
    this.#userOf.set(raw, user);
    const own = this.#byUser.get(user) ?? new Set();
    this.#byUser.set(user, own.add(raw));
    if (own.size <= this.#perUserMax) return;
    for (const other of own) {
      if (this.#answering.has(peerOf(other))) continue;
      this.#forgetUserOf(other);
      other.destroy();
      return;
    }
  }

  asked(socket: Socket, response: http.ServerResponse): void {
    const peer = peerOf(socket);
    const responses = this.#answering.get(peer) ?? new Set();
    this.#answering.set(peer, responses.add(response));
    response.once('close', () => {
      responses.delete(response);
      if (responses.size === 0) this.#answering.delete(peer);
      if (this.#answering.size === 0) this.#answered();
    });
  }

  /** Whether part of an answer is on its way already. */
  hasBegunToAnswer(socket: Socket): boolean {
    const responses = this.#answering.get(peerOf(socket)) ?? [];
    return [...responses].some(({ headersSent }) => headersSent);
  }

  /** Ends those that wait for nothing at once, the others with their answers, and all of them when time is up. */
  async close({ clock, timeoutMs }: { clock: Clock; timeoutMs: number }): Promise<void> {
    for (const socket of this.#all) if (!this.#answering.has(peerOf(socket))) socket.destroy();
    if (this.#answering.size > 0) {
      await new Promise<void>((resolve) => {
        const cancel = clock.schedule(timeoutMs, resolve);
        this.#answered = () => {
          cancel();
          resolve();
        };
      });
    }
    for (const socket of this.#all) socket.destroySoon();
    // What is left reads nothing.
    await setImmediate();
    for (const socket of this.#all) socket.destroy();
  }

  #opened(socket: Socket): void {
    const peer = peerOf(socket);
    this.#all.add(socket);
    this.#byPeer.set(peer, socket);
    socket.once('close', () => {
      this.#all.delete(socket);
      if (this.#byPeer.get(peer) === socket) this.#byPeer.delete(peer);
      this.#forgetUserOf(socket);
    });
    const victim = this.#strangers.begin(socket);
    if (!victim) return;
    const address = plainAddress(victim.remoteAddress ?? 'unknown');
    this.#log.warn('API cut off: too many connections without a key', { address });
    victim.destroy();
  }

  #forgetUserOf(socket: Socket): void {
    const user = this.#userOf.get(socket);
    if (user === undefined) return;
    this.#userOf.delete(socket);
    const own = this.#byUser.get(user);
    own?.delete(socket);
    if (own?.size === 0) this.#byUser.delete(user);
  }

  /** Nothing has gone either way for a while: wrong when there is something to read, or nothing to wait for. */
  #silent(socket: Socket): void {
    if (this.#answering.has(peerOf(socket))) {
      if (socket.writableLength === 0) return;
      const address = plainAddress(socket.remoteAddress ?? 'unknown');
      this.#log.warn('API cut off: it does not read what it asked for', { address });
    }
    socket.destroy();
  }
}

function peerOf({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress} ${remotePort}`;
}
