import { X509Certificate } from 'node:crypto';
import { FleetError } from '../../domain/errors.js';

/** @throws FleetError USAGE when this is no certificate in PEM form: TLS would then just trust nobody */
export function checkAuthority(pem: string, file: string): void {
  try {
    new X509Certificate(pem);
  } catch (error) {
    throw new FleetError(
      'USAGE',
      `--server-ca takes a file with a certificate in PEM form; ${file} is none.`,
      {
        cause: error,
      },
    );
  }
}
