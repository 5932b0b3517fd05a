/** Why a connection could not be opened. `reason` is stable and fit for counting; `description` is for people. */
export interface ConnectFailure {
  readonly reason: string;
  readonly description: string;
}

const HTTP_MEANINGS: ReadonlyMap<number, string> = new Map([
  [400, 'the central system refuses the handshake, often for the missing subprotocol ocpp1.6'],
  [401, 'wrong or missing password or certificate, or the connection is not secure enough'],
  [403, 'the central system does not let this station in'],
  [404, 'the central system does not know this station: it is not in the topology'],
  [426, 'no WebSocket endpoint at this address'],
  [429, 'too many wrong passwords'],
  [503, 'the central system is not ready or full'],
]);

const NETWORK_MEANINGS: ReadonlyMap<string, string> = new Map([
  ['ECONNREFUSED', 'nothing listens at this address'],
  ['ECONNRESET', 'the connection was cut during the handshake'],
  ['ENOTFOUND', 'the host name is not known'],
  ['EAI_AGAIN', 'the host name could not be looked up'],
  ['EHOSTUNREACH', 'the host cannot be reached'],
  ['ETIMEDOUT', 'the host does not answer'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'the certificate is self-signed and not trusted here'],
  ['SELF_SIGNED_CERT_IN_CHAIN', 'the certificate chain ends in a root that is not trusted here'],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'the certificate is not signed by a trusted root'],
  ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'the certificate is not signed by a trusted root'],
  ['CERT_HAS_EXPIRED', 'the certificate has expired'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'the certificate is for another host name'],
]);

const CERTIFICATE_FAULTS: ReadonlySet<string> = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'CERT_HAS_EXPIRED',
  'ERR_TLS_CERT_ALTNAME_INVALID',
]);

/** The security event that tells of it, once there is a connection again. */
export function securityEventOf({ reason }: ConnectFailure): string | undefined {
  if (reason === 'HTTP 401') return 'FailedToAuthenticateAtCentralSystem';
  return CERTIFICATE_FAULTS.has(reason) ? 'InvalidCentralSystemCertificate' : undefined;
}

/** The central system answered the handshake with an HTTP status instead of 101. */
export function httpFailure(status: number): ConnectFailure {
  const meaning = HTTP_MEANINGS.get(status) ?? 'the central system refuses the handshake';
  return { reason: `HTTP ${status}`, description: meaning };
}

/** The handshake failed below or beside HTTP. */
export function networkFailure(error: Error): ConnectFailure {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  if (code !== undefined) return { reason: code, description: NETWORK_MEANINGS.get(code) ?? error.message };
  if (/handshake has timed out/i.test(error.message)) {
    return { reason: 'timeout', description: 'the WebSocket handshake took too long' };
  }
  if (/subprotocol/i.test(error.message)) {
    return { reason: 'subprotocol', description: 'the central system does not speak ocpp1.6' };
  }
  return { reason: 'handshake', description: error.message };
}
