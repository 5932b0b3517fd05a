import { isOpen, nextAttempt, type SigningRequest } from '../../domain/certificate/signing-request.js';
import type { Clock } from '../../domain/clock.js';
import type { Log } from '../../domain/log.js';
import type { Repositories, Store } from '../../domain/repositories.js';
import { effectiveSettings } from '../../domain/settings.js';
import type { LiveFleet } from '../../operations/operation.js';
import type { CertificateSigner } from './certificate-signer.js';
import { chainLimitOf } from './chain-limit.js';

/** The stations, and a way to tell those who wait for one that something of it was written down. */
export type StationsWithCertificates = LiveFleet & { changed(stationUuid: string): void };

export interface CertificateDeliveryOptions {
  readonly store: Store;
  readonly signer: CertificateSigner;
  readonly live: StationsWithCertificates;
  readonly clock: Clock;
  readonly log: Log;
}

/** How often it is looked for what is due: stations that came back, attempts whose time has come. */
const intervalMs = 15_000;

/** How many are signed or sent at the same time. */
const atOnce = 8;

/** How long a station may take for an answer; some check a chain slowly. */
const answerTimeoutMs = 60_000;

const offlineDelayMs = 60_000;

/** A station that was away for longer asks anew. */
const waitsAtMostMs = 30 * 86_400_000;

/** Has what stations asked for signed, and sends it to them, until it is there or has failed for good. */
export class CertificateDelivery {
  readonly #options: CertificateDeliveryOptions;
  readonly #abort = new AbortController();
  readonly #underWay = new Map<number, Promise<void>>();
  #looking: Promise<void> | undefined;
  #isCalled = false;
  #cancel = (): void => undefined;

  constructor(options: CertificateDeliveryOptions) {
    this.#options = options;
  }

  start(): void {
    this.wake();
    this.#arm();
  }

