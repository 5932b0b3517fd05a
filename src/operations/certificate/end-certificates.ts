import type { Certificate, RevocationReason } from '../../domain/certificate/certificate.js';
import type { Repositories } from '../../domain/repositories.js';

const atOnce = 100;

const reason: RevocationReason = 'cessation-of-operation';

/**
 * Whoever has what was a station's gets in with it no more. To be called before the station is deleted: who is for some
 * sites sees its certificates only while it stands there.
 * @returns those that were revoked
 */
export async function endCertificates(
  r: Repositories,
  { uuid: stationUuid, id: stationId }: { readonly uuid: string; readonly id: string },
  now: number,
): Promise<Certificate[]> {
  const filter = { stationId, kind: 'station', revoked: false, endsAfter: now } as const;
  const ended: Certificate[] = [];
  let after: Certificate | undefined;
  for (;;) {
    const page = await r.certificates.list(filter, { limit: atOnce, after });
    // Of the one that had this id before there may be some, too.
    for (const certificate of page.filter((one) => one.stationUuid === stationUuid)) {
      const { fingerprint, serial } = certificate;
      await r.certificates.update(fingerprint, { revokedAt: now, reason });
      await r.events.insert({
        ...{ at: now, receivedAt: now, stationUuid, stationId, connector: null },
        ...{ kind: 'certificate.revoked', detail: JSON.stringify({ serial, reason }) },
      });
      ended.push(certificate);
    }
    after = page.at(-1);
    if (page.length < atOnce) return ended;
  }
}
