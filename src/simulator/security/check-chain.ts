import { createPrivateKey, type X509Certificate } from 'node:crypto';
import { readCertificates } from './root-store.js';

/**
 * Looks at what the central system answered to a request. @returns why it is of no use; undefined: it is
 * @param key of the request, PEM
 */
export function complaintAboutChain(
  chain: string,
  {
    key,
    roots,
    now,
  }: { readonly key: string; readonly roots: readonly X509Certificate[]; readonly now: number },
): string | undefined {
  let certificates: readonly X509Certificate[];
  try {
    certificates = readCertificates(chain);
  } catch {
    return 'it cannot be read';
  }
  const [leaf] = certificates;
  if (leaf === undefined) return 'there is no certificate in it';
  if (!leaf.checkPrivateKey(createPrivateKey(key))) return 'it is for another key';
  if (certificates.some(({ validTo }) => Date.parse(validTo) <= now)) return 'it has expired';
  for (const [index, certificate] of certificates.entries()) {
    const issuer = certificates[index + 1];
    if (issuer !== undefined && !isIssuedBy(certificate, issuer))
      return 'its certificates do not follow each other';
  }
  const last = certificates.at(-1) ?? leaf;
  const isKnown = roots.some((root) => root.raw.equals(last.raw) || isIssuedBy(last, root));
  return isKnown ? undefined : 'no installed root certificate is behind it';
}

function isIssuedBy(certificate: X509Certificate, issuer: X509Certificate): boolean {
  return certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);
}
