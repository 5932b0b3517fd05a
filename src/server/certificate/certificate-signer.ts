import type { CertificateOrigin } from '../../domain/certificate/certificate.js';
import type {
  CertificateAuthority,
  CertificateFacts,
} from '../../domain/certificate/certificate-authority.js';
import type { SigningRequest } from '../../domain/certificate/signing-request.js';
import type { Clock } from '../../domain/clock.js';
import type { Settings } from '../../domain/settings.js';
import { runCsrCommand } from './csr-command.js';

export interface SignerOptions {
  readonly authority: CertificateAuthority;
  readonly clock: Clock;
  /** The program of another authority; goes before the own one. */
  readonly csrCommand?: string | undefined;
}

/** Whoever signs the requests of stations: another authority by a program, or the fleet's own. */
export class CertificateSigner {
  readonly #options: SignerOptions;

  constructor(options: SignerOptions) {
    this.#options = options;
  }

  async isThere(): Promise<boolean> {
    const { csrCommand, authority } = this.#options;
    return csrCommand !== undefined || (await authority.find()) !== undefined;
  }

  /** @throws FleetError when it cannot be signed now */
  async sign(
    { csr, stationId }: Pick<SigningRequest, 'csr' | 'stationId'>,
    settings: Settings,
    signal: AbortSignal,
  ): Promise<CertificateFacts & { readonly origin: CertificateOrigin }> {
    const { authority, clock, csrCommand } = this.#options;
    if (csrCommand !== undefined) {
      const chain = await runCsrCommand(csrCommand, { csr, stationId, clock, signal });
      return { ...(await authority.readChain(chain, csr)), origin: 'command' };
    }
    const { commonName, organization } = await authority.readRequest(csr);
    const own = await authority.find();
    const operator = settings['security.organization'] ?? organization ?? own?.organization ?? null;
    const validityMs = settings['certificates.validity'];
    const subject = { commonName, organization: operator };
    return { ...(await authority.sign(csr, subject, { validityMs })), origin: 'own' };
  }
}
