import type { CertificateAuthority } from '../../domain/certificate/certificate-authority.js';
import type { CertificateDesk as Desk } from '../../domain/certificate/certificate-desk.js';
import { isOpen, wrongSubject } from '../../domain/certificate/signing-request.js';
import type { Clock } from '../../domain/clock.js';
import { FleetError } from '../../domain/errors.js';
import type { Log } from '../../domain/log.js';
import type { Station } from '../../domain/model.js';
import type { Repositories, Store } from '../../domain/repositories.js';
import { effectiveSettings, type Settings } from '../../domain/settings.js';
import { profileOf } from '../../domain/station/security-profile.js';
import type { LiveFleet } from '../../operations/operation.js';
import { CertificateDelivery, type StationsWithCertificates } from './certificate-delivery.js';
import type { CertificateSigner } from './certificate-signer.js';

export interface CertificateDeskOptions {
  readonly store: Store;
  readonly authority: CertificateAuthority;
  readonly signer: CertificateSigner;
  readonly clock: Clock;
  readonly log: Log;
}

/** A station that asks for more certificates than this in an hour has lost its way. */
const requestsPerHour = 10;
const hourMs = 3600_000;

/** Requests that are kept of a station, for whoever wonders what came of them. */
const kept = 10;

type Wanting = Pick<Station, 'uuid' | 'id'>;

/** Where stations hand in requests for certificates. What is accepted is on disk, and outlives a restart. */
export class CertificateDesk implements Desk {
  readonly #options: CertificateDeskOptions;
  readonly #recent = new Map<string, number[]>();
  #live: LiveFleet | undefined;
  #delivery: CertificateDelivery | undefined;

  constructor(options: CertificateDeskOptions) {
    this.#options = options;
  }

  /** Goes on with what was accepted before. */
  start(live: StationsWithCertificates): void {
    this.#live = live;
    this.#delivery = new CertificateDelivery({ ...this.#options, live });
    this.#delivery.start();
  }

  async close(): Promise<void> {
    await this.#delivery?.close();
  }

  async receive(station: Wanting, csr: string, receivedAt: number): Promise<string | undefined> {
    if (this.#isTooOften(station.uuid, receivedAt)) return `more than ${requestsPerHour} requests in an hour`;
    const { store, signer, authority } = this.#options;
    if (!(await signer.isThere())) return 'no certificate authority is set up';
    try {
      const { pem, ...subject } = await authority.readRequest(csr);
      const refusal = await store.write(async (r) => {
        const asking = await r.stations.findByUuid(station.uuid);
        const expected = await expectedOf(r, asking, subject.commonName);
        const reason = this.#mayNot(asking) ?? wrongSubject(subject, expected);
        if (reason === undefined) await keep(r, station, pem, receivedAt);
        return reason;
      });
      if (refusal === undefined) this.#delivery?.wake();
      return refusal;
    } catch (error) {
      if (error instanceof FleetError && error.code === 'USAGE') return sayWhy(error);
      throw error;
    }
  }

  /** Why it gets none, whatever it asks for. */
  #mayNot(station: Station | undefined): string | undefined {
    if (!station) return 'the station has been deleted';
    if (station.registration !== 'accepted') return `the station is ${station.registration}`;
    const shown = this.#live?.shownSecurity(station.uuid);
    // Anybody could get a certificate in its name otherwise.
    if (!shown || profileOf(shown) === 0) return 'its connection shows neither a key nor a certificate';
    return undefined;
  }

  #isTooOften(stationUuid: string, now: number): boolean {
    const since = now - hourMs;
    for (const [uuid, times] of this.#recent) {
      if ((times.at(-1) ?? 0) <= since) this.#recent.delete(uuid);
    }
    const times = (this.#recent.get(stationUuid) ?? []).filter((time) => time > since);
    if (times.length >= requestsPerHour) return true;
    this.#recent.set(stationUuid, [...times, now]);
    return false;
  }
}

/** The names that a station may have in its certificate. */
async function expectedOf(r: Repositories, station: Station | undefined, wanted: string) {
  const settings = await settingsIn(r);
  const organization = settings['security.organization'] ?? null;
  if (!station) return { commonNames: [], organization };
  const { id, serialNumber } = station;
  if (serialNumber === null || serialNumber === '' || serialNumber === id) {
    return { commonNames: [id], organization };
  }
  // A whole fleet that renews must not have all stations read for each of them.
  if (wanted !== serialNumber) return { commonNames: [id, serialNumber], organization };
  // It says itself what its number is: nobody gets a certificate by saying that of another station.
  const others = (await r.stations.list()).filter(({ uuid }) => uuid !== station.uuid);
  const isTaken = others.some((other) => other.id === serialNumber || other.serialNumber === serialNumber);
  return { commonNames: isTaken ? [id] : [id, serialNumber], organization };
}

async function settingsIn(r: Pick<Repositories, 'settings'>): Promise<Settings> {
  return effectiveSettings(await r.settings.list());
}

async function keep(r: Repositories, { uuid, id }: Wanting, csr: string, receivedAt: number): Promise<void> {
  const open = await r.signingRequests.findOpen(uuid);
  // It asks again for what is on its way.
  if (open?.csr === csr && isOpen(open)) return;
  if (open) await r.signingRequests.update(open.id, { state: 'replaced', endedAt: receivedAt });
  await r.signingRequests.insert({
    stationUuid: uuid,
    stationId: id,
    csr,
    receivedAt,
    state: 'waiting',
    attempts: 0,
    nextAttemptAt: receivedAt,
    fingerprint: null,
    failure: null,
    endedAt: null,
  });
  await r.signingRequests.keepNewest(uuid, kept);
  await r.events.insert({
    at: receivedAt,
    receivedAt,
    stationUuid: uuid,
    stationId: id,
    connector: null,
    kind: 'certificate.requested',
    detail: '{}',
  });
}

/** As a part of a sentence. */
function sayWhy({ message }: FleetError): string {
  return message.replace(/^.*?: /, '').replace(/\.$/, '');
}
