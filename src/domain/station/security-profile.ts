import type { Station } from '../model.js';

/**
 * OCPP security profiles: 0 nothing at all, 1 a password over plain WebSocket, 2 a password over TLS, 3 TLS with a
 * client certificate.
 */
export const securityProfiles = [0, 1, 2, 3] as const;
export type SecurityProfile = (typeof securityProfiles)[number];

/** What a connection has shown of itself. */
export interface ShownSecurity {
  readonly isEncrypted: boolean;
  /** The hash of the right key that it showed; null when it showed none, or there is none. */
  readonly keyHash: string | null;
  /** Whether it showed a client certificate that is good for this station. */
  readonly hasCertificate: boolean;
}

/** The security profile that a connection has reached (security white paper of OCPP 1.6); 0 is none. */
export function profileOf({ isEncrypted, keyHash, hasCertificate }: ShownSecurity): SecurityProfile {
  if (isEncrypted && hasCertificate) return 3;
  if (keyHash === null) return 0;
  return isEncrypted ? 2 : 1;
}

/** The least that a station must show: its own minimum, that of the fleet, and its key if it has one. */
export function requiredProfile(
  { securityProfile, authKeyHash }: Pick<Station, 'securityProfile' | 'authKeyHash'>,
  fleetMinimum: number,
): number {
  return Math.max(securityProfile, fleetMinimum, authKeyHash === null ? 0 : 1);
}

/** `profile 2 (TLS and its key)`, for people. */
export function describeProfile(profile: number): string {
  const words = ['nothing', 'its key', 'TLS and its key', 'TLS and a client certificate'][profile];
  return `profile ${profile} (${words ?? 'unknown'})`;
}
