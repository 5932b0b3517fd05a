import type { Request16, Response16 } from '../../ocpp/v16/actions.js';
import type { StationParts } from '../station-parts.js';
import { complaintAboutChain } from './check-chain.js';
import { makeKeyRequest } from './key-request.js';
import { RootStore } from './root-store.js';
import { SecurityEvents } from './security-events.js';
import type { StationCertificate, StationSecrets, TlsSettings } from './tls-settings.js';

export interface SecurityOptions extends StationSecrets {
  /** `ws:` or `wss:`, without the identity. */
  readonly url: string;
  /** Where to connect from security profile 2 on; without it at `url`, which has to be `wss:` then. */
  readonly secureUrl?: string | undefined;
}

/** The security profile of a station as it comes into the field. */
export function firstProfile({ url, password, certificate }: SecurityOptions): number {
  const isEncrypted = url.startsWith('wss:');
  if (isEncrypted && certificate !== undefined) return 3;
  if (password === undefined) return 0;
  return isEncrypted ? 2 : 1;
}

/** What proves who the station is, and whom it believes. Changes are used from the next connection on. */
export class StationSecurity {
  readonly events: SecurityEvents;
  readonly roots: RootStore;
  readonly #station: StationParts;
  readonly #options: SecurityOptions;
  #password: string | Uint8Array | undefined;
  #certificate: StationCertificate | undefined;
  /** Of the last request for a certificate. */
  #requestedKey: string | undefined;

  constructor(station: StationParts, options: SecurityOptions) {
    this.#station = station;
    this.#options = options;
    this.#password = options.password;
    this.#certificate = options.certificate;
    this.roots = new RootStore(options.ca ?? '', () => station.time.now());
    this.events = new SecurityEvents(station);
  }

  get profile(): number {
    return this.#station.configuration.integer('SecurityProfile');
  }

  get url(): string {
    const { url, secureUrl } = this.#options;
    return this.profile >= 2 ? (secureUrl ?? url) : url;
  }

  /** With a certificate there is no password. */
  get password(): string | Uint8Array | undefined {
    return this.profile === 3 ? undefined : this.#password;
  }

  get certificate(): StationCertificate | undefined {
    return this.#certificate;
  }

  get tls(): TlsSettings {
    const ca = this.roots.of('CentralSystemRootCertificate').map(String);
    return {
      ...(ca.length === 0 ? {} : { ca }),
      ...(this.profile === 3 ? this.#certificate : {}),
    };
  }

  /** Whether the station may go over to this profile: only upwards (A00.FR.005), and only with what it needs. */
  mayBecome(profile: number): boolean {
    if (profile < this.profile) return false;
    const { url, secureUrl = url } = this.#options;
    if (profile >= 2 && !secureUrl.startsWith('wss:')) return false;
    if (profile === 3) return this.#certificate !== undefined;
    return profile === 0 || this.#password !== undefined;
  }

  /** ChangeConfiguration of AuthorizationKey. */
  takeKey(key: string): void {
    this.#password = passwordOf(key);
    this.events.tell('ReconfigurationOfSecurityParameters');
  }

  /** Makes new keys and asks for a certificate for them. */
  async request(): Promise<void> {
    const { configuration, uplink, log } = this.#station;
    const { key, csr } = await makeKeyRequest(this.#station.serialNumber, configuration.text('CpoName'));
    this.#requestedKey = key;
    try {
      const { status } = await uplink.call('SignCertificate', { csr });
      log.add(`request for a certificate: ${String(status)}`);
    } catch {
      // Counted by the uplink; the central system asks again when it wants one.
    }
  }

  /** The answer to the last request; undefined key: there was none. */
  install(chain: string): Response16<'CertificateSigned'>['status'] {
    const { time, log, configuration } = this.#station;
    const key = this.#requestedKey;
    const roots = this.roots.of('CentralSystemRootCertificate');
    const isTooLong = chain.length > configuration.integer('CertificateSignedMaxChainSize');
    const complaint =
      key === undefined
        ? 'none was asked for'
        : isTooLong
          ? 'it is too long'
          : complaintAboutChain(chain, { key, roots, now: time.now() });
    if (key === undefined || complaint !== undefined) {
      log.add(`certificate refused: ${complaint}`);
      this.events.tell('InvalidChargePointCertificate');
      return 'Rejected';
    }
    this.#certificate = { cert: chain, key };
    this.#requestedKey = undefined;
    this.events.tell('ReconfigurationOfSecurityParameters');
    return 'Accepted';
  }

  installRoot({ certificateType, certificate }: Request16<'InstallCertificate'>) {
    const max = this.#station.configuration.integer('CertificateStoreMaxLength');
    const status = this.roots.install(certificateType, certificate, max);
    if (status === 'Accepted') this.events.tell('ReconfigurationOfSecurityParameters');
    if (status === 'Rejected' && certificateType === 'CentralSystemRootCertificate') {
      this.events.tell('InvalidCentralSystemCertificate');
    }
    return status;
  }

  /** The last root that this station's own connection needs is kept. */
  deleteRoot({ certificateHashData }: Request16<'DeleteCertificate'>) {
    return this.roots.delete(certificateHashData, this.profile >= 2);
  }
}

/** 32 to 40 hex digits stand for the bytes, anything else for itself, as the certification tests have it. */
function passwordOf(key: string): string | Uint8Array {
  return /^([0-9a-f]{2}){16,20}$/i.test(key) ? Buffer.from(key, 'hex') : key;
}
