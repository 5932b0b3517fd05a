import { createHash, type X509Certificate } from 'node:crypto';
import type { Request16 } from '../../ocpp/v16/actions.js';

export type HashData = Request16<'DeleteCertificate'>['certificateHashData'];
export type HashAlgorithm = HashData['hashAlgorithm'];

const SEQUENCE = 0x30;
const EXPLICIT_VERSION = 0xa0;

/** CertificateHashDataType of a root, which is its own issuer (security white paper, edition 3). */
export function hashDataOf(root: X509Certificate, hashAlgorithm: HashAlgorithm): HashData {
  const hash = (bytes: Buffer): string => createHash(hashAlgorithm.toLowerCase()).update(bytes).digest('hex');
  return {
    hashAlgorithm,
    issuerNameHash: hash(issuerOf(root.raw)),
    issuerKeyHash: hash(keyBitsOf(root.publicKey.export({ type: 'spki', format: 'der' }))),
    serialNumber: plainNumber(root.serialNumber),
  };
}

/** Without leading zeros and in one case, as numbers are compared. */
export function plainNumber(hex: string): string {
  return hex.toLowerCase().replace(/^0+(?=.)/, '');
}

/** The name of the issuer as it stands in a certificate: DER, tag and length included. */
function issuerOf(certificate: Buffer): Buffer {
  const [tbs] = childrenOf(certificate);
  const fields = tbs === undefined ? [] : childrenOf(tbs);
  const first = fields[0]?.[0] === EXPLICIT_VERSION ? 1 : 0;
  const issuer = fields[first + 2];
  if (issuer?.[0] !== SEQUENCE) throw new Error('The certificate has no issuer');
  return issuer;
}

/** The bits of a SubjectPublicKeyInfo, without the byte that counts those left over. */
function keyBitsOf(spki: Buffer): Buffer {
  const bits = childrenOf(spki)[1];
  if (bits === undefined) throw new Error('The certificate has no key');
  return contentOf(bits).content.subarray(1);
}

function childrenOf(element: Buffer): Buffer[] {
  const children: Buffer[] = [];
  let { content } = contentOf(element);
  while (content.length > 0) {
    const { end } = contentOf(content);
    children.push(content.subarray(0, end));
    content = content.subarray(end);
  }
  return children;
}

/** @throws RangeError when it ends too early */
function contentOf(element: Buffer): { readonly content: Buffer; readonly end: number } {
  const first = element.readUInt8(1);
  const more = first < 0x80 ? 0 : first & 0x7f;
  const length = more === 0 ? first : element.readUIntBE(2, more);
  const end = 2 + more + length;
  if (end > element.length) throw new RangeError('The certificate is cut off');
  return { content: element.subarray(2 + more, end), end };
}
