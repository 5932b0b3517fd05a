import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Clock } from '../../domain/clock.js';
import { FleetError } from '../../domain/errors.js';
import type { Log } from '../../domain/log.js';
import type { TransferCredentials } from '../../domain/station/file-exchange.js';
import type { DownloadSlot } from './download-slot.js';
import type { TransferLimits } from './transfer-limits.js';
import { TransferRefusal } from './transfer-refusal.js';
import { TransferWatch } from './transfer-watch.js';
import type { UploadSlot } from './upload-slot.js';

export type FileServerKind = 'http' | 'ftp';

export type Slot = UploadSlot | DownloadSlot;

/** A slot that is offered to one station. */
export interface SlotOffer<S extends Slot = Slot> {
  readonly slot: S;
  readonly stationId: string;
  readonly server: FileServerKind;
  /** Who comes in plain is refused. */
  readonly needsTls: boolean;
  readonly expiresAt: number;
  readonly credentials: TransferCredentials;
}

/** What both file servers share: the offers, how many transfers there are, and what is logged of them. */
export class TransferDesk {
  readonly limits: TransferLimits;
  readonly clock: Clock;
  readonly log: Log;
  readonly #offers = new Map<string, SlotOffer>();
  readonly #running = new Map<TransferWatch, SlotOffer>();
  #ended = (): void => undefined;
  #isClosed = false;

  constructor({ limits, clock, log }: { limits: TransferLimits; clock: Clock; log: Log }) {
    this.limits = limits;
    this.clock = clock;
    this.log = log;
  }

  /** @throws FleetError CONFLICT when there are too many, or one has the same user already */
  add(offer: Omit<SlotOffer, 'credentials'> & { credentials?: TransferCredentials | undefined }): SlotOffer {
    const { maxOffers } = this.limits;
    if (this.#offers.size >= maxOffers) this.#sweep();
    if (this.#offers.size >= maxOffers) {
      throw new FleetError(
        'CONFLICT',
        `${maxOffers} files are being offered to stations, and no more can be.`,
      );
    }
    const credentials = offer.credentials ?? newCredentials();
    if (this.#offers.has(credentials.user)) {
      throw new FleetError('CONFLICT', 'These credentials belong to another offer.');
    }
    const added = { ...offer, credentials };
    this.#offers.set(credentials.user, added);
    return added;
  }

  withdraw(offer: SlotOffer): void {
    const { user } = offer.credentials;
    if (this.#offers.get(user) === offer) this.#offers.delete(user);
    for (const [watch, its] of this.#running) {
      if (its === offer) watch.end(new TransferRefusal('withdrawn', 'it is not wanted any more'));
    }
  }

  /** @throws TransferRefusal `unknown`, whatever does not fit; `plain` when all fits but the way it came */
  find(
    { server, isSecure }: { readonly server: FileServerKind; readonly isSecure: boolean },
    { user, password }: TransferCredentials,
  ): SlotOffer {
    const offer = this.#offers.get(user);
    // Also for users that do not exist, so that the time tells nothing.
    const fits = isSame(offer?.credentials.password ?? randomBytes(16).toString('hex'), password);
    if (!offer || !fits || offer.server !== server) {
      throw new TransferRefusal('unknown', 'wrong credentials');
    }
    if (offer.expiresAt <= this.clock.now()) {
      this.#offers.delete(user);
      throw new TransferRefusal('unknown', `the offer to ${offer.stationId} has expired`);
    }
    if (offer.needsTls && !isSecure) {
      throw new TransferRefusal('plain', 'this file is moved in TLS only');
    }
    return offer;
  }

  /** Moves a file under the limits. @throws TransferRefusal */
  async transfer<T>(offer: SlotOffer, move: (watch: TransferWatch) => Promise<T>): Promise<T> {
    if (this.#isClosed) throw new TransferRefusal('withdrawn', 'the server is stopping');
    if (this.#running.size >= this.limits.maxTransfers) {
      throw new TransferRefusal('too-many', `${this.#running.size} transfers are running`);
    }
    const watch = new TransferWatch(this.clock, this.limits);
    this.#running.set(watch, offer);
    try {
      return await move(watch);
    } catch (error) {
      // What the transfer failed with is a consequence of why it was ended.
      throw watch.signal.aborted ? watch.signal.reason : error;
    } finally {
      watch.dispose();
      this.#running.delete(watch);
      this.#ended();
    }
  }

  /** Logs why something was refused; gives the refusal. What is none is a failure of this side. */
  refused(
    error: unknown,
    about: { station?: string; address?: string | undefined; protocol: string },
  ): TransferRefusal {
    if (error instanceof TransferRefusal) {
      this.log.warn(`file transfer refused: ${error.message}`, about);
      return error;
    }
    const message = error instanceof Error ? error.message : String(error);
    this.log.error(`file transfer failed: ${message}`, about);
    return new TransferRefusal('failed', 'the server failed');
  }

  /** Resolves when nothing of what was being moved is written any more. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#offers.clear();
    for (const watch of this.#running.keys()) {
      watch.end(new TransferRefusal('withdrawn', 'the server is stopping'));
    }
    while (this.#running.size > 0) {
      await new Promise<void>((resolve) => {
        this.#ended = resolve;
      });
    }
  }

  #sweep(): void {
    const now = this.clock.now();
    for (const [user, { expiresAt }] of this.#offers) if (expiresAt <= now) this.#offers.delete(user);
  }
}

/** Short, because stations limit the length of an address; letters and digits, because not all of them decode `%`. */
function newCredentials(): TransferCredentials {
  return { user: randomBytes(5).toString('hex'), password: randomBytes(16).toString('hex') };
}

function isSame(expected: string, given: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(expected), digest(given));
}
