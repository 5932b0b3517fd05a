/** Why TLS was not agreed on, as it is counted. */
const handshakeFailures = [
  'timeout',
  'crowd',
  'gone',
  'not-tls',
  'version',
  'suite',
  'certificate',
  'other',
] as const;
export type HandshakeFailure = (typeof handshakeFailures)[number];

/** By the names that Node and OpenSSL give them. */
const kinds: readonly (readonly [RegExp, HandshakeFailure])[] = [
  [/HTTP_REQUEST|WRONG_VERSION_NUMBER|UNKNOWN_PROTOCOL|HTTPS_PROXY_REQUEST/, 'not-tls'],
  [/UNSUPPORTED_PROTOCOL|PROTOCOL_VERSION|INAPPROPRIATE_FALLBACK|VERSION_TOO_LOW/, 'version'],
  [/NO_SHARED_CIPHER|NO_CIPHERS|HANDSHAKE_FAILURE|NO_SUITABLE_(SIGNATURE_ALGORITHM|KEY_SHARE)/, 'suite'],
  [/CERTIFICATE|CERT_|UNKNOWN_CA|PEER_DID_NOT_RETURN/, 'certificate'],
  [/ECONNRESET|EPIPE|UNEXPECTED_EOF/, 'gone'],
  [/HANDSHAKE_TIMEOUT/, 'timeout'],
];

export function handshakeFailure(error: Error): HandshakeFailure {
  const code = 'code' in error ? String(error.code) : '';
  return kinds.find(([pattern]) => pattern.test(code))?.[1] ?? 'other';
}

/** For the log. OpenSSL puts where in its sources it noticed something around what it was. */
export function sayWhy(error: Error): string {
  if ('reason' in error && typeof error.reason === 'string') return error.reason;
  return error.message;
}
