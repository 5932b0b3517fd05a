import path from 'node:path';
import type {
  CertificateAuthority,
  CertificateFacts,
  KeyType,
} from '../domain/certificate/certificate-authority.js';
import type { Clock, NewSecret } from '../domain/clock.js';
import { FleetError } from '../domain/errors.js';
import { factsOf, parseChain } from './certificates.js';
import { checkChain } from './chain-check.js';
import { hashDataOf } from './hash-data.js';
import { type Issuer, type Leaf, selfSigned, signLeaf, type Term } from './issuing.js';
import { ecdsa, generateKeys, importKey, rsa } from './keys.js';
import { loadX509 } from './library.js';
import { makePkiDirectory, pkiPaths, readIfThere, writeFiles } from './pki-directory.js';
import { readSigningRequest } from './request-reader.js';
import { signRevocationList } from './revocation-list.js';

/** RFC 5280, ub-common-name; what a server is called longer, its alternative names say. */
const nameMaxLength = 64;

export interface PkiOptions {
  readonly dataDir: string;
  readonly clock: Clock;
  readonly newSecret: NewSecret;
}

/** The small authority of a fleet, in the directory `pki`. Nothing is loaded or read until it is asked for something. */
export function createPki({ dataDir, clock, newSecret }: PkiOptions): CertificateAuthority {
  const paths = pkiPaths(dataDir);

  function term(validityMs: number): Term {
    const number = Buffer.from(newSecret(16));
    // Positive, and always as long: neither a sign nor leading zeros to argue about.
    number.writeUInt8((number.readUInt8(0) & 0x3f) | 0x40, 0);
    return { now: clock.now(), validityMs, serialNumber: number.toString('hex') };
  }

  /** The list that is being written; the next one waits. */
  let listing: Promise<unknown> = Promise.resolve();

  async function find(): Promise<CertificateFacts | undefined> {
    const pem = await readIfThere(paths.authorityCert);
    return pem === undefined ? undefined : factsOf(parseChain(pem)[0]);
  }

  async function issuer(): Promise<Issuer> {
    const cert = await readIfThere(paths.authorityCert);
    const key = await readIfThere(paths.authorityKey);
    if (cert === undefined || key === undefined) throw noAuthority();
    const x509 = await loadX509();
    return { certificate: new x509.X509Certificate(cert), ...(await importKey(key, paths.authorityKey)) };
  }

  async function issue(
    wanted: Parameters<CertificateAuthority['issueStation']>[0],
    { commonName, hosts }: { readonly commonName: string; readonly hosts: readonly string[] },
  ) {
    const { keyType, organization, validityMs, replace } = wanted;
    const signer = await issuer();
    const { keys, privateKey } = await generateKeys(keyType);
    const subject = { commonName: commonName.slice(0, nameMaxLength), organization };
    const leaf: Leaf = { subject, publicKey: keys.publicKey, hosts };
    const facts = toFacts((await signLeaf(signer, leaf, term(validityMs))).toString('pem'));
    const name = fileNameFor(hosts.length > 0 ? 'server' : 'station', commonName, keyType);
    const certFile = wanted.certFile ?? path.join(paths.directory, `${name}.pem`);
    const keyFile = wanted.keyFile ?? path.join(paths.directory, `${name}.key`);
    await writeFiles(
      [
        // The key first: a certificate whose key is missing stops a server, a key without one does not.
        { file: keyFile, text: privateKey, isSecret: true },
        { file: certFile, text: facts.pem, isSecret: false },
      ],
      { replace },
    );
    return { ...facts, certFile, keyFile };
  }

  return {
    find,

    async create({ commonName, organization, validityMs, keyType }) {
      if (await find()) throw hasAuthority(paths.directory);
      const { keys, privateKey } = await generateKeys(keyType, { forAuthority: true });
      const algorithm = keyType === 'ecdsa' ? ecdsa : rsa;
      const certificate = await selfSigned({ commonName, organization }, keys, algorithm, term(validityMs));
      const facts = toFacts(certificate.toString('pem'));
      await makePkiDirectory(paths);
      await writeFiles(
        [
          { file: paths.authorityKey, text: privateKey, isSecret: true },
          { file: paths.authorityCert, text: facts.pem, isSecret: false },
        ],
        { replace: false },
      );
      return facts;
    },

    issueServer: (wanted) =>
      issue({ ...wanted, stationId: '' }, { commonName: wanted.hosts[0] ?? '', hosts: wanted.hosts }),

    issueStation: (wanted) => issue(wanted, { commonName: wanted.stationId, hosts: [] }),

    async sign(csr, subject, { validityMs }) {
      const signer = await issuer();
      const { key } = await readSigningRequest(csr);
      const publicKey = key.export({ type: 'spki', format: 'der' });
      const leaf = { subject, publicKey, hosts: [] };
      return toFacts((await signLeaf(signer, leaf, term(validityMs))).toString('pem'));
    },

    async readRequest(csr) {
      const { commonName, organization, pem } = await readSigningRequest(csr);
      return { commonName, organization, pem };
    },

    async readChain(chain, csr) {
      return checkChain(chain, { ...(await readSigningRequest(csr)), now: clock.now() });
    },

    async writeRevoked(revoked, validMs) {
      const text = await signRevocationList(await issuer(), revoked, { now: clock.now(), validMs });
      const write = () => writeFiles([{ file: paths.revoked, text, isSecret: false }], { replace: true });
      const written = listing.then(write);
      listing = written.catch(() => undefined);
      await written;
      return text;
    },

    async read(pem) {
      const [certificate] = parseChain(pem);
      return { ...factsOf(certificate), isAuthority: certificate.ca };
    },

    async hashData(pem) {
      const [certificate, next] = parseChain(pem);
      const isOwn = certificate.checkIssued(certificate);
      if (!isOwn && !next) {
        throw new FleetError('USAGE', 'The certificate of whoever issued this one is needed too, behind it.');
      }
      return hashDataOf(certificate, isOwn || !next ? certificate : next);
    },
  };
}

function toFacts(pem: string): CertificateFacts {
  return factsOf(parseChain(pem)[0]);
}

/** Ids of stations and names of hosts may hold anything; a path they are not. */
function fileNameFor(kind: 'server' | 'station', name: string, keyType: KeyType): string {
  const plain = name.replaceAll(/[^A-Za-z0-9._-]+/g, '_').slice(0, 100);
  return `${kind}-${plain}-${keyType}`;
}

function noAuthority(): FleetError {
  return new FleetError('NOT_FOUND', 'This fleet has no certificate authority of its own.', {
    suggestions: ['evfleet certificate ca create --organization "Name of the operator"'],
  });
}

function hasAuthority(directory: string): FleetError {
  return new FleetError('EXISTS', `There is an authority already, in ${directory}.`, {
    suggestions: ['evfleet certificate ca show'],
  });
}
