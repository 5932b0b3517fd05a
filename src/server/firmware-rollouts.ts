import type { Clock } from '../domain/clock.js';
import { FleetError } from '../domain/errors.js';
import type { EventFeed } from '../domain/event-feed.js';
import type { Log } from '../domain/log.js';
import type { Store } from '../domain/repositories.js';
import type { FileExchange, Offer } from '../domain/station/file-exchange.js';
import type { FirmwareImage, FirmwareRollout, FirmwareTarget } from '../domain/station/firmware.js';
import type { FirmwareFiles } from '../domain/station/firmware-files.js';
import { type Happening, offerEndsAt, toAnswered, untold } from '../domain/station/firmware-progress.js';
import { recordChange, recordHappening } from '../domain/station/firmware-record.js';
import { judgeOverdue, takeStep } from '../domain/station/firmware-steps.js';
import type { LiveFleet } from '../operations/operation.js';
import { messageOf, toHappening, updateCall } from './firmware-call.js';

export interface FirmwareRolloutsOptions {
  readonly store: Store;
  readonly live: LiveFleet;
  readonly clock: Clock;
  readonly log: Log;
  readonly exchange: FileExchange;
  readonly files: Pick<FirmwareFiles, 'pathOf'>;
  /** Announces that rollouts changed. */
  readonly changes: EventFeed;
  /** How long a station may be offline when its turn has come, or after the start of the server. Default 15 minutes. */
  readonly offlineGraceMs?: number;
}

/** How soon a station that has come back, or whose time is up, is noticed. */
const tickMs = 10_000;
/** From one look at the records to the next at least: many stations change at the same time. */
const roundIntervalMs = 50;

type Key = `${number}/${string}`;

interface Told {
  readonly rollout: FirmwareRollout;
  readonly target: FirmwareTarget;
}

/**
 * Drives the rollouts that the store holds: tells stations when their wave has come, judges those whose time is up, and
 * goes on to the next wave. All it knows lies in the store, so that a restart changes nothing.
 */
export class FirmwareRollouts {
  readonly #options: FirmwareRolloutsOptions;
  readonly #abort = new AbortController();
  readonly #offers = new Map<Key, Offer>();
  readonly #sending = new Map<Key, Promise<void>>();
  #startedAt = 0;
  #cancelTick = (): void => undefined;
  #cancelRound: (() => void) | undefined;
  #lastRoundAt = Number.NEGATIVE_INFINITY;
  #unsubscribe = (): void => undefined;
  #running: Promise<void> | undefined;
  #isStale = false;
  #isTick = false;

  constructor(options: FirmwareRolloutsOptions) {
    this.#options = options;
  }

  /** Takes up what an earlier run of the server left. */
  async start(): Promise<void> {
    const { clock, store, changes } = this.#options;
    this.#startedAt = clock.now();
    // Whether these heard of it nobody knows; being told twice does them no harm.
    await store.write(async (r) => {
      for (const { id } of await r.firmwareRollouts.listOpen()) {
        const filter = { rolloutId: id, states: ['sending'] as const };
        for (const target of await r.firmwareRollouts.listTargets(filter, { limit: 1_000 })) {
          await r.firmwareRollouts.updateTarget(target, { state: 'waiting', sentAt: null });
        }
      }
    });
    this.#unsubscribe = changes.subscribe(() => this.#wake());
    this.#tick();
  }

