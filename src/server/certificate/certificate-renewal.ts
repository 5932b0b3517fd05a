import { setImmediate as endOfTurn } from 'node:timers/promises';
import type { Certificate } from '../../domain/certificate/certificate.js';
import type { Clock } from '../../domain/clock.js';
import type { Log } from '../../domain/log.js';
import type { Store } from '../../domain/repositories.js';
import { effectiveSettings } from '../../domain/settings.js';
import type { LiveFleet } from '../../operations/operation.js';

export interface StationRenewalOptions {
  readonly store: Store;
  readonly live: LiveFleet;
  readonly clock: Clock;
  readonly log: Log;
}

/** A station is asked once a day, and it is told as often that its certificate ends. */
const askedEveryMs = 86_400_000;

const pageSize = 500;
const answerTimeoutMs = 30_000;

/** Asks stations for a new request before the certificates that they use end. */
export class StationRenewal {
  readonly #options: StationRenewalOptions;
  /** When something was last done about a certificate, by its fingerprint. */
  readonly #done = new Map<string, { readonly at: number; readonly wasAsked: boolean }>();

  constructor(options: StationRenewalOptions) {
    this.#options = options;
  }

  async run(signal: AbortSignal): Promise<void> {
    const { store, clock } = this.#options;
    const now = clock.now();
    const renewBeforeMs = effectiveSettings(await store.read((r) => r.settings.list()))[
      'certificates.renew-before'
    ];
    const endsBy = now + renewBeforeMs;
    const filter = { kind: 'station', revoked: false, endsAfter: now, endsBy } as const;
    const seen = new Set<string>();
    let after: Certificate | undefined;
    for (;;) {
      const page = await store.read((r) => r.certificates.list(filter, { limit: pageSize, after }));
      for (const certificate of page) {
        if (signal.aborted) return;
        seen.add(certificate.fingerprint);
        if (await this.#isToBeRenewed(certificate, endsBy)) await this.#renew(certificate, signal);
      }
      after = page.at(-1);
      if (page.length < pageSize) break;
      await endOfTurn();
    }
    for (const fingerprint of this.#done.keys()) if (!seen.has(fingerprint)) this.#done.delete(fingerprint);
  }

  /** One that the station has, and no newer one beside it. */
  async #isToBeRenewed(certificate: Certificate, endsBy: number): Promise<boolean> {
    const { stationId, stationUuid } = certificate;
    if (!isInUse(certificate) || stationId === null || stationUuid === null) return false;
    const last = this.#done.get(certificate.fingerprint);
    const { store, clock } = this.#options;
    if (last && clock.now() - last.at < askedEveryMs) return false;
    return store.read(async (r) => {
      if (!(await r.stations.findByUuid(stationUuid))) return false;
      const filter = { stationId, kind: 'station', revoked: false } as const;
      const later = await r.certificates.list({ ...filter, endsAfter: endsBy }, { limit: 100 });
      if (later.some(isInUse)) return false;
      const [newest] = (await r.certificates.list(filter, { limit: 100 })).filter(isInUse);
      return newest?.fingerprint === certificate.fingerprint;
    });
  }

  async #renew(certificate: Certificate, signal: AbortSignal): Promise<void> {
    const { store, clock, log } = this.#options;
    const { fingerprint, stationUuid, stationId, serial, notAfter } = certificate;
    if (stationUuid === null || stationId === null) return;
    const before = this.#done.get(fingerprint);
    const complaint = await this.#ask({ uuid: stationUuid, id: stationId }, signal);
    if (signal.aborted) return;
    const now = clock.now();
    this.#done.set(fingerprint, { at: now, wasAsked: complaint === undefined });
    if (complaint === undefined)
      log.info('asked for a new request for a certificate', { station: stationId });
    const reason =
      complaint ?? (before?.wasAsked ? 'it was asked before, but nothing came of it' : undefined);
    if (reason === undefined) return;
    log.warn(`its certificate ends, and was not renewed: ${reason}`, { station: stationId, serial });
    const detail = { serial, until: new Date(notAfter).toISOString(), reason };
    await store.write((r) =>
      r.events.insert({
        ...{ at: now, receivedAt: now, stationUuid, stationId, connector: null },
        ...{ kind: 'certificate.expiring', detail: JSON.stringify(detail) },
      }),
    );
  }

  /** Why it will send no request; undefined when it will. */
  async #ask(
    station: { readonly uuid: string; readonly id: string },
    signal: AbortSignal,
  ): Promise<string | undefined> {
    const { live } = this.#options;
    if (!live.isOnline(station.uuid)) return 'the station is offline';
    try {
      const payload = { requestedMessage: 'SignChargePointCertificate' };
      const options = { timeoutMs: answerTimeoutMs, signal };
      const { status } = await live.call(station, 'ExtendedTriggerMessage', payload, options);
      return status === 'Accepted' ? undefined : `the station answered ${String(status)}`;
    } catch (error) {
      return (error instanceof Error ? error.message : String(error)).replace(/\.$/, '');
    }
  }
}

/** The station took it, or it was brought there by hand. */
function isInUse({ installedAt, keyFile }: Certificate): boolean {
  return installedAt !== null || keyFile !== null;
}
