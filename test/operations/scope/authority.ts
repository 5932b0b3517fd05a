import type {
  CertificateAuthority,
  CertificateFacts,
} from '../../../src/domain/certificate/certificate-authority.js';

/** What it says is the same in every fleet. */
const own: CertificateFacts = {
  fingerprint: 'ca',
  serial: 'ca',
  subject: 'CN=CA',
  organization: null,
  keyType: 'ecdsa',
  notBefore: 0,
  notAfter: 9_000_000_000_000,
  pem: 'PEM\n',
};

const issued = { ...own, fingerprint: 'eeff', serial: 'eeff', certFile: '/a.pem', keyFile: '/a.key' };

/** An authority that makes what it is asked for, without the trouble. */
export const stillAuthority: CertificateAuthority = {
  find: async () => own,
  create: async () => own,
  issueServer: async () => issued,
  issueStation: async () => issued,
  sign: async () => own,
  readRequest: async () => ({ commonName: 'x', organization: null, pem: 'CSR' }),
  readChain: async () => own,
  writeRevoked: async () => 'CRL',
  read: async () => ({ ...own, isAuthority: true }),
  hashData: async () => [],
};