  /** Resolves when nothing is under way any more. */
  async close(): Promise<void> {
    this.#abort.abort(new FleetError('SERVER_UNREACHABLE', 'The server is stopping.'));
    this.#cancelTick();
    this.#cancelRound?.();
    this.#unsubscribe();
    await this.#running;
    await Promise.all(this.#sending.values());
    for (const offer of this.#offers.values()) offer.withdraw();
    this.#offers.clear();
  }

  #tick(): void {
    this.#isTick = true;
    this.#wake();
    if (this.#abort.signal.aborted) return;
    this.#cancelTick = this.#options.clock.schedule(tickMs, () => this.#tick());
  }

  /** A round soon, never two at once. */
  #wake(): void {
    this.#isStale = true;
    if (this.#running || this.#cancelRound || this.#abort.signal.aborted) return;
    const { clock } = this.#options;
    const delayMs = Math.max(0, this.#lastRoundAt + roundIntervalMs - clock.now());
    if (delayMs > 0) {
      this.#cancelRound = clock.schedule(Math.min(delayMs, roundIntervalMs), () => this.#begin());
    } else this.#begin();
  }

  #begin(): void {
    this.#cancelRound = undefined;
    this.#isStale = false;
    this.#lastRoundAt = this.#options.clock.now();
    this.#running = this.#round()
      // The next tick tries again.
      .catch((error: unknown) => this.#options.log.error(`firmware rollouts: ${messageOf(error)}`))
      .finally(() => {
        this.#running = undefined;
        if (this.#isStale) this.#wake();
      });
  }

  async #round(): Promise<void> {
    const { store, clock } = this.#options;
    const open = await store.read((r) => r.firmwareRollouts.listOpen());
    if (open.length === 0) return this.#withdrawOthers([]);
    const overdue = await store.read((r) => r.firmwareRollouts.listOverdue(clock.now(), 1));
    if (overdue.length > 0) {
      while (await store.write((r) => judgeOverdue(r, clock.now())));
    }
    for (const { id } of open) {
      const step = await store.write((r) => takeStep(r, id, clock.now()));
      if (step.kind === 'send') await this.#send(id);
      if (['advance', 'stop', 'drop'].includes(step.kind)) this.#isStale = true;
      if (step.kind === 'stop')
        this.#options.log.warn(`firmware rollout ${id} stopped`, { failed: step.failed });
      if (step.kind === 'finish') this.#options.log.info(`firmware rollout ${id} is over`);
    }
    if (!this.#isTick) return;
    this.#isTick = false;
    const told = await this.#listUnderWay();
    this.#withdrawOthers(told);
    await this.#offerAgain(told);
  }

  /** Tells the stations of the wave that wait and are there; those that stay away are left out after a while. */
  async #send(rolloutId: number): Promise<void> {
    const { store, live, clock, offlineGraceMs = 15 * 60_000 } = this.#options;
    const found = await store.read(async (r) => {
      const rollout = await r.firmwareRollouts.find(rolloutId);
      if (!rollout) return undefined;
      const filter = { rolloutId, wave: rollout.wave, states: ['waiting'] as const };
      return { rollout, waiting: await r.firmwareRollouts.listTargets(filter, { limit: 20_000 }) };
    });
    if (!found) return;
    const { rollout, waiting } = found;
    const waitsSince = Math.max(this.#startedAt, rollout.waveStartedAt);
    const isGivenUp = clock.now() - waitsSince >= offlineGraceMs;
    for (const target of waiting) {
      const key = keyOf(target);
      if (this.#sending.has(key)) continue;
      if (!live.isOnline(target.stationUuid)) {
        if (isGivenUp) await this.#skip(rollout, target);
        continue;
      }
      if (this.#sending.size >= rollout.concurrency) break;
      const sent = this.#tell(rollout, target)
        .catch((error: unknown) =>
          this.#options.log.error(`firmware of ${target.stationId}: ${messageOf(error)}`),
        )
        .finally(() => {
          this.#sending.delete(key);
          this.#wake();
        });
      this.#sending.set(key, sent);
    }
  }

  async #skip(rollout: FirmwareRollout, target: FirmwareTarget): Promise<void> {
    const { store, clock } = this.#options;
    const now = clock.now();
    const change = untold('skipped', 'offline', 'it was offline when its turn came', now);
    await store.write((r) => recordChange(r, rollout, target, change, now));
  }

  async #tell(rollout: FirmwareRollout, target: FirmwareTarget): Promise<void> {
    const { store, live, clock } = this.#options;
    const { rolloutId, stationUuid, stationId } = target;
    const sentAt = clock.now();
    // Written down first: a station may report before its answer is dealt with.
    const image = await store.write(async (r) => {
      const still = await r.firmwareRollouts.findOpenTarget(stationUuid);
      if (still?.rolloutId !== rolloutId || still.state !== 'waiting') return undefined;
      await r.firmwareRollouts.updateTarget(target, { state: 'sending', sentAt });
      return r.firmwareImages.findByUuid(target.imageUuid);
    });
    if (!image) return;
    let happening: Happening;
    try {
      const offer = await this.#offer(rollout, target, image, sentAt);
      const { action, payload } = updateCall(rollout, image, { location: offer.url, now: sentAt });
      live.checkCall(action, payload);
      const station = { uuid: stationUuid, id: stationId };
      const { signal } = this.#abort;
      const { status } = await live.call(station, action, payload, {
        timeoutMs: rollout.answerTimeoutMs,
        signal,
      });
      happening = toAnswered(typeof status === 'string' ? status : undefined);
    } catch (error) {
      if (this.#abort.signal.aborted) return;
      happening = toHappening(error);
    }
    await store.write(async (r) => {
      const told = await r.firmwareRollouts.findOpenTarget(stationUuid);
      if (told?.rolloutId === rolloutId) await recordHappening(r, rollout, told, happening, clock.now());
    });
  }

  /** The same credentials for as long as the station may fetch the image, also after a restart of the server. */
  async #offer(
    { protocol, ...terms }: FirmwareRollout,
    target: FirmwareTarget,
    { uuid, sizeBytes, fileName }: FirmwareImage,
    sentAt: number,
  ): Promise<Offer> {
    const { store, exchange, files } = this.#options;
    const { stationUuid, stationId, offerUser, offerPassword } = target;
    this.#offers.get(keyOf(target))?.withdraw();
    const offer = await exchange.offerDownload({
      station: { uuid: stationUuid, id: stationId },
      protocol,
      expiresAt: offerEndsAt(terms, sentAt),
      path: files.pathOf(uuid),
      size: sizeBytes,
      fileName,
      ...(offerUser !== null &&
        offerPassword !== null && { credentials: { user: offerUser, password: offerPassword } }),
    });
    this.#offers.set(keyOf(target), offer);
    const { user, password } = offer.credentials;
    if (user !== offerUser) {
      const credentials = { offerUser: user, offerPassword: password };
      await store.write((r) => r.firmwareRollouts.updateTarget(target, credentials));
    }
    return offer;
  }

  /** Stations that were told before a restart go on with their downloads. */
  async #offerAgain(told: readonly Told[]): Promise<void> {
    const { store, live, log } = this.#options;
    for (const { rollout, target } of told) {
      const { sentAt, offerUser, stationId } = target;
      // Its address may depend on where the station comes from.
      if (this.#offers.has(keyOf(target)) || sentAt === null || offerUser === null) continue;
      if (!live.isOnline(target.stationUuid)) continue;
      const image = await store.read((r) => r.firmwareImages.findByUuid(target.imageUuid));
      if (!image) continue;
      await this.#offer(rollout, target, image, sentAt).catch((error: unknown) =>
        log.warn(`firmware is not offered to ${stationId} any more: ${messageOf(error)}`),
      );
    }
  }

  #withdrawOthers(told: readonly Told[]): void {
    const wanted = new Set(told.map(({ target }) => keyOf(target)));
    for (const [key, offer] of this.#offers) {
      if (wanted.has(key) || this.#sending.has(key)) continue;
      offer.withdraw();
      this.#offers.delete(key);
    }
  }

  #listUnderWay(): Promise<Told[]> {
    const states = ['sending', 'offered', 'retrying', 'downloading'] as const;
    return this.#options.store.read(async (r) => {
      const found: Told[] = [];
      for (const rollout of await r.firmwareRollouts.listOpen()) {
        const filter = { rolloutId: rollout.id, states };
        const targets = await r.firmwareRollouts.listTargets(filter, { limit: 20_000 });
        found.push(...targets.map((target) => ({ rollout, target })));
      }
      return found;
    });
  }
}

function keyOf({ rolloutId, stationUuid }: Pick<FirmwareTarget, 'rolloutId' | 'stationUuid'>): Key {
  return `${rolloutId}/${stationUuid}`;
}
