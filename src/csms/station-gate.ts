import type { IncomingMessage } from 'node:http';
import { standingOf } from '../domain/certificate/certificate-repositories.js';
import { FleetError } from '../domain/errors.js';
import type { Log } from '../domain/log.js';
import type { Station } from '../domain/model.js';
import { networkOf } from '../domain/network.js';
import { Recent } from '../domain/recent.js';
import type { Store } from '../domain/repositories.js';
import { quoteForShell } from '../domain/shell.js';
import {
  describeProfile,
  profileOf,
  requiredProfile,
  type ShownSecurity,
} from '../domain/station/security-profile.js';
import { pendingHashes } from '../domain/station/station-key-hash.js';
import { type BasicCredentials, readBasicCredentials } from './basic-credentials.js';
import { complaintAboutCertificate, type Transport, transportOf } from './client-certificate.js';
import type { Refusal } from './refusal.js';
import type { RefusedStations } from './refused-stations.js';
import { raiseProfile } from './rules/raise-profile.js';
import { keepOldKey, takeNewKey } from './rules/show-key.js';
import {
  hashesOf,
  type KeyQuestion,
  type KeyVerdict,
  type StationCredentials,
} from './station-credentials.js';

export interface StationGateOptions {
  readonly store: Store;
  readonly now: () => number;
  readonly log: Log;
  readonly credentials: StationCredentials;
  readonly refused: RefusedStations;
  /** The least that any station must show. */
  readonly minSecurityProfile: number;
  /** The operator that client certificates must name; undefined: anything goes. */
  readonly organization: () => Promise<string | undefined>;
}

export type Passage = { readonly shown: ShownSecurity } | { readonly refusal: Refusal };

/** That a station goes on with its old key is noted at most this often. */
const oldKeyNotedEveryMs = 3_600_000;
const oldKeysRememberedMax = 10_000;

/** All that is told to whoever is refused: neither which stations there are nor what of it was wrong. */
const unauthorized: Refusal = {
  status: 401,
  message:
    'This needs the id and the key of the station, or its certificate, over a connection that is secure enough',
  reason: 'credentials',
};

/**
 * Who shows too little is not let in, before the upgrade: what counts is the higher of the station's security profile
 * and the fleet's minimum. Nothing of what is connected already is touched by that.
 */
export class StationGate {
  readonly #options: StationGateOptions;
  readonly #oldKeyNoted = new Recent<number>(oldKeysRememberedMax);

  constructor(options: StationGateOptions) {
    this.#options = options;
  }

  /** @param station undefined when none of that id is known */
  async pass(request: IncomingMessage, id: string, station: Station | undefined): Promise<Passage> {
    const { minSecurityProfile } = this.#options;
    const required = station ? requiredProfile(station, minSecurityProfile) : minSecurityProfile;
    const transport = transportOf(request.socket);
    const { isEncrypted } = transport;
    const complaint = await this.#complaintAbout(transport, station ?? { uuid: '', id, serialNumber: null });
    const hasCertificate = transport.certificate !== undefined && complaint === undefined;
    const withoutKey = { isEncrypted, keyHash: null, hasCertificate };
    const hasKeys = station !== undefined && hashesOf(station).length > 0;
    const address = request.socket.remoteAddress ?? null;
    const credentials = readBasicCredentials(request.headers.authorization);
    const verify = () =>
      this.#verdictOn({ id, station, network: networkOf(address ?? undefined) }, credentials);
    if (profileOf(withoutKey) >= required && (hasCertificate || !hasKeys)) {
      // It gets in whatever its key is; a new one is in force once it was shown, beside a certificate too.
      const beside = station && station.pendingAuthKeyHash !== null ? await verify() : undefined;
      const keyHash = beside !== 'busy' && beside?.kind === 'right' ? beside.hash : null;
      const shown = { ...withoutKey, keyHash };
      if (station) await this.#keyShown(station, shown);
      if (station) await this.#profileShown(station, shown);
      return { shown };
    }

    const verdict = await verify();
    if (verdict === 'busy') {
      return { refusal: { status: 503, message: 'Too many keys are being checked now', reason: 'busy' } };
    }
    const keyHash = verdict?.kind === 'right' ? verdict.hash : null;
    const shown = { isEncrypted, keyHash, hasCertificate };
    if (profileOf(shown) >= required) {
      if (station) await this.#keyShown(station, shown);
      if (station) await this.#profileShown(station, shown);
      return { shown };
    }
    if (verdict?.kind === 'wait') {
      this.#noteRefused(station, 'too many wrong keys before', address);
      return this.#slowedDown(id, address, verdict.waitMs);
    }
    const why = whyNot({ id, station, required, transport, complaint, verdict, user: credentials?.user });
    this.#options.log.warn(`refused: ${why}`, { station: id, address });
    this.#noteRefused(station, why, address);
    return { refusal: unauthorized };
  }

