import type { Store } from '../repositories.js';
import type { Certificate } from './certificate.js';
import type { RevokedSerial } from './certificate-authority.js';

const pageSize = 500;

/** Revoked certificates that have not ended yet, whoever signed them. */
async function revokedCertificates(store: Store, now: number): Promise<Certificate[]> {
  const found: Certificate[] = [];
  for (;;) {
    const after = found.at(-1);
    const filter = { revoked: true, endsAfter: now };
    const page = await store.read((r) => r.certificates.list(filter, { limit: pageSize, after }));
    found.push(...page);
    if (page.length < pageSize) return found;
  }
}

/** What the list of the fleet's own authority has to say. */
export async function revokedSerials(store: Store, now: number): Promise<RevokedSerial[]> {
  const revoked = await revokedCertificates(store, now);
  return revoked.flatMap(({ origin, serial, revokedAt, reason }) =>
    origin === 'own' && revokedAt !== null ? [{ serial, revokedAt, reason: reason ?? 'unspecified' }] : [],
  );
}

/** A list is good for a week, and made anew every day: nobody goes without one when the server is down for a while. */
export const revocationListValidMs = 7 * 86_400_000;
