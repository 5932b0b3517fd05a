import type { KeyObject, X509Certificate } from 'node:crypto';
import type { CertificateFacts } from '../domain/certificate/certificate-authority.js';
import { chainMaxLength } from '../domain/certificate/signing-request.js';
import { FleetError } from '../domain/errors.js';
import { factsOf, namesIn, parseChain } from './certificates.js';

/**
 * Reads what another authority answered to a request: the certificate, then those between it and the root.
 * @throws FleetError USAGE when a station could do nothing with it, or it holds what must not go to one
 */
export function checkChain(
  text: string,
  wanted: { readonly key: KeyObject; readonly commonName: string; readonly now: number },
): CertificateFacts {
  if (/PRIVATE KEY/.test(text)) throw unfit('there is a private key in it');
  const chain = parseChain(text);
  const [leaf] = chain;
  if (!sameKey(leaf.publicKey, wanted.key)) throw unfit('it is for another key than the request');
  if (leaf.ca) throw unfit('it is the certificate of an authority');
  const names = namesIn(leaf, 'CN');
  if (names.length !== 1 || names[0] !== wanted.commonName) {
    throw unfit(`it is for CN=${names.join(', CN=') || '(nobody)'}, not CN=${wanted.commonName}`);
  }
  if (Date.parse(leaf.validTo) <= wanted.now) throw unfit(`it ended on ${leaf.validTo}`);
  chain.reduce((certificate, issuer) => {
    if (!certificate.checkIssued(issuer) || !certificate.verify(issuer.publicKey)) {
      throw unfit('its certificates do not follow from each other, in this order');
    }
    return issuer;
  });
  const pem = chain.map(String).join('');
  if (pem.length > chainMaxLength) throw unfit(`it has more than ${chainMaxLength} characters`);
  return factsOf(leaf, pem);
}

function sameKey(one: X509Certificate['publicKey'], other: KeyObject): boolean {
  return derOf(one).equals(derOf(other));
}

function derOf(key: KeyObject): Buffer {
  return key.export({ type: 'spki', format: 'der' });
}

function unfit(why: string): FleetError {
  return new FleetError('USAGE', `The certificate that was made does not fit: ${why}.`);
}
