import 'reflect-metadata';
import { createPrivateKey, webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';

/** A certificate with its key, both PEM. */
export interface Identity {
  readonly cert: string;
  readonly key: string;
}

interface Details {
  /** As in a distinguished name: `CN=CP1, O=Acme`. */
  readonly subject: string;
  readonly serialNumber?: string;
  readonly from?: number;
  readonly until?: number;
}

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const dayMs = 86_400_000;

/** An authority that a test makes up: its root, and what it issues. */
export class MadeUpAuthority {
  readonly #root: x509.X509Certificate;
  readonly #keys: webcrypto.CryptoKeyPair;

  private constructor(root: x509.X509Certificate, keys: webcrypto.CryptoKeyPair) {
    this.#root = root;
    this.#keys = keys;
  }

  static async create(name: string): Promise<MadeUpAuthority> {
    const keys = await newKeys();
    const root = await x509.X509CertificateGenerator.createSelfSigned({
      name: `CN=${name}`,
      keys,
      signingAlgorithm: algorithm,
      notBefore: new Date(Date.now() - 400 * dayMs),
      notAfter: new Date(Date.now() + 400 * dayMs),
      extensions: [new x509.BasicConstraintsExtension(true, undefined, true)],
    });
    return new MadeUpAuthority(root, keys);
  }

  /** Its own certificate, with its key: one that signed itself. */
  get root(): Promise<Identity> {
    return pemOf(this.#root, this.#keys);
  }

  get cert(): string {
    return this.#root.toString('pem');
  }

  async issue({ subject, serialNumber = '0a', from, until }: Details): Promise<Identity> {
    const keys = await newKeys();
    const certificate = await x509.X509CertificateGenerator.create({
      serialNumber,
      subject,
      issuer: this.#root.subject,
      notBefore: new Date(from ?? Date.now() - dayMs),
      notAfter: new Date(until ?? Date.now() + dayMs),
      signingKey: this.#keys.privateKey,
      publicKey: keys.publicKey,
      signingAlgorithm: algorithm,
      extensions: [
        new x509.SubjectAlternativeNameExtension([{ type: 'ip', value: '127.0.0.1' }]),
        await x509.AuthorityKeyIdentifierExtension.create(this.#root),
      ],
    });
    return pemOf(certificate, keys);
  }
}

async function pemOf(
  certificate: x509.X509Certificate,
  { privateKey }: Awaited<ReturnType<typeof newKeys>>,
): Promise<Identity> {
  const der = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', privateKey));
  const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  return { cert: certificate.toString('pem'), key: String(key.export({ type: 'pkcs8', format: 'pem' })) };
}

function newKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(algorithm, true, [
    'sign',
    'verify',
  ]) as Promise<webcrypto.CryptoKeyPair>;
}
