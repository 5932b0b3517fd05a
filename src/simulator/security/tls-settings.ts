/** PEM, both; behind the certificate those between it and the root. */
export interface StationCertificate {
  readonly cert: string;
  readonly key: string;
}

/** What a station takes into a handshake. Without `ca` it trusts whom the system trusts. */
export interface TlsSettings {
  readonly ca?: readonly string[];
  readonly cert?: string;
  readonly key?: string;
}

/** How a station proves who it is, and whom it believes. */
export interface StationSecrets {
  /** HTTP Basic password; none = no Authorization header. */
  readonly password?: string | Uint8Array | undefined;
  readonly certificate?: StationCertificate | undefined;
  /** The only authorities that a central system may be certified by (PEM, any number); also its installed roots. */
  readonly ca?: string | undefined;
}