  /** There is something new. */
  wake(): void {
    if (this.#abort.signal.aborted) return;
    this.#isCalled = true;
    this.#looking ??= this.#look().finally(() => {
      this.#looking = undefined;
    });
  }

  /** Resolves when nothing is under way any more. */
  async close(): Promise<void> {
    this.#abort.abort();
    this.#cancel();
    await this.#looking;
    await Promise.all(this.#underWay.values());
  }

  #arm(): void {
    this.#cancel = this.#options.clock.schedule(intervalMs, () => {
      this.wake();
      if (!this.#abort.signal.aborted) this.#arm();
    });
  }

  async #look(): Promise<void> {
    const { store, clock, log } = this.#options;
    while (this.#isCalled && !this.#abort.signal.aborted) {
      this.#isCalled = false;
      try {
        const due = await store.read((r) => r.signingRequests.listDue(clock.now(), atOnce * 2));
        for (const request of due) this.#begin(request);
      } catch (error) {
        log.error(`certificates: ${messageOf(error)}`);
      }
    }
  }

  #begin(request: SigningRequest): void {
    const { id, stationId } = request;
    if (this.#underWay.has(id) || this.#underWay.size >= atOnce) return;
    const work = this.#advance(request)
      .catch((error: unknown) => {
        if (this.#abort.signal.aborted) return;
        this.#options.log.error(`certificates: ${messageOf(error)}`, { station: stationId });
      })
      .finally(() => {
        this.#underWay.delete(id);
        if (this.#underWay.size === atOnce - 1) this.wake();
      });
    this.#underWay.set(id, work);
  }

  async #advance(request: SigningRequest): Promise<void> {
    const { store, clock } = this.#options;
    if (!(await store.read((r) => r.stations.findByUuid(request.stationUuid)))) {
      await this.#end(request, 'the station was deleted');
      return;
    }
    if (clock.now() - request.receivedAt > waitsAtMostMs) {
      await this.#end(request, 'the station did not come back for it');
      return;
    }
    const signed = request.state === 'signed' ? request : await this.#sign(request);
    if (signed) await this.#send(signed);
  }

  async #sign(request: SigningRequest): Promise<SigningRequest | undefined> {
    const { store, signer, clock, log } = this.#options;
    const { id, stationUuid, stationId } = request;
    const { signal } = this.#abort;
    let made: Awaited<ReturnType<CertificateSigner['sign']>>;
    try {
      const settings = effectiveSettings(await store.read((r) => r.settings.list()));
      made = await signer.sign(request, settings, signal);
    } catch (error) {
      if (!signal.aborted) await this.#tryLater(request, messageOf(error));
      return undefined;
    }
    const { fingerprint, serial, subject, notBefore, notAfter, pem, origin } = made;
    const now = clock.now();
    const change = { state: 'signed', attempts: 0, nextAttemptAt: now, fingerprint, failure: null } as const;
    const isWanted = await store.write(async (r) => {
      if (!(await isStillOpen(r, id))) return false;
      await r.certificates.insert({
        ...{ fingerprint, serial, kind: 'station', stationUuid, stationId, subject, hosts: null },
        ...{ notBefore, notAfter, pem, origin, certFile: null, keyFile: null, issuedAt: now },
        ...{ installedAt: null, revokedAt: null, reason: null },
      });
      await r.signingRequests.update(id, change);
      await note(r, request, now, 'certificate.signed', { serial, until: iso(notAfter) });
      return true;
    });
    if (!isWanted) return undefined;
    log.info('its certificate is signed', { station: stationId, serial });
    return { ...request, ...change };
  }

  async #send(request: SigningRequest): Promise<void> {
    const { store, live, clock, log } = this.#options;
    const { id, stationUuid, stationId, fingerprint } = request;
    const { signal } = this.#abort;
    const certificate =
      fingerprint === null ? undefined : await store.read((r) => r.certificates.find(fingerprint));
    if (!certificate || certificate.revokedAt !== null) {
      await this.#end(request, 'its certificate was revoked before it was sent');
      return;
    }
    const { length } = certificate.pem;
    const most = await store.read((r) => chainLimitOf(r, stationUuid));
    if (most !== undefined && length > most) {
      await this.#end(
        request,
        `the chain is ${length} characters long, and the station takes ${most} at most`,
      );
      return;
    }
    const refusal = await refusalOf(live, { uuid: stationUuid, id: stationId }, certificate.pem, signal);
    if (signal.aborted) return;
    if (refusal === 'offline') {
      const nextAttemptAt = clock.now() + offlineDelayMs;
      await store.write((r) => r.signingRequests.update(id, { nextAttemptAt }));
      return;
    }
    if (refusal !== undefined) {
      await this.#tryLater(request, refusal);
      return;
    }
    const now = clock.now();
    await store.write(async (r) => {
      await r.certificates.update(certificate.fingerprint, { installedAt: now });
      if (!(await isStillOpen(r, id))) return;
      await r.signingRequests.update(id, { state: 'installed', failure: null, endedAt: now });
      const { serial, notAfter } = certificate;
      await note(r, request, now, 'certificate.installed', { serial, until: iso(notAfter) });
    });
    live.changed(stationUuid);
    log.info('has taken its certificate', { station: stationId, serial: certificate.serial });
  }

  async #tryLater(request: SigningRequest, failure: string): Promise<void> {
    const { store, live, clock, log } = this.#options;
    const { id, stationUuid, stationId } = request;
    const attempts = request.attempts + 1;
    const nextAttemptAt = nextAttempt(attempts, clock.now());
    if (nextAttemptAt === undefined) {
      await this.#end(request, failure);
      return;
    }
    log.warn(`certificates: tried again later: ${failure}`, { station: stationId });
    await store.write((r) => r.signingRequests.update(id, { attempts, nextAttemptAt, failure }));
    live.changed(stationUuid);
  }

  async #end(request: SigningRequest, failure: string): Promise<void> {
    const { store, live, clock, log } = this.#options;
    const now = clock.now();
    await store.write(async (r) => {
      if (!(await isStillOpen(r, request.id))) return;
      await r.signingRequests.update(request.id, { state: 'failed', failure, endedAt: now });
      await note(r, request, now, 'certificate.failed', { reason: failure.replace(/\.$/, '') });
    });
    live.changed(request.stationUuid);
    log.warn(`certificates: given up: ${failure}`, { station: request.stationId });
  }
}

/** Why the station has not taken it, `offline` when it could not be asked; undefined when it has. */
async function refusalOf(
  live: LiveFleet,
  station: { readonly uuid: string; readonly id: string },
  certificateChain: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  if (!live.isOnline(station.uuid)) return 'offline';
  try {
    const options = { timeoutMs: answerTimeoutMs, signal };
    const { status } = await live.call(station, 'CertificateSigned', { certificateChain }, options);
    return status === 'Accepted' ? undefined : `the station answered ${String(status)}`;
  } catch (error) {
    return messageOf(error);
  }
}

/** It may have been replaced by a newer one meanwhile. */
async function isStillOpen(r: Repositories, id: number): Promise<boolean> {
  const request = await r.signingRequests.find(id);
  return request !== undefined && isOpen(request);
}

function note(
  r: Repositories,
  { stationUuid, stationId }: SigningRequest,
  at: number,
  kind: string,
  detail: Record<string, unknown>,
): Promise<void> {
  const where = { stationUuid, stationId, connector: null };
  return r.events.insert({ at, receivedAt: at, ...where, kind, detail: JSON.stringify(detail) });
}

function iso(at: number): string {
  return new Date(at).toISOString();
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
