import { FleetError } from '../../domain/errors.js';
import { ConnectionLost } from './http-transport.js';

/** The server did not let itself be connected to in time. */
export class ConnectTimeout extends Error {
  readonly limitMs: number;

  constructor(limitMs: number) {
    super(`No connection within ${limitMs} ms.`);
    this.name = 'ConnectTimeout';
    this.limitMs = limitMs;
  }
}

interface Words {
  readonly why: string;
  readonly tries: readonly string[];
}

const trust: readonly string[] = [
  '--server-ca <file>, with the certificate (PEM) of the authority that signed it, or its own',
];
const untrusted: Words = { why: 'nobody that this machine trusts has signed its certificate', tries: trust };
const noTls: Words = {
  why: 'what listens there does not speak TLS',
  tries: ['The port of evfleet serve --api-port is the one that is meant, not that of stations.'],
};
const noHttp: Words = { why: 'what listens there does not speak HTTP', tries: noTls.tries };
const noWay: Words = {
  why: 'there is no way to it from here',
  tries: ['Look at network, VPN and firewall of this machine.'],
};
const refused: Words = {
  why: 'nothing listens there',
  tries: ['See whether evfleet serve --api-port runs there, on this port and address.'],
};
const silent: Words = {
  why: 'it does not answer',
  tries: ['A firewall on the way may drop what is sent; or the host is down, or too busy.'],
};

const words: Readonly<Record<string, Words>> = {
  ECONNREFUSED: refused,
  ENOTFOUND: { why: 'no such host is known', tries: ['Look at the spelling of the address, and at DNS.'] },
  EAI_AGAIN: {
    why: 'its name cannot be looked up now',
    tries: ['Look at the network of this machine, and at DNS.'],
  },
  EHOSTUNREACH: noWay,
  ENETUNREACH: noWay,
  EADDRNOTAVAIL: noWay,
  ETIMEDOUT: silent,
  DEPTH_ZERO_SELF_SIGNED_CERT: untrusted,
  SELF_SIGNED_CERT_IN_CHAIN: untrusted,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: untrusted,
  UNABLE_TO_GET_ISSUER_CERT: untrusted,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: untrusted,
  CERT_UNTRUSTED: untrusted,
  INVALID_CA: untrusted,
  CERT_SIGNATURE_FAILURE: {
    why: 'its certificate was not signed by whom it says: this may not be the server',
    tries: trust,
  },
  CERT_REVOKED: { why: 'its certificate was revoked', tries: ['Have it renewed on the server.'] },
  CERT_HAS_EXPIRED: {
    why: 'its certificate has expired',
    tries: ['Have it renewed on the server. If it should be valid, look at the clock of this machine: date'],
  },
  CERT_NOT_YET_VALID: {
    why: 'its certificate is not valid yet',
    tries: ['Look at the clock of this machine: date'],
  },
  EPROTO: noTls,
  ERR_SSL_WRONG_VERSION_NUMBER: noTls,
  ERR_SSL_UNSUPPORTED_PROTOCOL: {
    why: 'it speaks only versions of TLS that are too old',
    tries: ['TLS 1.2 or newer is needed.'],
  },
};

/** Puts into words why a server elsewhere could not be reached, or was lost. */
export function explainLost(url: string, error: unknown): FleetError {
  if (error instanceof FleetError) return error;
  const { why, tries } = wordsFor(url, error);
  if (why === undefined) {
    const message = `The connection to ${url} broke before the answer was complete; whether what was asked was done is unknown.`;
    return new ConnectionLost(message, { cause: error, suggestions: [`evfleet whoami --server ${url}`] });
  }
  return new FleetError('SERVER_UNREACHABLE', `${url} cannot be reached: ${why}.`, {
    cause: error,
    suggestions: tries,
  });
}

function wordsFor(url: string, error: unknown): { why?: string; tries: readonly string[] } {
  if (error instanceof ConnectTimeout) {
    return { ...silent, why: `no connection within ${error.limitMs / 1000} s` };
  }
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const known = words[code];
  if (known) return known;
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') return wrongHost(url, error);
  if (code.startsWith('HPE_')) return noHttp;
  if (code.startsWith('ERR_SSL_')) return { why: `TLS fails (${code})`, tries: noTls.tries };
  const isBeforeTls = error instanceof Error && error.message.includes('before secure TLS connection');
  return isBeforeTls ? noTls : { tries: [] };
}

function wrongHost(url: string, error: unknown): Words {
  const { hostname } = new URL(url);
  const names = certificateNames(error);
  const others = names === '' ? '' : `, but for ${names}`;
  return {
    why: `its certificate is not for ${hostname}${others}`,
    tries: ['--server with a name that the certificate is for, or have the certificate made for this one.'],
  };
}

/** At most so many names of a certificate are worth reading. */
const namesMax = 5;

function certificateNames(error: unknown): string {
  const cert = error instanceof Error && 'cert' in error ? error.cert : undefined;
  const names =
    typeof cert === 'object' && cert !== null && 'subjectaltname' in cert ? String(cert.subjectaltname) : '';
  const plain = names.split(', ').map((name) => name.replace(/^(DNS|IP Address):/, ''));
  return plain.slice(0, namesMax).join(', ');
}