  /** `busy` when it cannot be told now. */
  async #verdictOn(
    question: Omit<KeyQuestion, 'credentials'>,
    credentials: BasicCredentials | undefined,
  ): Promise<KeyVerdict | 'busy' | undefined> {
    try {
      return credentials && (await this.#options.credentials.verify({ ...question, credentials }));
    } catch (error) {
      if (error instanceof FleetError && error.code === 'TOO_MANY_REQUESTS') return 'busy';
      throw error;
    }
  }

  async #complaintAbout(
    { certificate }: Transport,
    station: Pick<Station, 'uuid' | 'id' | 'serialNumber'>,
  ): Promise<string | undefined> {
    if (!certificate) return undefined;
    const { store, now, organization } = this.#options;
    const { fingerprint } = certificate;
    const standing = await store.read((r) => standingOf(r, { fingerprint, stationUuid: station.uuid }));
    const rules = { now: now(), standing, organization: await organization() };
    return complaintAboutCertificate(certificate, station, rules);
  }

  async #keyShown(station: Station, shown: ShownSecurity): Promise<void> {
    const { keyHash } = shown;
    if (keyHash === null) return;
    const { store, now, log } = this.#options;
    const receivedAt = now();
    if (pendingHashes(station.pendingAuthKeyHash).includes(keyHash)) {
      await store.write((r) =>
        takeNewKey({ r, station, receivedAt }, { hash: keyHash, profile: profileOf(shown) }),
      );
      log.info('shows its new key: the one before is not good any more', { station: station.id });
      return;
    }
    if (station.pendingAuthKeyHash === null) return;
    const last = this.#oldKeyNoted.get(station.uuid);
    if (last !== undefined && Math.abs(receivedAt - last) < oldKeyNotedEveryMs) return;
    this.#oldKeyNoted.set(station.uuid, receivedAt);
    await store.write((r) => keepOldKey({ r, station, receivedAt }));
  }

  /** It went over to a higher profile, as it was told: that holds from now on. */
  async #profileShown(station: Station, shown: ShownSecurity): Promise<void> {
    const { store, now, log } = this.#options;
    const profile = profileOf(shown);
    if (station.acceptedProfile === null || profile < station.acceptedProfile) return;
    const receivedAt = now();
    await store.write((r) => raiseProfile({ r, station, receivedAt }, profile));
    log.info(`shows ${describeProfile(profile)}: less is not enough any more`, { station: station.id });
  }

  #noteRefused(station: Station | undefined, reason: string, address: string | null): void {
    if (station)
      this.#options.refused.note(station, { kind: 'security.credentials-refused', reason, address });
  }

  #slowedDown(id: string, address: string | null, waitMs: number): Passage {
    this.#options.log.warn('slowed down: too many wrong keys', { station: id, address });
    return {
      refusal: {
        status: 429,
        message: 'Too many wrong keys were shown',
        reason: 'throttled',
        retryAfterS: Math.ceil(waitMs / 1000),
      },
    };
  }
}

interface Case {
  readonly id: string;
  readonly station: Station | undefined;
  readonly required: number;
  readonly transport: Transport;
  readonly complaint: string | undefined;
  readonly verdict: KeyVerdict | undefined;
  readonly user: Buffer | undefined;
}

/** For the log and the events of the operator. */
function whyNot({ id, station, required, transport, complaint, verdict, user }: Case): string {
  const needed = `${describeProfile(required)} is required`;
  if (complaint !== undefined) return `${complaint}; ${needed}`;
  if (!station) return `it is not known here, and shows nothing that could be right; ${needed}`;
  if (verdict?.kind === 'right') {
    if (transport.isEncrypted) return `it shows its key, but no client certificate; ${needed}`;
    return `it shows its key over plain WebSocket, where others can read it; ${needed}`;
  }
  if (required >= 3) return `it shows no client certificate; ${needed}`;
  if (hashesOf(station).length === 0) {
    return `it has no key yet, and ${needed}; give it one with: evfleet station update ${quoteForShell(id)} --generate-auth-key`;
  }
  if (user === undefined) return `it shows no key; ${needed}`;
  if (!user.equals(Buffer.from(id))) return `the user name that it shows is not its id; ${needed}`;
  return `it shows a wrong key; ${needed}`;
}
