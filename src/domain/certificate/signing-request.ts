/** A station's wish for a certificate (SignCertificate of the security extension), until it has one. */
export interface SigningRequest {
  /** From 1; never used again. */
  readonly id: number;
  readonly stationUuid: string;
  readonly stationId: string;
  /** PEM. */
  readonly csr: string;
  readonly receivedAt: number;
  readonly state: SigningState;
  /** Of what is being done now: signing, then sending. */
  readonly attempts: number;
  readonly nextAttemptAt: number;
  /** Of the certificate, once it is signed. */
  readonly fingerprint: string | null;
  /** What went wrong last. */
  readonly failure: string | null;
  readonly endedAt: number | null;
}

/** `waiting` to be signed, `signed` and to be sent; then `installed`, `failed`, or `replaced` by a newer wish. */
export type SigningState = 'waiting' | 'signed' | 'installed' | 'failed' | 'replaced';

export const openSigningStates = ['waiting', 'signed'] as const satisfies readonly SigningState[];

export function isOpen({ state }: Pick<SigningRequest, 'state'>): boolean {
  return openSigningStates.some((open) => open === state);
}

/** The longest request that OCPP knows (SignCertificate.csr). */
export const signingRequestMaxLength = 5500;

/** The longest chain that OCPP knows (CertificateSigned.certificateChain). */
export const chainMaxLength = 10_000;

const minuteMs = 60_000;

/** What is tried again, and when; after that it has failed. */
const delaysMs = [minuteMs, 5 * minuteMs, 30 * minuteMs, 120 * minuteMs] as const;

/** When to try again after so many attempts; undefined: not any more. */
export function nextAttempt(attempts: number, now: number): number | undefined {
  const delayMs = delaysMs[attempts - 1];
  return delayMs === undefined ? undefined : now + delayMs;
}

/** What a checked request asks for. */
export interface RequestedSubject {
  readonly commonName: string;
  readonly organization: string | null;
}

/** Whose request it has to be. */
export interface ExpectedSubject {
  /** Names that the station may have in its certificate: its id, or its serial number. */
  readonly commonNames: readonly string[];
  /** Null: any, or none. */
  readonly organization: string | null;
}

/** Why the subject is not that of the station; undefined when it is. */
export function wrongSubject(
  { commonName, organization }: RequestedSubject,
  expected: ExpectedSubject,
): string | undefined {
  if (!expected.commonNames.includes(commonName)) {
    return `it is for the name ${JSON.stringify(commonName)}, not ${expected.commonNames.map((name) => JSON.stringify(name)).join(' or ')}`;
  }
  if (expected.organization === null || organization === expected.organization) return undefined;
  const named =
    organization === null ? 'no organization' : `the organization ${JSON.stringify(organization)}`;
  return `it names ${named}, not ${JSON.stringify(expected.organization)}`;
}
